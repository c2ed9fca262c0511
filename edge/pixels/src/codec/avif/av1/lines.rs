//! The lines of a block among others': slices of samples, by the stride from one to the next.
//!
//! `chunks` would do, but it divides by the stride when it is zipped, which takes longer than a
//! small block.

use crate::simd::U8x16;

/// So many lines of so many samples, as far as there are any.
#[inline(always)]
pub fn lines(
    samples: &[u8],
    stride: usize,
    width: usize,
    height: usize,
) -> impl Iterator<Item = &[u8]> {
    (0..height).map_while(move |y| samples.get(y * stride..y * stride + width))
}

/// The same, to be changed.
#[inline(always)]
pub fn lines_mut(
    samples: &mut [u8],
    stride: usize,
    width: usize,
    height: usize,
) -> impl Iterator<Item = &mut [u8]> {
    let mut rest = samples;
    (0..height).map_while(move |_| {
        let line = core::mem::take(&mut rest);
        let (line, below) = line.split_at_mut(stride.min(line.len()));
        rest = below;
        line.get_mut(..width)
    })
}

/// Sets a block, 16 samples at a time: four rows of 4, two rows of 8, a row of 16 or half a row of
/// 32, by the row and the column that they begin at.
#[inline(always)]
pub fn fill<const LOG2: usize>(
    out: &mut [u8],
    stride: usize,
    samples: impl Fn(usize, usize) -> U8x16,
) {
    let side = 1 << LOG2;
    if LOG2 < 4 {
        let rows = 16 >> LOG2;
        for y in (0..side).step_by(rows) {
            let mut lanes = [0; 16];
            samples(y, 0).store(&mut lanes);
            for (lanes, y) in lanes.chunks_exact(side).zip(y..) {
                let start = y * stride;
                if let Some(line) = out.get_mut(start..start + side) {
                    line.copy_from_slice(lanes);
                }
            }
        }
    } else {
        for (line, y) in lines_mut(out, stride, side, side).zip(0..) {
            for (part, x) in line.as_chunks_mut().0.iter_mut().zip((0..side).step_by(16)) {
                samples(y, x).store(part);
            }
        }
    }
}
