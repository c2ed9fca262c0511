//! Chroma from luma (AV1 §7.11.5).

use super::distance::total;
use super::lines::{lines, lines_mut};
use crate::simd::{I16x8, I32x4, U8x16};

/// What luma shows of a chroma block, less its mean, in eighths.
#[derive(Clone, Debug)]
pub struct Luma {
    log2: usize,
    /// Row-major without gaps.
    lanes: [i16; 1024],
    /// The sum of its squares.
    energy: i64,
}

impl Default for Luma {
    fn default() -> Self {
        Self { log2: 2, lanes: [0; 1024], energy: 0 }
    }
}

impl Luma {
    /// As [`Self::collect`].
    #[cfg(test)]
    pub fn new(log2: usize, halved: bool, luma: &[u8], stride: usize) -> Self {
        let mut new = Self::default();
        new.collect(log2, halved, luma, stride);
        new
    }

    /// Of a chroma block with sides of 2^`log2` (2 to 5), from the first of the rows of what is
    /// shown of luma; `halved` says that luma is twice as wide and high (4:2:0).
    pub fn collect(&mut self, log2: usize, halved: bool, luma: &[u8], stride: usize) {
        let log2 = log2.clamp(2, 5);
        let side = 1 << log2;
        let lanes = &mut self.lanes;
        let mut places = lanes.as_mut_slice();
        let rows = (0..side).map(move |_| {
            let (row, rest) = core::mem::take(&mut places).split_at_mut(side);
            places = rest;
            row
        });
        if halved {
            let even = lines(luma, 2 * stride, 2 * side, side);
            let odd = lines(luma.get(stride..).unwrap_or_default(), 2 * stride, 2 * side, side);
            for (row, (upper, lower)) in rows.zip(even.zip(odd)) {
                means(row, upper, lower);
            }
        } else {
            for (row, line) in rows.zip(lines(luma, stride, side, side)) {
                for (lane, sample) in row.iter_mut().zip(line) {
                    *lane = i16::from(*sample) << 3;
                }
            }
        }
        let one = I16x8::splat(1);
        let block = lanes.as_chunks_mut::<8>().0.iter_mut().take(side * side / 8);
        let sum = block.fold(I32x4::splat(0), |sum, lanes| sum.add(I16x8::load(lanes).dot(one)));
        let mean = (total(sum) + (1 << (2 * log2 - 1))) >> (2 * log2);
        let mean = I16x8::splat(mean as i16);
        let block = lanes.as_chunks_mut::<8>().0.iter_mut().take(side * side / 8);
        let energy = block.fold(I32x4::splat(0), |energy, lanes| {
            let rest = I16x8::load(lanes).sub(mean);
            rest.store(lanes);
            energy.add(rest.dot(rest))
        });
        (self.log2, self.energy) = (log2, total(energy));
    }

    /// The rows of the block.
    fn rows(&self) -> impl Iterator<Item = &[i16]> {
        let side = 1 << self.log2;
        (0..side).map_while(move |y| self.lanes.get(y * side..(y + 1) * side))
    }

    /// The multiple of luma (in eighths, -16 to 16) that is nearest to a plane's block, less
    /// `mean`, which is what [`super::Mode::Dc`] predicts everywhere.
    pub fn alpha(&self, source: &[u8], stride: usize, mean: u8) -> i8 {
        let mean = I16x8::splat(mean.into());
        let mut sum = I32x4::splat(0);
        for (row, line) in self.rows().zip(lines(source, stride, 1 << self.log2, 1 << self.log2)) {
            for (lanes, samples) in row.as_chunks().0.iter().zip(line.as_chunks().0) {
                sum = sum.add(I16x8::load_bytes(samples).sub(mean).dot(I16x8::load(lanes)));
            }
            if let ([a, b, c, d], [k, l, m, n, ..]) = (row, line) {
                let samples = I16x8::load_bytes(&[*k, *l, *m, *n, 0, 0, 0, 0]).sub(mean);
                sum = sum.add(samples.dot(I16x8::load(&[*a, *b, *c, *d, 0, 0, 0, 0])));
            }
        }
        // Samples change by 64ths of alpha times luma.
        let (dividend, energy) = (total(sum) * 64, self.energy.max(1));
        let rounded = (dividend.abs() + energy / 2) / energy;
        rounded.min(16) as i8 * dividend.signum() as i8
    }

    /// Predicts a block: `mean`, which is what [`super::Mode::Dc`] predicts everywhere, and `alpha`
    /// times luma.
    pub fn predict(&self, alpha: i8, mean: u8, out: &mut [u8], stride: usize) {
        let (alpha, mean) = (I16x8::splat(alpha.into()), I16x8::splat(mean.into()));
        let half = I16x8::splat(32);
        let sample = |lanes: I16x8| {
            let scaled = lanes.mul(alpha);
            let sign = scaled.shr(15);
            mean.add(scaled.abs().add(half).shr(6).xor(sign).sub(sign))
        };
        for (row, line) in self.rows().zip(lines_mut(out, stride, 1 << self.log2, 1 << self.log2)) {
            for (lanes, samples) in row.as_chunks().0.iter().zip(line.as_chunks_mut().0) {
                sample(I16x8::load(lanes)).store_bytes(samples);
            }
            if let ([a, b, c, d], Some(line)) = (row, line.get_mut(..4)) {
                let mut samples = [0; 8];
                sample(I16x8::load(&[*a, *b, *c, *d, 0, 0, 0, 0])).store_bytes(&mut samples);
                line.copy_from_slice(&samples[..4]);
            }
        }
    }
}

/// Eight times the means of 2 × 2 samples of two rows.
#[inline(always)]
fn means(row: &mut [i16], upper: &[u8], lower: &[u8]) {
    let one = I16x8::splat(1);
    let pairs = |upper: &[u8; 16], lower: &[u8; 16]| {
        let ((a, b), (c, d)) = (U8x16::load(upper).widen(), U8x16::load(lower).widen());
        a.add(c).dot(one).narrow(b.add(d).dot(one)).shl(1)
    };
    let lines = upper.as_chunks().0.iter().zip(lower.as_chunks().0);
    for (lanes, (upper, lower)) in row.as_chunks_mut().0.iter_mut().zip(lines) {
        pairs(upper, lower).store(lanes);
    }
    if let ([a, b, c, d], Some(upper), Some(lower)) =
        (row, upper.first_chunk::<8>(), lower.first_chunk::<8>())
    {
        let (upper, lower) = (I16x8::load_bytes(upper), I16x8::load_bytes(lower));
        let mut lanes = [0; 8];
        let sums = upper.add(lower).dot(one);
        sums.narrow(sums).shl(1).store(&mut lanes);
        [*a, *b, *c, *d, ..] = lanes;
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{random, sample};
    use super::*;

    /// AV1 §7.11.5: luma less its mean, in eighths.
    fn reference(log2: usize, halved: bool, luma: &[u8], stride: usize) -> Vec<i32> {
        let side = 1 << log2;
        let at = |y: usize, x: usize| i32::from(luma[y * stride + x]);
        let value = |i: usize| {
            let (y, x) = (i / side, i % side);
            if halved {
                let (y, x) = (2 * y, 2 * x);
                (at(y, x) + at(y, x + 1) + at(y + 1, x) + at(y + 1, x + 1)) << 1
            } else {
                at(y, x) << 3
            }
        };
        let values: Vec<i32> = (0..side * side).map(value).collect();
        let mean = (values.iter().sum::<i32>() + (1 << (2 * log2 - 1))) >> (2 * log2);
        values.into_iter().map(|value| value - mean).collect()
    }

    #[test]
    fn chroma_follows_luma_as_defined() {
        let mut state = 41;
        for round in 0..12 {
            for (log2, halved) in
                [2, 3, 4, 5].into_iter().zip([false; 4]).chain([2, 3, 4].into_iter().zip([true; 3]))
            {
                let (side, stride) = (1 << log2, 70);
                let luma: Vec<u8> = (0..stride * 64)
                    .map(|i| match round % 3 {
                        0 => sample(&mut state),
                        1 => {
                            if sample(&mut state) < 100 {
                                0
                            } else {
                                255
                            }
                        }
                        _ => (i % stride + i / stride) as u8,
                    })
                    .collect();
                let values = reference(log2, halved, &luma, stride);
                let found = Luma::new(log2, halved, &luma, stride);
                let mean = sample(&mut state);
                for alpha in -16..=16_i8 {
                    let mut out = vec![7; side * (side + 2)];
                    found.predict(alpha, mean, &mut out, side + 2);
                    for (i, value) in values.iter().enumerate() {
                        let scaled = i32::from(alpha) * value;
                        let scaled = ((scaled.abs() + 32) >> 6) * scaled.signum();
                        let expected = (i32::from(mean) + scaled).clamp(0, 255);
                        let line = &out[i / side * (side + 2)..];
                        assert_eq!(i32::from(line[i % side]), expected);
                        assert_eq!(line[side..side + 2], [7, 7]);
                    }
                }
            }
        }
    }

    #[test]
    fn the_best_multiple_is_found() {
        let mut state = 42;
        for log2 in 2..6 {
            let side = 1 << log2;
            let luma: Vec<u8> = (0..side * side).map(|_| 118 + sample(&mut state) % 20).collect();
            let found = Luma::new(log2, false, &luma, side);
            for alpha in -16..=16_i8 {
                let mut source = vec![0; side * side];
                found.predict(alpha, 128, &mut source, side);
                for sample in &mut source {
                    *sample = sample.saturating_add_signed(random(&mut state, 1) as i8);
                }
                assert!(found.alpha(&source, side, 128).abs_diff(alpha) <= 1);
            }
        }
        let flat = Luma::new(3, false, &[9; 64], 8);
        assert_eq!(flat.alpha(&[200; 64], 8, 100), 0);
    }
}
