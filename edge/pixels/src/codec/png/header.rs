//! Reading the chunks before the picture data (PNG §5, §11).

use selvedge_plan::geometry::Size;

use crate::codec::{Form, Format, Header};
use crate::exif;
use crate::failure::Failure;
use crate::raster::Channels;

/// The eight bytes that every file begins with.
pub const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Reads size, colour type, transparency and orientation.
pub fn probe(file: &[u8]) -> Result<Header, Failure> {
    let mut rest = file.get(SIGNATURE.len()..).unwrap_or_default();
    let (kind, ihdr) = chunk(&mut rest)?;
    let Some(&[w3, w2, w1, w0, h3, h2, h1, h0, depth, colour, _, _, interlace]) =
        ihdr.first_chunk().filter(|_| kind == *b"IHDR" && ihdr.len() == 13)
    else {
        return Err(Failure::malformed("the first chunk is not IHDR"));
    };
    let mut transparent = false;
    let mut orientation = 1;
    // A head may be cut inside a long chunk before the data: what was not seen counts as absent.
    while let Ok((kind, payload)) = chunk(&mut rest) {
        match &kind {
            b"tRNS" => transparent = true,
            b"eXIf" => orientation = exif::orientation(payload),
            b"IDAT" | b"IEND" => break,
            _ => {}
        }
    }
    let channels = match (colour, transparent) {
        (0, false) => Channels::Grey,
        (0, true) | (4, _) => Channels::GreyAlpha,
        (2 | 3, false) => Channels::Rgb,
        (2 | 3, true) | (6, _) => Channels::Rgba,
        _ => return Err(Failure::malformed(format!("colour type {colour}"))),
    };
    let header = Header {
        format: Format::Png,
        size: Size {
            width: u32::from_be_bytes([w3, w2, w1, w0]),
            height: u32::from_be_bytes([h3, h2, h1, h0]),
        },
        orientation,
        form: Form::Packed(channels),
        depth,
        progressive: interlace != 0,
    };
    header.checked()
}

/// Takes the next chunk: its type and payload. The last one of a cut file is no chunk.
fn chunk<'a>(rest: &mut &'a [u8]) -> Result<([u8; 4], &'a [u8]), Failure> {
    let cut = || Failure::truncated("header");
    let (length, after) = rest.split_first_chunk().ok_or_else(cut)?;
    let (kind, after) = after.split_first_chunk().ok_or_else(cut)?;
    let length = u32::from_be_bytes(*length) as usize;
    // The data chunk only has to begin.
    let payload = after.get(..if kind == b"IDAT" { 0 } else { length }).ok_or_else(cut)?;
    *rest = after.get(length.saturating_add(4)..).unwrap_or_default();
    Ok((*kind, payload))
}
