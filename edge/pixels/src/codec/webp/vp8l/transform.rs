//! The inverse transforms, row by row (RFC 9649 §3.5).

use super::bits::Bits;
use super::image::{self, Sub};
use super::predict::{Around, BLACK, with_mode};
use crate::budget::zeros;
use crate::failure::Failure;
use crate::simd::U8x16;

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
        /// 2^`bits` indices are in the green of one pixel.
        bits: u32,
        /// For each green the colours that it stands for.
        colours: Vec<u32>,
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
                let bits = match count {
                    ..=2 => 3,
                    3..=4 => 2,
                    5..=16 => 1,
                    _ => 0,
                };
                let width = size.0;
                size.0 = width.div_ceil(1 << bits);
                let colours = expand(&palette, bits);
                Ok(Self::Index { bits, colours, width, row: zeros(size.0 << bits)? })
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
            Self::Index { bits, colours, width, row: wide } => {
                wide.resize(row.len() << *bits, 0);
                match *bits {
                    0 => index::<1>(row, colours, wide),
                    1 => index::<2>(row, colours, wide),
                    2 => index::<4>(row, colours, wide),
                    _ => index::<8>(row, colours, wide),
                }
                wide.truncate(*width);
                core::mem::swap(wide, row);
            }
        }
    }
}

/// The colours that each green stands for, if it holds 2^`bits` indices, the first one lowest.
/// Indices beyond the palette are transparent black.
fn expand(palette: &[u32], bits: u32) -> Vec<u32> {
    let depth = 8 >> bits;
    let index = |green: usize, place: usize| green >> (place * depth) & ((1 << depth) - 1);
    let places = |green| (0..1 << bits).map(move |place| index(green, place));
    let colour = |index| palette.get(index).copied().unwrap_or(0);
    (0..256).flat_map(places).map(colour).collect()
}

/// Puts the N colours of each green in the place of a pixel.
fn index<const N: usize>(row: &[u32], colours: &[u32], wide: &mut [u32]) {
    let Some(colours) = colours.as_chunks::<N>().0.first_chunk::<256>() else { return };
    for (pixels, packed) in wide.as_chunks_mut::<N>().0.iter_mut().zip(row) {
        *pixels = colours[(packed >> 8 & 0xff) as usize];
    }
}

/// Sums of the channels, modulo 256.
#[inline(always)]
fn add(a: u32, b: u32) -> u32 {
    let odd = (a & 0xff00_ff00).wrapping_add(b & 0xff00_ff00);
    let even = (a & 0x00ff_00ff).wrapping_add(b & 0x00ff_00ff);
    odd & 0xff00_ff00 | even & 0x00ff_00ff
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
    // The pixel above right of the last one is the first of this row.
    if let Some(last) = above.last_mut() {
        *last = *first;
    }
    let mut x = 1;
    while x < row.len() {
        let end = row.len().min(((x >> bits) + 1) << bits);
        let mode = modes.get(x >> bits).map_or(0, |mode| mode >> 8 & 15);
        // From above left of the first pixel to above right of the last one.
        let above = above.get(x - 1..=end).unwrap_or_default();
        let left = row.get(x - 1).copied().unwrap_or(BLACK);
        let row = row.get_mut(x..end).unwrap_or_default();
        with_mode!(mode, tile(row, left, above));
        x = end;
    }
}

/// Adds predictions of one mode. `above` begins at the left and ends at the right of `row`.
fn tile<const MODE: u32>(row: &mut [u32], left: u32, above: &[u32]) {
    let mut left = U8x16::load_word(&left);
    let (fours, rest) = row.as_chunks_mut::<4>();
    let mut above = above;
    for four in fours {
        let Some(around) = above.first_chunk() else { return };
        left = four_pixels::<MODE>(four, left, around);
        above = above.get(4..).unwrap_or_default();
    }
    for (pixel, around) in rest.iter_mut().zip(above.array_windows()) {
        left = one_pixel::<MODE>(pixel, left, around);
    }
}

/// Adds predictions to four pixels, from the pixel at the left and from those above, which begin at
/// the left of the first and end at the right of the last one. Gives the last pixel; of it and the
/// one at the left the first word counts.
#[inline(always)]
fn four_pixels<const MODE: u32>(four: &mut [u32; 4], left: U8x16, around: &[u32; 6]) -> U8x16 {
    let &[a, b, c, d, e, f] = around;
    let [corner, above, right] = [[a, b, c, d], [b, c, d, e], [c, d, e, f]];
    let [corner, above, right] = [&corner, &above, &right].map(U8x16::load_words);
    let residuals = U8x16::load_words(four);
    let pixels = match MODE {
        // Sums from the left on.
        1 => residuals.sums_of_words().add(left.first_word_everywhere()),
        // No pixel depends on the one at its left.
        0 | 2 | 3 | 4 | 8 | 9 => {
            let around = Around { left: corner, above, corner, right };
            residuals.add(around.predict::<MODE, true>())
        }
        // Where all is of one colour, so is what is predicted: this is most of many drawings.
        _ if is_flat(residuals, left.first_word_everywhere(), corner, right) => {
            left.first_word_everywhere()
        }
        _ => {
            let mut left = left;
            for (pixel, around) in four.iter_mut().zip(around.array_windows()) {
                left = one_pixel::<MODE>(pixel, left, around);
            }
            return left;
        }
    };
    pixels.store_words(four);
    pixels.last_word_first()
}

/// Whether four pixels are predicted from one colour alone, and are of that.
#[inline(always)]
fn is_flat(residuals: U8x16, left: U8x16, corner: U8x16, right: U8x16) -> bool {
    residuals.or(corner.xor(left)).or(right.xor(left)).is_zero()
}

/// Adds the prediction to a pixel, from the one at the left and three above. Gives the pixel; of it
/// and the one at the left the first word counts.
#[inline(always)]
fn one_pixel<const MODE: u32>(pixel: &mut u32, left: U8x16, around: &[u32; 3]) -> U8x16 {
    let [corner, above, right] = [0, 1, 2].map(|i| U8x16::load_word(&around[i]));
    let prediction = Around { left, above, corner, right }.predict::<MODE, false>();
    let sum = U8x16::load_word(pixel).add(prediction);
    *pixel = sum.word();
    sum
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
