//! Reading the blocks up to the first frame (GIF89a §17 to §23).

use selvedge_plan::geometry::Size;

use crate::codec::{Form, Format, Header};
use crate::failure::Failure;
use crate::raster::Channels;

/// Reads the screen size, and whether the first frame leaves anything transparent.
pub fn probe(file: &[u8]) -> Result<Header, Failure> {
    let cut = || Failure::truncated("header");
    let (&[w0, w1, h0, h1, flags, _, _], rest) =
        file.get(6..).unwrap_or_default().split_first_chunk().ok_or_else(cut)?;
    let size = Size {
        width: u16::from_le_bytes([w0, w1]).into(),
        height: u16::from_le_bytes([h0, h1]).into(),
    };
    let mut rest = rest.get(palette_length(flags)..).ok_or_else(cut)?;
    let mut transparent = false;
    loop {
        let (&introducer, after) = rest.split_first().ok_or_else(cut)?;
        match introducer {
            // An extension: a label, then sub-blocks. 0xf9 is the graphic control extension.
            0x21 => {
                let (&label, mut blocks) = after.split_first().ok_or_else(cut)?;
                while let Some((&length, after)) = blocks.split_first() {
                    let (block, after) =
                        after.split_at_checked(usize::from(length)).ok_or_else(cut)?;
                    if label == 0xf9
                        && let Some(flags) = block.first()
                    {
                        transparent = flags & 1 != 0;
                    }
                    blocks = after;
                    if length == 0 {
                        break;
                    }
                }
                rest = blocks;
            }
            0x2c => {
                let Some(&[x0, x1, y0, y1, w0, w1, h0, h1, flags]) = after.first_chunk() else {
                    return Err(cut());
                };
                let side = |low, high| u32::from(u16::from_le_bytes([low, high]));
                let covers = side(x0, x1) == 0
                    && side(y0, y1) == 0
                    && side(w0, w1) >= size.width
                    && side(h0, h1) >= size.height;
                let header = Header {
                    format: Format::Gif,
                    size,
                    orientation: 1,
                    form: Form::Packed(if transparent || !covers {
                        Channels::Rgba
                    } else {
                        Channels::Rgb
                    }),
                    depth: 8,
                    progressive: flags & 0x40 != 0,
                };
                return header.checked();
            }
            0x3b => return Err(Failure::malformed("there is no frame")),
            _ => return Err(Failure::malformed("an unknown block")),
        }
    }
}

/// Bytes of the palette that follows a descriptor with these flags.
fn palette_length(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}
