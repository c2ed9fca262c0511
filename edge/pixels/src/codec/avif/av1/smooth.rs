//! Smooth prediction (AV1 §7.11.2.6): between the edges and what is guessed to be at the other
//! ends.

use super::border::{BEFORE, Border};
use super::lines::fill;
use crate::simd::{I16x8, I32x4, U8x16};

/// How much the nearer edge weighs, in 256ths, by the distance from it (`Sm_Weights_Tx_…`), for
/// sides of 4, 8, 16 and 32.
#[rustfmt::skip]
const WEIGHTS: [[i16; 32]; 4] = [
    [
        255, 149, 85, 64, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ],
    [
        255, 197, 146, 105, 73, 50, 37, 32, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ],
    [
        255, 225, 196, 170, 145, 123, 102, 84, 68, 54, 43, 33, 26, 20, 17, 16,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ],
    [
        255, 240, 225, 210, 196, 182, 169, 157, 145, 133, 122, 111, 101, 92, 83, 74,
        66, 59, 52, 45, 39, 34, 29, 25, 21, 17, 14, 12, 10, 9, 8, 8,
    ],
];

/// Between above and the lowest sample at the left, and between the left and the last sample above:
/// one of them, or the mean of both.
#[inline(always)]
pub fn predict<const LOG2: usize>(
    is_vertical: bool,
    is_horizontal: bool,
    border: &Border,
    out: &mut [u8],
    stride: usize,
) {
    let side = 1 << LOG2;
    let at = |edge: &[u8], i: usize| i16::from(edge.get(BEFORE + i).copied().unwrap_or_default());
    let (below, right) = (at(&border.left, side - 1), at(&border.above, side - 1));
    let weights = &WEIGHTS[LOG2 - 2];
    // A sample is `below` and `right`, plus weighted differences from them: pairs of a dot product.
    let mut columns = [I16x8::splat(0); 8];
    let above = border.above.as_chunks::<8>().0.iter().skip(BEFORE / 8);
    let eights = above.zip(weights.as_chunks::<8>().0);
    for (pairs, (above, weights)) in columns.as_chunks_mut::<2>().0.iter_mut().zip(eights) {
        let (above, weights) = (I16x8::load_bytes(above), I16x8::load(weights));
        let above = above.sub(I16x8::splat(below));
        *pairs = [above.interleave_low(weights), above.interleave_high(weights)];
    }
    // A mean of two has half of each one's weight.
    let scale = if is_vertical && is_horizontal { 1 } else { 2 };
    let (vertical, horizontal) = (i16::from(is_vertical), i16::from(is_horizontal));
    let (vertical, horizontal) = (vertical * scale, horizontal * scale);
    let ends = i32::from(below * vertical) + i32::from(right * horizontal);
    let base = I32x4::splat((ends + 1) << 8);
    fill::<LOG2>(out, stride, |y, x| {
        let four = |i: usize| {
            let (y, x) = (y + ((i * 4) >> LOG2), (x + i * 4) % side);
            let weight = weights.get(y).copied().unwrap_or_default() * vertical;
            let left = (at(&border.left, y) - right) * horizontal;
            let pairs = columns.get(x / 4).copied().unwrap_or(I16x8::splat(0));
            pairs.dot(I16x8::splat_pair(weight, left)).add(base).shr(9)
        };
        U8x16::narrow(four(0).narrow(four(1)), four(2).narrow(four(3)))
    });
}
