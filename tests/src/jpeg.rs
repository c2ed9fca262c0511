//! JPEG files taken apart and put together (ITU-T T.81 §B.1): a marker where a test wants one.

use std::ops::Range;

/// A segment with its marker, length and payload.
pub fn segment(marker: u8, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len() + 2).unwrap_or(u16::MAX);
    [&[0xff, marker], length.to_be_bytes().as_slice(), payload].concat()
}

/// The file with more bytes behind its first marker.
pub fn behind_start(file: &[u8], more: &[u8]) -> Vec<u8> {
    spliced(file, 2..2, more)
}

/// The file with other bytes in a place.
pub fn spliced(file: &[u8], place: Range<usize>, other: &[u8]) -> Vec<u8> {
    let before = file.get(..place.start).unwrap_or(file);
    let after = file.get(place.end..).unwrap_or_default();
    [before, other, after].concat()
}

/// Where the first segment of a marker is, marker and length included, if it stands before the first
/// data.
pub fn place(file: &[u8], marker: u8) -> Option<Range<usize>> {
    let mut at = 2;
    loop {
        let [_, found, high, low] = *file.get(at..)?.first_chunk()?;
        let end = at + 2 + usize::from(u16::from_be_bytes([high, low]));
        if found == marker {
            return Some(at..end);
        }
        if found == 0xda {
            return None;
        }
        at = end;
    }
}

/// Where the coded data of the first scan is, restart markers included.
pub fn data(file: &[u8]) -> Option<Range<usize>> {
    let start = place(file, 0xda)?.end;
    let length = file.get(start..)?.windows(2).position(ends_data)?;
    Some(start..start + length)
}

/// Where each restart marker of the first scan is.
pub fn restarts(file: &[u8]) -> Vec<usize> {
    let Some(range) = data(file) else { return Vec::new() };
    let start = range.start;
    let pairs = file.get(range).unwrap_or_default().windows(2).enumerate();
    let found = pairs.filter(|(_, pair)| pair[0] == 0xff && (0xd0..=0xd7).contains(&pair[1]));
    found.map(|(at, _)| start + at).collect()
}

/// Where each scan is, from the marker of its header to the end of its data.
pub fn scans(file: &[u8]) -> Vec<Range<usize>> {
    let mut scans = Vec::new();
    let mut at = place(file, 0xda).map_or(file.len(), |scan| scan.start);
    while let Some([0xff, marker, high, low]) = file.get(at..).and_then(|rest| rest.first_chunk()) {
        let start = at;
        at += 2 + usize::from(u16::from_be_bytes([*high, *low]));
        if *marker == 0xda {
            let rest = file.get(at..).unwrap_or_default();
            at += rest.windows(2).position(ends_data).unwrap_or(rest.len());
            scans.push(start..at);
        }
    }
    scans
}

/// Whether two bytes are a marker that is no part of a scan.
fn ends_data(pair: &[u8]) -> bool {
    pair[0] == 0xff && !matches!(pair[1], 0x00 | 0xd0..=0xd7 | 0xff)
}
