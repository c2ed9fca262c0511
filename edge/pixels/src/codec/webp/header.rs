//! Reading the RIFF chunks (RFC 9649 §2.3 to §2.7).

use selvedge_plan::geometry::Size;

use crate::codec::{Form, Format, Header};
use crate::exif;
use crate::failure::Failure;
use crate::raster::Channels;

const ALPHA_FLAG: u8 = 0x10;

/// Reads size, transparency, and the orientation if its chunk is within what is given: it stands
/// behind the picture data.
pub fn probe(file: &[u8]) -> Result<Header, Failure> {
    let cut = || Failure::truncated("header");
    let mut rest = file.get(12..).ok_or_else(cut)?;
    let (kind, payload) = chunk(&mut rest).ok_or_else(cut)?;
    let (size, alpha) = match &kind {
        b"VP8 " => (lossy_size(payload)?, false),
        b"VP8L" => lossless_size(payload)?,
        b"VP8X" => extended_size(payload)?,
        _ => return Err(Failure::malformed("the first chunk holds no picture")),
    };
    let mut orientation = 1;
    if kind == *b"VP8X" {
        while let Some((kind, payload)) = chunk(&mut rest) {
            if kind == *b"EXIF" {
                let tiff = payload.strip_prefix(b"Exif\0\0").unwrap_or(payload);
                orientation = exif::orientation(tiff);
                break;
            }
        }
    }
    let header = Header {
        format: Format::Webp,
        size,
        orientation,
        form: Form::Packed(if alpha { Channels::Rgba } else { Channels::Rgb }),
        depth: 8,
        progressive: false,
    };
    header.checked()
}

/// Takes the next chunk, cut short if the file is.
fn chunk<'a>(rest: &mut &'a [u8]) -> Option<([u8; 4], &'a [u8])> {
    let (kind, after) = rest.split_first_chunk()?;
    let (length, after) = after.split_first_chunk()?;
    let length = u32::from_le_bytes(*length) as usize;
    let payload = after.get(..length.min(after.len())).unwrap_or_default();
    *rest = after.get(length.saturating_add(length & 1)..).unwrap_or_default();
    Some((*kind, payload))
}

/// The frame header of a VP8 key frame (RFC 6386 §9.1): a frame tag, a start code, two sides.
fn lossy_size(payload: &[u8]) -> Result<Size, Failure> {
    let Some(&[tag, _, _, 0x9d, 0x01, 0x2a, w0, w1, h0, h1]) = payload.first_chunk() else {
        return Err(Failure::malformed("the VP8 frame header is broken"));
    };
    if tag & 1 != 0 {
        return Err(Failure::malformed("the picture is not a VP8 key frame"));
    }
    let side = |low, high| u32::from(u16::from_le_bytes([low, high]) & 0x3fff);
    Ok(Size { width: side(w0, w1), height: side(h0, h1) })
}

/// A signature byte, 14 bits each of width and height less one, one bit of alpha (RFC 9649 §3.4).
fn lossless_size(payload: &[u8]) -> Result<(Size, bool), Failure> {
    let Some(&[0x2f, b0, b1, b2, b3]) = payload.first_chunk() else {
        return Err(Failure::malformed("the VP8L header is broken"));
    };
    let bits = u32::from_le_bytes([b0, b1, b2, b3]);
    let size = Size { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
    Ok((size, bits & (1 << 28) != 0))
}

/// Flags, three reserved bytes, 24 bits each of width and height less one (RFC 9649 §2.7).
fn extended_size(payload: &[u8]) -> Result<(Size, bool), Failure> {
    let Some(&[flags, _, _, _, w0, w1, w2, h0, h1, h2]) = payload.first_chunk() else {
        return Err(Failure::truncated("header"));
    };
    let side = |a, b, c| u32::from_le_bytes([a, b, c, 0]) + 1;
    let size = Size { width: side(w0, w1, w2), height: side(h0, h1, h2) };
    Ok((size, flags & ALPHA_FLAG != 0))
}
