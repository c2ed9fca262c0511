//! How much blocks differ. Blocks have sides of 2^`log2` (2 to 5) and begin with their slices,
//! whose rows are their strides apart.

use super::lines::lines;
use crate::simd::{I16x8, I32x4, transpose};

/// The sum of all lanes.
#[inline(always)]
pub(super) fn total(sums: I32x4) -> i64 {
    let mut lanes = [0; 4];
    sums.store(&mut lanes);
    lanes.into_iter().map(i64::from).sum()
}

/// What eight samples of a row from `x` on differ by.
#[inline(always)]
fn difference_8(a: &[u8], b: &[u8]) -> I16x8 {
    match (a.first_chunk(), b.first_chunk()) {
        (Some(a), Some(b)) => I16x8::load_bytes(a).sub(I16x8::load_bytes(b)),
        _ => I16x8::splat(0),
    }
}

/// Two rows of four from `start` on.
#[inline(always)]
fn fours(samples: &[u8], start: usize, stride: usize) -> I16x8 {
    match (samples.get(start..start + 4), samples.get(start + stride..start + stride + 4)) {
        (Some([a, b, c, d]), Some([e, f, g, h])) => {
            I16x8::load_bytes(&[*a, *b, *c, *d, *e, *f, *g, *h])
        }
        _ => I16x8::splat(0),
    }
}

/// Calls `f` with each eight of the differences, row by row, two rows at a time if they are of
/// four.
#[inline(always)]
fn eights(
    log2: usize,
    (a, a_stride): (&[u8], usize),
    (b, b_stride): (&[u8], usize),
    mut f: impl FnMut(I16x8),
) {
    let side = 1 << log2;
    if log2 < 3 {
        for y in [0, 2] {
            f(fours(a, y * a_stride, a_stride).sub(fours(b, y * b_stride, b_stride)));
        }
    } else {
        let lines = lines(a, a_stride, side, side).zip(lines(b, b_stride, side, side));
        for (a, b) in lines {
            for (a, b) in a.as_chunks::<8>().0.iter().zip(b.as_chunks::<8>().0) {
                f(I16x8::load_bytes(a).sub(I16x8::load_bytes(b)));
            }
        }
    }
}

/// The first block less the second one, row-major without gaps, as [`super::transform::forward`]
/// has it.
pub fn difference(
    log2: usize,
    a: &[u8],
    a_stride: usize,
    b: &[u8],
    b_stride: usize,
    out: &mut [i16],
) {
    let mut out = out.as_chunks_mut().0.iter_mut();
    eights(log2, (a, a_stride), (b, b_stride), |eight| {
        if let Some(out) = out.next() {
            eight.store(out);
        }
    });
}

/// Sum of squared differences of two blocks of coefficients, on the scale of samples. Each difference counts with
/// its weight, in 32 768ths.
pub fn coefficient_error(log2: usize, a: &[i16], b: &[i16], weights: &[i16]) -> u32 {
    let mut sum = I32x4::splat(0);
    let eights = a.as_chunks().0.iter().zip(b.as_chunks().0).zip(weights.as_chunks().0);
    for ((a, b), weights) in eights.take(1 << (2 * log2) >> 3) {
        let difference = I16x8::load(a).sub_saturating(I16x8::load(b));
        let seen = difference.mul_q15(I16x8::load(weights));
        sum = sum.add(seen.dot(seen));
    }
    // Coefficients have eight times the scale that keeps sums of squares, 32 × 32 four times.
    let shift = if log2 < 5 { 6 } else { 4 };
    ((total(sum) + (1 << (shift - 1))) >> shift) as u32
}

/// Sum of the magnitudes of the Hadamard transforms (4 × 4 for a side of 4, else 8 × 8) of what two
/// blocks differ by, on the scale of an orthonormal transform.
pub fn hadamard(log2: usize, a: &[u8], a_stride: usize, b: &[u8], b_stride: usize) -> u32 {
    let mut sum = I32x4::splat(0);
    if log2 < 3 {
        let mut parts = [I16x8::splat(0); 2];
        let mut part = parts.iter_mut();
        eights(log2, (a, a_stride), (b, b_stride), |eight| {
            if let Some(part) = part.next() {
                *part = eight;
            }
        });
        return (total(hadamard_4(parts)) as u32 + 2) >> 2;
    }
    for y in (0..1_usize << log2).step_by(8) {
        for x in (0..1_usize << log2).step_by(8) {
            let rows = core::array::from_fn(|row| {
                let (a, b) = (a.get((y + row) * a_stride + x..), b.get((y + row) * b_stride + x..));
                difference_8(a.unwrap_or_default(), b.unwrap_or_default())
            });
            sum = sum.add(hadamard_8(rows));
        }
    }
    (total(sum) as u32 + 4) >> 3
}

/// Of 4 × 4 in two vectors.
#[inline(always)]
fn hadamard_4([upper, lower]: [I16x8; 2]) -> I32x4 {
    let pass = |upper: I16x8, lower: I16x8| {
        let (s, d) = (upper.add(lower), upper.sub(lower));
        let (left, right) = (s.join_low(d), s.join_high(d));
        (left.add(right), left.sub(right))
    };
    let (upper, lower) = pass(upper, lower);
    let (a, b) = (upper.interleave_low(lower), upper.interleave_high(lower));
    let (upper, lower) = pass(a.interleave_low(b), a.interleave_high(b));
    upper.abs().add(lower.abs()).dot(I16x8::splat(1))
}

/// Of 8 × 8.
#[inline(always)]
fn hadamard_8(rows: [I16x8; 8]) -> I32x4 {
    let half = |[a, b, c, d, e, f, g, h]: [I16x8; 8]| {
        let [a, b, c, d, e, f, g, h] =
            [a.add(e), b.add(f), c.add(g), d.add(h), a.sub(e), b.sub(f), c.sub(g), d.sub(h)];
        [a.add(c), b.add(d), a.sub(c), b.sub(d), e.add(g), f.add(h), e.sub(g), f.sub(h)]
    };
    let [a, b, c, d, e, f, g, h] = half(rows);
    let columns = [a.add(b), a.sub(b), c.add(d), c.sub(d), e.add(f), e.sub(f), g.add(h), g.sub(h)];
    let [a, b, c, d, e, f, g, h] = half(transpose(columns)).map(I16x8::abs);
    // |a + b| + |a − b| is twice the larger magnitude.
    let (ab, cd, ef, gh) = (a.max(b), c.max(d), e.max(f), g.max(h));
    let two = I16x8::splat(2);
    ab.add(cd).dot(two).add(ef.add(gh).dot(two))
}

#[cfg(test)]
mod tests {
    use super::super::tests::sample;
    use super::super::{Kind, transform};
    use super::*;

    #[test]
    fn distances_are_as_defined() {
        let mut state = 31;
        for round in 0..30 {
            for log2 in 2..6 {
                let side = 1_usize << log2;
                let (a_stride, b_stride) = (side + 3, side + 40);
                let a: Vec<u8> = (0..side * a_stride).map(|_| sample(&mut state)).collect();
                let mut b = vec![0; side * b_stride];
                for (a, b) in a.chunks(a_stride).zip(b.chunks_mut(b_stride)) {
                    for (a, b) in a.iter().zip(b) {
                        *b = if round % 3 == 0 { !*a } else { a ^ sample(&mut state) & 15 };
                    }
                }
                let at = |i: usize| {
                    let (y, x) = (i / side, i % side);
                    i32::from(a[y * a_stride + x]) - i32::from(b[y * b_stride + x])
                };
                let differences: Vec<i32> = (0..side * side).map(at).collect();
                let squares: i32 = differences.iter().map(|value| value * value).sum();
                let mut out = vec![0; side * side];
                difference(log2, &a, a_stride, &b, b_stride, &mut out);
                assert!(out.iter().zip(&differences).all(|(a, b)| i32::from(*a) == *b));

                let part = side.min(8);
                let mut sum = 0;
                for place in 0..side * side {
                    let (v, u) = (place / side % part, place % side % part);
                    let (top, start) = (place / side - v, place % side - u);
                    let product = |i: usize| {
                        let (y, x) = (i / part, i % part);
                        let sign = ((v & y).count_ones() + (u & x).count_ones()) % 2;
                        let value = differences[(top + y) * side + start + x];
                        if sign == 0 { value } else { -value }
                    };
                    sum += (0..part * part).map(product).sum::<i32>().unsigned_abs();
                }
                let shift = part.trailing_zeros();
                let expected = (sum + (1 << (shift - 1))) >> shift;
                assert_eq!(hadamard(log2, &a, a_stride, &b, b_stride), expected);

                let mut coefficients = vec![0; side * side];
                transform::forward(log2, Kind::DctDct, &out, &mut coefficients);
                let zeros = vec![0; side * side];
                let found = coefficient_error(log2, &coefficients, &zeros, &[i16::MAX; 1024]);
                assert!(found.abs_diff(squares as u32) <= squares as u32 / 50 + 8 * side as u32);
            }
        }
    }
}
