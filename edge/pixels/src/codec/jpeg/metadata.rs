//! EXIF, XMP and ICC profiles in application segments (CIPA DC-008 §4.7.2; ISO 16684-3 §1.1.3; ICC.1:2022
//! annex B.4).

use super::header::{Segment, Segments};
use super::icc;
use crate::failure::Failure;
use crate::metadata::{Metadata, inserted};

const APP0: u8 = 0xe0;
const APP1: u8 = 0xe1;
const APP2: u8 = 0xe2;
const SOS: u8 = 0xda;

/// What EXIF data begin with.
pub const EXIF: &[u8] = b"Exif\0\0";
/// What XMP begins with.
const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";

/// Most bytes of a segment's payload.
const LONGEST: usize = 65_533;

/// Finds EXIF and XMP before the picture, of each the first.
pub fn find(file: &[u8]) -> Metadata<'_> {
    let mut found = Metadata::default();
    let mut segments = Segments::new(file);
    while let Ok(Some(Segment { marker, payload })) = segments.next() {
        match marker {
            APP1 => {
                found.exif = found.exif.or(payload.strip_prefix(EXIF));
                found.xmp = found.xmp.or(payload.strip_prefix(XMP));
            }
            SOS => break,
            _ => {}
        }
    }
    found
}

/// Puts metadata behind the first segment of a file of ours, where readers look for them.
///
/// # Errors
/// [`Failure::OverBudget`].
pub fn attach(file: Vec<u8>, metadata: &Metadata<'_>) -> Result<Vec<u8>, Failure> {
    let mut segments = Segments::new(&file);
    let first = segments.next()?;
    let at = if first.is_some_and(|first| first.marker == APP0) { segments.at() } else { 2 };
    let mut parts = Vec::new();
    let named = [(EXIF, metadata.exif), (XMP, metadata.xmp)];
    for (name, payload) in named {
        let payload = payload.filter(|payload| name.len() + payload.len() <= LONGEST);
        parts.extend(payload.map(|payload| segment(APP1, &[name, payload])));
    }
    let pieces: Vec<&[u8]> =
        metadata.icc.unwrap_or_default().chunks(LONGEST - icc::SIGNATURE.len() - 2).collect();
    // Numbers from 1 on; the profile is short enough for them.
    let count = pieces.len() as u8;
    for (number, piece) in (1..=count).zip(pieces) {
        parts.push(segment(APP2, &[icc::SIGNATURE, &[number, count], piece]));
    }
    inserted(&file, at, &parts)
}

fn segment(marker: u8, payload: &[&[u8]]) -> Vec<u8> {
    let length = 2 + payload.iter().map(|part| part.len()).sum::<usize>() as u16;
    let head = [&[0xff, marker], length.to_be_bytes().as_slice()].concat();
    [&[head.as_slice()], payload].concat().concat()
}
