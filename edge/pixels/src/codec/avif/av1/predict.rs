//! Intra prediction (AV1 §7.11.2): what a block looks like, guessed from the samples around it.

use super::Mode;
use super::border::{BEFORE, Border, LENGTH};
use super::lines::fill;
use super::{directional, smooth};
use crate::simd::U8x16;

/// Predicts a block with sides of 2^`log2` (2 to 5) into the first of `out`'s rows, which are
/// `stride` apart. `delta` is -3 to 3, of use to directional modes alone. [`Mode::FromLuma`] is as
/// [`Mode::Dc`], to which [`super::luma::Luma`] adds the rest.
pub fn predict(mode: Mode, delta: i8, log2: usize, border: &Border, out: &mut [u8], stride: usize) {
    match log2 {
        2 => predict_of::<2>(mode, delta, border, out, stride),
        3 => predict_of::<3>(mode, delta, border, out, stride),
        4 => predict_of::<4>(mode, delta, border, out, stride),
        _ => predict_of::<5>(mode, delta, border, out, stride),
    }
}

fn predict_of<const LOG2: usize>(
    mode: Mode,
    delta: i8,
    border: &Border,
    out: &mut [u8],
    stride: usize,
) {
    match (mode, delta) {
        (Mode::Dc | Mode::FromLuma, _) => {
            let mean = U8x16::splat(mean(1 << LOG2, border));
            fill::<LOG2>(out, stride, |_, _| mean);
        }
        (Mode::Vertical, 0) => {
            let above = across::<LOG2>(&border.above);
            fill::<LOG2>(out, stride, |_, x| above[x / 16]);
        }
        (Mode::Horizontal, 0) => fill::<LOG2>(out, stride, |y, _| down::<LOG2>(&border.left, y)),
        (Mode::Paeth, _) => paeth::<LOG2>(border, out, stride),
        (Mode::Smooth, _) => smooth::predict::<LOG2>(true, true, border, out, stride),
        (Mode::SmoothVertical, _) => smooth::predict::<LOG2>(true, false, border, out, stride),
        (Mode::SmoothHorizontal, _) => smooth::predict::<LOG2>(false, true, border, out, stride),
        _ => directional::predict::<LOG2>(mode, delta, border, out, stride),
    }
}

/// An edge's first samples as [`fill`]'s, for columns from 0 and from 16 on, if they are by column.
#[inline(always)]
fn across<const LOG2: usize>(edge: &[u8; LENGTH]) -> [U8x16; 2] {
    let eights = edge.as_chunks::<16>().0;
    let [_, first, second, ..] = eights else { return [U8x16::splat(0); 2] };
    let first = U8x16::load(first);
    match LOG2 {
        2 => [first.first_word_everywhere(); 2],
        3 => [first.pick::<0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7>(first); 2],
        _ => [first, U8x16::load(second)],
    }
}

/// An edge's samples from `y` on as [`fill`]'s, if they are by row.
#[inline(always)]
fn down<const LOG2: usize>(edge: &[u8; LENGTH], y: usize) -> U8x16 {
    let at = |y: usize| edge.get(BEFORE + y).copied().unwrap_or_default();
    match LOG2 {
        2 => {
            let lanes = [at(y), at(y + 1), at(y + 2), at(y + 3)];
            let lanes = U8x16::load_word(&u32::from_le_bytes(lanes));
            lanes.pick::<0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3>(lanes)
        }
        3 => {
            let (upper, lower) = (U8x16::splat(at(y)), U8x16::splat(at(y + 1)));
            upper.pick::<0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23>(lower)
        }
        _ => U8x16::splat(at(y)),
    }
}

/// The mean of the edges that there are (AV1 §7.11.2.5).
fn mean(side: usize, border: &Border) -> u8 {
    let sum = |edge: &[u8; LENGTH]| -> u32 {
        edge.iter().skip(BEFORE).take(side).map(|sample| u32::from(*sample)).sum()
    };
    let (sum, count) = match (border.has_above, border.has_left) {
        (true, true) => (sum(&border.above) + sum(&border.left), 2 * side),
        (true, false) => (sum(&border.above), side),
        (false, true) => (sum(&border.left), side),
        (false, false) => return 128,
    };
    ((sum + count as u32 / 2) >> count.trailing_zeros()) as u8
}

/// Whichever of the three neighbours is nearest to what the gradient says: left, above and corner,
/// if two are as near (AV1 §7.11.2.2).
#[inline(always)]
fn paeth<const LOG2: usize>(border: &Border, out: &mut [u8], stride: usize) {
    let corner = U8x16::splat(border.above[BEFORE - 1]);
    // The distance of the left sample is by how much the one above differs from the corner, and the
    // other way round.
    let columns = across::<LOG2>(&border.above)
        .map(|above| (above, above.difference(corner), corner.at_most(above)));
    fill::<LOG2>(out, stride, |y, x| {
        let (above, to_left, rises) = columns[x / 16];
        let left = down::<LOG2>(&border.left, y);
        let to_above = left.difference(corner);
        // That of the corner is their sum if both rise or both fall. More than 255 is as far as can
        // be.
        let alike = rises.xor(corner.at_most(left)).not();
        let to_corner =
            alike.choose(to_left.add_saturating(to_above), to_left.difference(to_above));
        let is_left = to_left.at_most(to_above).and(to_left.at_most(to_corner));
        is_left.choose(left, to_above.at_most(to_corner).choose(above, corner))
    });
}

#[cfg(test)]
mod tests {
    use super::super::border::Area;
    use super::super::tests::sample;
    use super::*;

    /// AV1 §7.11.2.2 to §7.11.2.6, sample by sample; `above` and `left` begin with the corner.
    fn reference(mode: Mode, delta: i8, log2: usize, border: &Border) -> Vec<u8> {
        let side = 1 << log2;
        let edge = |edge: &[u8; LENGTH], i: i32| i32::from(edge[(BEFORE as i32 + i) as usize]);
        let (above, left) = (|i| edge(&border.above, i), |i| edge(&border.left, i));
        let corner = above(-1);
        let weights = |i: i32| {
            [
                &[255, 149, 85, 64][..],
                &[255, 197, 146, 105, 73, 50, 37, 32],
                &[255, 225, 196, 170, 145, 123, 102, 84, 68, 54, 43, 33, 26, 20, 17, 16],
                &[
                    255, 240, 225, 210, 196, 182, 169, 157, 145, 133, 122, 111, 101, 92, 83, 74,
                    66, 59, 52, 45, 39, 34, 29, 25, 21, 17, 14, 12, 10, 9, 8, 8,
                ],
            ][log2 - 2][i as usize]
        };
        let (below, right) = (left(side - 1), above(side - 1));
        let vertical = |y, x| weights(y) * above(x) + (256 - weights(y)) * below;
        let horizontal = |y, x| weights(x) * left(y) + (256 - weights(x)) * right;
        let angles = [0, 90, 180, 45, 135, 113, 157, 203, 67];
        let directional = |y: i32, x: i32| {
            let angle = angles[mode as usize] + 3 * i32::from(delta);
            let mix = |at: &dyn Fn(i32) -> i32, base: i32, place: i32| {
                let part = place >> 1 & 31;
                (at(base) * (32 - part) + at(base + 1) * part + 16) >> 5
            };
            if angle < 90 {
                let place = (y + 1) * directional::step(angle);
                let base = (place >> 6) + x;
                let last = 2 * side - 1;
                if base < last { mix(&above, base, place) } else { above(last) }
            } else if angle == 90 {
                above(x)
            } else if angle == 180 {
                left(y)
            } else if angle < 180 {
                let place = (x << 6) - (y + 1) * directional::step(180 - angle);
                if place >> 6 >= -1 {
                    mix(&above, place >> 6, place)
                } else {
                    let place = (y << 6) - (x + 1) * directional::step(angle - 90);
                    mix(&left, place >> 6, place)
                }
            } else {
                let place = (x + 1) * directional::step(270 - angle);
                mix(&left, (place >> 6) + y, place)
            }
        };
        let (has_above, has_left) = (border.has_above, border.has_left);
        let value = |y: i32, x: i32| match mode {
            Mode::Dc | Mode::FromLuma => {
                let sum = |has: bool, at: &dyn Fn(i32) -> i32| {
                    if has { (0..side).map(at).sum() } else { 0 }
                };
                let count = side * (i32::from(has_above) + i32::from(has_left));
                let sum: i32 = sum(has_above, &above) + sum(has_left, &left);
                (sum + count / 2).checked_div(count).unwrap_or(128)
            }
            Mode::Smooth => (vertical(y, x) + horizontal(y, x) + 256) >> 9,
            Mode::SmoothVertical => (vertical(y, x) + 128) >> 8,
            Mode::SmoothHorizontal => (horizontal(y, x) + 128) >> 8,
            Mode::Paeth => {
                let base = above(x) + left(y) - corner;
                let far = |value: i32| (base - value).abs();
                let (to_left, to_above) = (far(left(y)), far(above(x)));
                if to_left <= to_above && to_left <= far(corner) {
                    left(y)
                } else if to_above <= far(corner) {
                    above(x)
                } else {
                    corner
                }
            }
            _ => directional(y, x),
        };
        (0..side * side).map(|i| value(i >> log2, i % side) as u8).collect()
    }

    #[test]
    fn blocks_are_predicted_as_defined() {
        let mut state = 11;
        for round in 0..24_usize {
            let samples: Vec<u8> = (0..128 * 128)
                .map(|i| match round % 3 {
                    0 => sample(&mut state),
                    1 => (i % 128 + i / 128) as u8 ^ sample(&mut state) & 3,
                    _ => {
                        if sample(&mut state) < 128 {
                            0
                        } else {
                            255
                        }
                    }
                })
                .collect();
            let area = Area::new(128, 128, 0);
            for log2 in 2..6 {
                let side = 1 << log2;
                let stride = side + round % 2 * 5;
                let mut border = Border::default();
                let (x, y) = (round / 2 % 2 * side, round / 4 % 2 * side);
                border.collect(&area, &samples, 128, x, y, log2);
                for mode in Mode::LUMA.into_iter().chain([Mode::FromLuma]) {
                    let deltas = if mode.is_directional() { -3..=3 } else { 0..=0 };
                    for delta in deltas {
                        let mut out = vec![77; stride * side];
                        predict(mode, delta, log2, &border, &mut out, stride);
                        let expected = reference(mode, delta, log2, &border);
                        for (line, expected) in out.chunks(stride).zip(expected.chunks(side)) {
                            assert_eq!(line[..side], *expected, "{mode:?} {delta} {log2}");
                            assert!(line[side..].iter().all(|sample| *sample == 77));
                        }
                    }
                }
            }
        }
    }
}
