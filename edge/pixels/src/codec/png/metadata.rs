//! EXIF, XMP and ICC profiles in chunks (PNG third edition §11.3.2.3, §11.3.3.4, §11.3.4.4).

use super::chunks::{Chunks, Kind};
use super::crc::Crc;
use crate::failure::Failure;
use crate::metadata::{Metadata, inserted};

/// What a text is called that is XMP, not compressed, of no language (ISO 16684-3 §1.1.5).
const XMP: &[u8] = b"XML:com.adobe.xmp\0\0\0\0\0";

/// Where the second chunk of a file begins: behind the signature and `IHDR`.
const SECOND: usize = 8 + 12 + 13;

/// Most bytes of a block that is not compressed (RFC 1951 §3.2.4).
const BLOCK: usize = 65_535;

/// Finds EXIF and XMP, of each the first; some writers put them behind the picture.
pub fn find(file: &[u8]) -> Metadata<'_> {
    let crc = Crc::new();
    let mut found = Metadata::default();
    for chunk in Chunks::new(file) {
        let payload = || chunk.intact(&crc).ok();
        match &chunk.kind {
            b"eXIf" => found.exif = found.exif.or_else(payload),
            b"iTXt" => found.xmp = found.xmp.or_else(|| payload()?.strip_prefix(XMP)),
            _ => {}
        }
    }
    found
}

/// Puts metadata behind the first chunk of a file of ours.
///
/// # Errors
/// [`Failure::OverBudget`].
pub fn attach(file: Vec<u8>, metadata: &Metadata<'_>) -> Result<Vec<u8>, Failure> {
    let crc = Crc::new();
    let Metadata { icc, exif, xmp, .. } = *metadata;
    let mut parts = Vec::new();
    // A name of no meaning, and the only method.
    parts.extend(
        icc.map(|icc| chunk(b"iCCP", &[b"icc\0\0", stored(icc).as_slice()].concat(), &crc)),
    );
    parts.extend(exif.map(|exif| chunk(b"eXIf", exif, &crc)));
    parts.extend(xmp.map(|xmp| chunk(b"iTXt", &[XMP, xmp].concat(), &crc)));
    inserted(&file, SECOND, &parts)
}

fn chunk(kind: &Kind, payload: &[u8], crc: &Crc) -> Vec<u8> {
    let length = (payload.len() as u32).to_be_bytes();
    let sum = crc.of(&[kind, payload]).to_be_bytes();
    [&length, kind.as_slice(), payload, &sum].concat()
}

/// A zlib stream that compresses nothing (RFC 1950 §2.2): profiles that are kept are short.
fn stored(bytes: &[u8]) -> Vec<u8> {
    let mut stream = vec![0x78, 0x01];
    let blocks = bytes.len().div_ceil(BLOCK);
    for (index, block) in (1..).zip(bytes.chunks(BLOCK)) {
        let length = block.len() as u16;
        stream.push(u8::from(index == blocks));
        stream.extend(length.to_le_bytes());
        stream.extend((!length).to_le_bytes());
        stream.extend(block);
    }
    let (low, high) = bytes.iter().fold((1, 0), |(low, high): (u32, u32), byte| {
        let low = (low + u32::from(*byte)) % 65_521;
        (low, (high + low) % 65_521)
    });
    stream.extend((high << 16 | low).to_be_bytes());
    stream
}
