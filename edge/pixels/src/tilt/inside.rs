//! The inside of a turned picture that is opaque: most of its pixels, and the same four rows of four
//! pixels for each of them, without a look at edges or at alpha.

use crate::simd::{I16x8, I32x4};

/// Places between two samples that weights are kept for.
const PLACES: usize = 256;

/// Fractional bits of a weight, and of what is filtered across.
const WEIGHT_BITS: u32 = 14;
const ACROSS_BITS: u32 = 6;

/// Fractional bits of a position.
pub const POSITION_BITS: u32 = 32;

/// The weights of the splines, for every place.
pub struct Splines {
    /// Of the first two and of the last two samples, in turns.
    weights: Vec<[[i16; 8]; 2]>,
}

impl Splines {
    /// Catmull-Rom's.
    pub fn new() -> Self {
        let weights = (0..PLACES as i32).map(|place| {
            let [a, b, c, d] = weights(place);
            [[a, b, a, b, a, b, a, b], [c, d, c, d, c, d, c, d]]
        });
        Self { weights: weights.collect() }
    }

    /// The pixel at a position, in samples right of and below the middle of the first one; `None` if
    /// it takes some that are not there.
    #[inline(always)]
    pub fn pixel(&self, samples: &[u8], width: usize, (x, y): (i64, i64)) -> Option<[u8; 4]> {
        let left = usize::try_from((x >> POSITION_BITS) - 1).ok()?;
        let top = usize::try_from((y >> POSITION_BITS) - 1).ok()?;
        if left + 4 > width {
            return None;
        }
        let place = |at: i64| (at >> (POSITION_BITS - PLACES.ilog2())) as usize % PLACES;
        let [a, b] = self.weights.get(place(x))?;
        let (a, b) = (I16x8::load(a), I16x8::load(b));
        let half = I32x4::splat(1 << (WEIGHT_BITS - ACROSS_BITS - 1));
        let at = |row: usize| ((top + row) * width + left) * 4;
        let across = |row: usize| -> Option<I32x4> {
            let pixels: &[u8; 16] = samples.get(at(row)..)?.first_chunk()?;
            let two = |from: usize| pixels.get(from..)?.first_chunk().map(I16x8::load_bytes);
            let (first, second, third) = (two(0)?, two(4)?, two(8)?);
            let sum = first.interleave_low(second).dot(a).add(second.interleave_high(third).dot(b));
            Some(sum.add(half).shr(WEIGHT_BITS - ACROSS_BITS))
        };
        // The last one first, since it tells whether the others are there.
        let last = across(3)?;
        let (even, odd) = (across(0)?.narrow(across(2)?), across(1)?.narrow(last));
        let [a, b] = self.weights.get(place(y))?;
        let sum = even
            .interleave_low(odd)
            .dot(I16x8::load(a))
            .add(even.interleave_high(odd).dot(I16x8::load(b)));
        let half = I32x4::splat(1 << (WEIGHT_BITS + ACROSS_BITS - 1));
        let rounded = sum.add(half).shr(WEIGHT_BITS + ACROSS_BITS);
        let mut bytes = [0; 8];
        rounded.narrow(rounded).store_bytes(&mut bytes);
        bytes.first_chunk().copied()
    }
}

/// The weights of the two samples before a place and the two after it, which sum up to one.
fn weights(place: i32) -> [i16; 4] {
    // Powers of the place, as fractions of 24 bits.
    let (once, squared, cubed) = (place << 16, (place * place) << 8, place * place * place);
    let twice = [
        2 * squared - once - cubed,
        (2 << 24) - 5 * squared + 3 * cubed,
        once + 4 * squared - 3 * cubed,
        cubed - squared,
    ];
    let [a, b, c, d] = twice.map(|weight| ((weight + (1 << 10)) >> 11) as i16);
    let rest = (1 << WEIGHT_BITS) - (a + b + c + d);
    if place < PLACES as i32 / 2 { [a, b + rest, c, d] } else { [a, b, c + rest, d] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_those_of_the_splines() {
        for place in 0..PLACES as i32 {
            let got = weights(place);
            let t = place as f32 / PLACES as f32;
            for (got, exact) in got.into_iter().zip(super::super::spline(t)) {
                assert!((f32::from(got) / 16_384.0 - exact).abs() < 1e-4, "{place}: {got} {exact}");
            }
            assert_eq!(got.into_iter().sum::<i16>(), 1 << WEIGHT_BITS);
        }
    }

    #[test]
    fn what_is_not_all_there_is_left_out() {
        let splines = Splines::new();
        let samples: Vec<u8> = (0..5 * 6 * 4).collect();
        let at =
            |x: i64, y: i64| splines.pixel(&samples, 5, (x << POSITION_BITS, y << POSITION_BITS));
        // On a sample it is that sample.
        assert_eq!(at(1, 1), Some([24, 25, 26, 27]));
        assert_eq!(at(2, 3), Some([68, 69, 70, 71]));
        for (x, y) in [(0, 1), (1, 0), (3, 1), (1, 4), (-1, 1), (1, 9)] {
            assert_eq!(at(x, y), None, "{x} {y}");
        }
    }
}
