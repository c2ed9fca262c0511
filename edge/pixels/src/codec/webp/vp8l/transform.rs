//! The inverse transforms, row by row (RFC 9649 §3.5).

use super::bits::Bits;
use super::image::{self, Sub};
use super::predict::{self, BLACK, add, average};
use crate::budget::zeros;
use crate::failure::Failure;

/// A transform to undo.
pub enum Transform {
    Predict {
        modes: Sub,
        /// The row above, and the first pixel of this one behind it.
        above: Vec<u32>,
    },
    Colour(Sub),
    Green,
    Index {
        palette: Vec<u32>,
        /// 2^`bits` indices are in the green of one pixel.
        bits: u32,
        width: usize,
        /// Room for a row, in which the one of the image ends up every other time.
        row: Vec<u32>,
    },
}

impl Transform {
    /// Reads the transform of kind `kind`; `size` is the image's, which it may make narrower.
    pub fn read(
        kind: u32,
        bits: &mut Bits<'_>,
        size: &mut (usize, usize),
    ) -> Result<Self, Failure> {
        match kind {
            0 => {
                let tile_bits = bits.read(3) + 2;
                let modes = Sub::read(bits, *size, tile_bits)?;
                Ok(Self::Predict { modes, above: zeros(size.0 + 1)? })
            }
            1 => {
                let tile_bits = bits.read(3) + 2;
                Ok(Self::Colour(Sub::read(bits, *size, tile_bits)?))
            }
            2 => Ok(Self::Green),
            _ => {
                let count = bits.read(8) as usize + 1;
                let mut palette = image::whole(bits, count, 1)?;
                let mut before = 0;
                for colour in &mut palette {
                    before = add(before, *colour);
                    *colour = before;
                }
                // Indices beyond the palette are transparent black.
                palette.resize(256, 0);
                let bits = match count {
                    ..=2 => 3,
                    3..=4 => 2,
                    5..=16 => 1,
                    _ => 0,
                };
                let width = size.0;
                size.0 = width.div_ceil(1 << bits);
                Ok(Self::Index { palette, bits, width, row: zeros(width)? })
            }
        }
    }

    /// Undoes the transform on row `y`. What is in `row` then is as wide as it was before the
    /// transform.
    pub fn undo(&mut self, y: usize, row: &mut Vec<u32>) {
        match self {
            Self::Predict { modes, above } => {
                if y == 0 {
                    first_row(row);
                } else {
                    unpredict(row, above, modes.row(y), modes.bits);
                }
                if let Some(place) = above.get_mut(..row.len()) {
                    place.copy_from_slice(row);
                }
            }
            Self::Colour(factors) => {
                let tiles = row.chunks_mut(1 << factors.bits);
                for (pixels, factors) in tiles.zip(factors.row(y)) {
                    uncolour(pixels, *factors);
                }
            }
            Self::Green => {
                for pixel in row {
                    let green = *pixel >> 8 & 0xff;
                    *pixel = add(*pixel, green << 16 | green);
                }
            }
            Self::Index { palette, bits, width, row: wide } => {
                let Some(palette) = palette.first_chunk::<256>() else { return };
                let colour = |index: u32| palette[index as usize & 0xff];
                if *bits == 0 {
                    for pixel in row {
                        *pixel = colour(*pixel >> 8);
                    }
                    return;
                }
                wide.resize(*width, 0);
                let depth = 8 >> *bits;
                for (pixels, packed) in wide.chunks_mut(1 << *bits).zip(row.iter()) {
                    let mut indices = *packed >> 8 & 0xff;
                    for pixel in pixels {
                        *pixel = colour(indices & ((1 << depth) - 1));
                        indices >>= depth;
                    }
                }
                core::mem::swap(wide, row);
            }
        }
    }
}

/// The first row is predicted from the left, its first pixel from black.
fn first_row(row: &mut [u32]) {
    let mut left = BLACK;
    for pixel in row {
        *pixel = add(*pixel, left);
        left = *pixel;
    }
}

/// Adds the prediction to each pixel of a row. `above` has one more.
fn unpredict(row: &mut [u32], above: &mut [u32], modes: &[u32], bits: u32) {
    let Some(first) = row.first_mut() else { return };
    *first = add(*first, above.first().copied().unwrap_or(0));
    let mut left = *first;
    // The pixel above right of the last one is the first of this row.
    if let Some(last) = above.last_mut() {
        *last = left;
    }
    let mut x = 1;
    while x < row.len() {
        let end = row.len().min(((x >> bits) + 1) << bits);
        let mode = modes.get(x >> bits).map_or(0, |mode| mode >> 8 & 15);
        // From above left of the first pixel to above right of the last one.
        let above = above.get(x - 1..=end).unwrap_or_default();
        left = tile(mode, row.get_mut(x..end).unwrap_or_default(), left, above);
        x = end;
    }
}

/// Adds predictions of one mode; gives the last pixel.
fn tile(mode: u32, row: &mut [u32], left: u32, above: &[u32]) -> u32 {
    // Corner, above, above right.
    let around = above.windows(3).map(|three| (three[0], three[1], three[2]));
    macro_rules! each {
        (|$left:ident, $corner:ident, $above:ident, $right:ident| $prediction:expr) => {{
            let mut $left = left;
            for (pixel, ($corner, $above, $right)) in row.iter_mut().zip(around) {
                let _ = ($corner, $above, $right);
                $left = add(*pixel, $prediction);
                *pixel = $left;
            }
            $left
        }};
    }
    match mode {
        1 => each!(|left, _c, _a, _r| left),
        2 => each!(|left, _c, above, _r| above),
        3 => each!(|left, _c, _a, right| right),
        4 => each!(|left, corner, _a, _r| corner),
        5 => each!(|left, _c, above, right| average(average(left, right), above)),
        6 => each!(|left, corner, _a, _r| average(left, corner)),
        7 => each!(|left, _c, above, _r| average(left, above)),
        8 => each!(|left, corner, above, _r| average(corner, above)),
        9 => each!(|left, _c, above, right| average(above, right)),
        10 => each!(|left, corner, above, right| average(
            average(left, corner),
            average(above, right)
        )),
        11 => each!(|left, corner, above, _r| predict::select(left, above, corner)),
        12 => each!(|left, corner, above, _r| predict::gradient(left, above, corner)),
        13 => each!(|left, corner, above, _r| predict::half_gradient(left, above, corner)),
        _ => each!(|left, _c, _a, _r| BLACK),
    }
}

/// Adds to red and blue what was predicted of them: `factors` holds red to blue, green to blue and
/// green to red, from its second byte down.
fn uncolour(pixels: &mut [u32], factors: u32) {
    let [green_to_red, green_to_blue, red_to_blue, _] = factors.to_le_bytes();
    for pixel in pixels {
        let [blue, green, red, alpha] = pixel.to_le_bytes();
        let red = red.wrapping_add(share(green_to_red, green));
        let blue = blue.wrapping_add(share(green_to_blue, green));
        let blue = blue.wrapping_add(share(red_to_blue, red));
        *pixel = u32::from_le_bytes([blue, green, red, alpha]);
    }
}

/// What is predicted of one channel from another, by a factor in 32nds.
#[inline(always)]
pub fn share(factor: u8, channel: u8) -> u8 {
    ((i32::from(factor as i8) * i32::from(channel as i8)) >> 5) as u8
}
