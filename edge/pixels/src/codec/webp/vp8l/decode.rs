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

/// A stream being decoded.
pub struct Decoder<'a> {
    bits: Bits<'a>,
    transforms: Vec<Transform>,
    image: Image,
    row: Vec<u32>,
    /// The next row.
    y: usize,
}

impl<'a> Decoder<'a> {
    /// Begins to decode a stream.
    ///
    /// # Errors
    /// [`Failure::Truncated`], [`Failure::Malformed`] or [`Failure::OverBudget`].
    pub fn new(stream: &'a [u8]) -> Result<Self, Failure> {
        let Header { width, height, .. } = header(stream)?;
        let data = stream.get(5..).unwrap_or_default();
        Self::headless(data, (width as usize, height as usize))
    }

    /// Begins to decode a stream without its header, as alpha planes are stored.
    pub fn headless(data: &'a [u8], mut size: (usize, usize)) -> Result<Self, Failure> {
        let mut bits = Bits::new(data);
        // A palette of two colours may give eight pixels more than there are.
        let row = zeros(size.0 + 8)?;
        let mut transforms = Vec::new();
        let mut seen = 0_u32;
        while bits.read(1) == 1 {
            let kind = bits.read(2);
            if seen & 1 << kind != 0 {
                return Err(Failure::malformed("a transform comes twice"));
            }
            seen |= 1 << kind;
            transforms.push(Transform::read(kind, &mut bits, &mut size)?);
        }
        let image = Image::read(&mut bits, size, true)?;
        Ok(Self { bits, transforms, image, row, y: 0 })
    }

    /// Decodes the next row: pixels of alpha, red, green and blue from the top bits down.
    ///
    /// # Errors
    /// [`Failure::Truncated`] or [`Failure::Malformed`].
    pub fn next_row(&mut self) -> Result<&[u32], Failure> {
        let coded = self.image.next_row(&mut self.bits)?;
        self.row.clear();
        self.row.extend_from_slice(coded);
        for transform in self.transforms.iter_mut().rev() {
            transform.undo(self.y, &mut self.row);
        }
        self.y += 1;
        Ok(&self.row)
    }
}

/// Upper bound of what decoding allocates: the pixels within reach, some rows, the images of
/// transforms and groups, and the groups' tables.
pub fn memory(width: u64, height: u64) -> u64 {
    let pixels = width * height;
    // The smallest tiles have 16 pixels, and there may be three kinds of them.
    let tiles = width.div_ceil(4) * height.div_ceil(4);
    let tables = (64 << 10) + (pixels / 2).min(6 << 20);
    image::memory(pixels, tiles) + 5 * 4 * (width + 8) + 3 * 4 * tiles + tables
}
