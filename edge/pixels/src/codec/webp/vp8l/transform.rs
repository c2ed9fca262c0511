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
    let mut done = 0;
    if !matches!(MODE, 1 | 5 | 6 | 7 | 10..=13) {
        // No pixel depends on the one at its left.
        let (fours, _) = row.as_chunks_mut::<4>();
        done = fours.len() * 4;
        let mut corners = above.as_chunks::<4>().0.iter();
        let aboves = above.get(1..).unwrap_or_default().as_chunks::<4>().0;
        let rights = above.get(2..).unwrap_or_default().as_chunks::<4>().0;
        for ((four, above), right) in fours.iter_mut().zip(aboves).zip(rights) {
            let Some(corner) = corners.next() else { break };
            let [above, corner, right] = [above, corner, right].map(U8x16::load_words);
            let prediction = Around { left: corner, above, corner, right };
            let prediction = prediction.predict::<MODE, true>();
            U8x16::load_words(four).add(prediction).store_words(four);
        }
    }
    let mut left = U8x16::load_word(&left);
    let around = above.windows(3).skip(done);
    for (pixel, around) in row.iter_mut().skip(done).zip(around) {
        let [corner, above, right] = [0, 1, 2].map(|i| U8x16::load_word(&around[i]));
        let prediction = Around { left, above, corner, right }.predict::<MODE, false>();
        left = U8x16::load_word(pixel).add(prediction);
        *pixel = left.word();
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
