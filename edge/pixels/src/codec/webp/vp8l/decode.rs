//! Decoding a VP8L stream (RFC 9649 §3).

use super::bits::Bits;
use super::image::{self, Image};
use super::transform::Transform;
use crate::budget::zeros;
use crate::failure::Failure;

/// What the header of a stream says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    pub width: u32,
    pub height: u32,
    /// Whether alpha is anything but opaque.
    pub alpha: bool,
}

/// Reads a signature byte, 14 bits each of width and height less one, one bit of alpha and three of
/// the version (RFC 9649 §3.4).
pub fn header(stream: &[u8]) -> Result<Header, Failure> {
    let bits = match stream.first_chunk() {
        Some(&[0x2f, b0, b1, b2, b3]) => u32::from_le_bytes([b0, b1, b2, b3]),
        Some(_) => return Err(Failure::malformed("the VP8L header is broken")),
        None => return Err(Failure::truncated("header")),
    };
    if bits >> 29 != 0 {
        return Err(Failure::Unsupported("a VP8L stream of another version".into()));
    }
    let side = |bits: u32| (bits & 0x3fff) + 1;
    Ok(Header { width: side(bits), height: side(bits >> 14), alpha: bits >> 28 & 1 != 0 })
}

/// Decodes a whole stream and gives its rows: pixels of alpha, red, green and blue from the top bits
/// down.
pub fn decode(
    stream: &[u8],
    give: impl FnMut(&[u32]) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let Header { width, height, .. } = header(stream)?;
    let data = stream.get(5..).unwrap_or_default();
    decode_headless(data, (width as usize, height as usize), give)
}

/// Decodes a stream without its header, as alpha planes are stored.
pub fn decode_headless(
    data: &[u8],
    mut size: (usize, usize),
    mut give: impl FnMut(&[u32]) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut bits = Bits::new(data);
    // A palette of two colours may give eight pixels more than there are.
    let mut row = zeros(size.0 + 8)?;
    let mut transforms: Vec<Transform> = Vec::new();
    let mut seen = 0_u32;
    while bits.read(1) == 1 {
        let kind = bits.read(2);
        if seen & 1 << kind != 0 {
            return Err(Failure::malformed("a transform comes twice"));
        }
        seen |= 1 << kind;
        transforms.push(Transform::read(kind, &mut bits, &mut size)?);
    }
    let mut image = Image::read(&mut bits, size, true)?;
    let mut y = 0;
    image.decode(&mut bits, &mut |coded| {
        row.clear();
        row.extend_from_slice(coded);
        for transform in transforms.iter_mut().rev() {
            transform.undo(y, &mut row);
        }
        y += 1;
        give(&row)
    })
}

/// Upper bound of what decoding allocates: the pixels within reach, some rows, the images of
/// transforms and groups, and the groups' tables.
pub fn memory(width: u64, height: u64) -> u64 {
    let pixels = width * height;
    // The smallest tiles have 16 pixels, and there may be three kinds of them.
    let tiles = width.div_ceil(4) * height.div_ceil(4);
    let tables = (64 << 10) + (pixels / 2).min(6 << 20);
    image::memory(pixels) + 5 * 4 * (width + 8) + 3 * 4 * tiles + tables
}
