//! EXIF data that go on as they are, but for what is not true of the output: how it is turned, and what
//! it looks like in small.

use super::ORIENTATION;
use super::tiff::{SHORT, Tiff};

/// Where a thumbnail begins, and how long it is (CIPA DC-008 §4.6.9).
const THUMBNAIL: [u16; 2] = [0x0201, 0x0202];

/// Makes EXIF data upright, and drops their thumbnail. Nothing else is moved: what makers add has places
/// in it that nobody else knows.
pub fn settle(exif: &mut Vec<u8>) {
    let Some(tiff) = Tiff::new(exif) else { return };
    let orientation = tiff
        .first()
        .and_then(|first| tiff.field(first, ORIENTATION))
        .filter(|field| field.kind == SHORT && field.count == 1)
        .map(|field| (field.at, tiff.written(1)));
    let link = tiff.first().and_then(|first| tiff.end(first));
    let thumbnail = link.and_then(|link| tiff.directory(link)).and_then(|second| {
        let [at, length] = THUMBNAIL.map(|tag| tiff.field(second, tag));
        let (at, length) = (tiff.long(at?.at)?, tiff.long(length?.at)?);
        Some(at..at.checked_add(length)?)
    });
    if let Some((at, upright)) = orientation
        && let Some(place) = exif.get_mut(at..at + 2)
    {
        place.copy_from_slice(&upright);
    }
    if let Some(place) = link.and_then(|link| exif.get_mut(link..link.checked_add(4)?)) {
        place.fill(0);
    }
    // Behind the header it may lie anywhere.
    if let Some(range) = thumbnail.filter(|range| range.start >= 8) {
        if range.end >= exif.len() {
            exif.truncate(range.start);
        } else {
            exif.get_mut(range).unwrap_or_default().fill(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exif::orientation;

    /// Upside down, with a thumbnail of eight bytes and something behind it.
    fn exif(big: bool, behind: &[u8]) -> Vec<u8> {
        let short = |v: u16| if big { v.to_be_bytes() } else { v.to_le_bytes() };
        let long = |v: u32| if big { v.to_be_bytes() } else { v.to_le_bytes() };
        let mut exif = if big { b"MM\0*".to_vec() } else { b"II*\0".to_vec() };
        exif.extend(long(8));
        exif.extend([short(1), short(0x0112), short(3)].concat());
        exif.extend([long(1).as_slice(), &short(3), &short(0), &long(26)].concat());
        exif.extend([short(2), short(0x0201), short(4)].concat());
        exif.extend([long(1), long(56)].concat());
        exif.extend([short(0x0202), short(4)].concat());
        exif.extend([long(1), long(8), long(0)].concat());
        exif.extend(b"\xff\xd8thumb\xd9");
        exif.extend(behind);
        exif
    }

    #[test]
    fn what_is_not_true_of_the_output_goes() {
        for big in [true, false] {
            for behind in [&b""[..], b"more"] {
                let mut settled = exif(big, behind);
                assert_eq!(orientation(&settled), 3);
                let (before, length) = (settled.clone(), settled.len());
                settle(&mut settled);
                assert_eq!(orientation(&settled), 1);
                assert!(!settled.windows(5).any(|window| window == b"thumb"));
                let expected = if behind.is_empty() { length - 8 } else { length };
                assert_eq!(settled.len(), expected);
                assert!(settled.ends_with(if behind.is_empty() { &[0, 0, 0, 0] } else { behind }));
                assert_eq!(settled[..8], before[..8]);
            }
        }
    }

    #[test]
    fn broken_data_do_no_harm() {
        let whole = exif(true, b"more");
        for cut in 0..whole.len() {
            settle(&mut whole[..cut].to_vec());
            let mut wild = whole.clone();
            wild[cut] = 0xff;
            settle(&mut wild);
            assert!(wild.starts_with(&whole[..4]) || cut < 8);
        }
    }
}
