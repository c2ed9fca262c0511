//! Inverse discrete cosine transforms to 8 × 8, 4 × 4, 2 × 2 and 1 × 1 samples.
//!
//! After Loeffler, Ligtenberg and Moschytz (ICASSP 1989) in fixed point with 13 fractional bits, as
//! the accurate integer method of the Independent JPEG Group has it. The small ones transform the
//! low frequencies alone, with as many points as they give samples: an ideal low-pass, not a box.

use super::factors::*;
use crate::simd::{I16x8, I32x4, transpose};

/// One pass over eight columns: the sums are exact, then rounded by `shift` bits.
#[inline(always)]
fn pass8(c: [I16x8; 8], shift: u32) -> [I16x8; 8] {
    let half = I32x4::splat(1 << (shift - 1));
    let low = half8(
        [
            c[0].interleave_low(c[4]),
            c[2].interleave_low(c[6]),
            c[7].interleave_low(c[5]),
            c[3].interleave_low(c[1]),
        ],
        half,
        shift,
    );
    let high = half8(
        [
            c[0].interleave_high(c[4]),
            c[2].interleave_high(c[6]),
            c[7].interleave_high(c[5]),
            c[3].interleave_high(c[1]),
        ],
        half,
        shift,
    );
    core::array::from_fn(|i| low[i].narrow(high[i]))
}

/// Four columns of [`pass8`]: pairs of coefficients 0 and 4, 2 and 6, 7 and 5, 3 and 1.
#[inline(always)]
fn half8([c04, c26, c75, c31]: [I16x8; 4], half: I32x4, shift: u32) -> [I32x4; 8] {
    let one = 1 << CONST_BITS;
    let t0 = c04.dot(pair(one, one)).add(half);
    let t1 = c04.dot(pair(one, -one)).add(half);
    let t2 = c26.dot(pair(F_0_541, F_0_541 - F_1_847));
    let t3 = c26.dot(pair(F_0_541 + F_0_765, F_0_541));
    let (e0, e3, e1, e2) = (t0.add(t3), t0.sub(t3), t1.add(t2), t1.sub(t2));

    let o0 = c75
        .dot(pair(F_0_298 - F_0_899 - F_1_961 + F_1_175, F_1_175))
        .add(c31.dot(pair(F_1_175 - F_1_961, F_1_175 - F_0_899)));
    let o1 = c75
        .dot(pair(F_1_175, F_2_053 - F_2_562 - F_0_390 + F_1_175))
        .add(c31.dot(pair(F_1_175 - F_2_562, F_1_175 - F_0_390)));
    let o2 = c75
        .dot(pair(F_1_175 - F_1_961, F_1_175 - F_2_562))
        .add(c31.dot(pair((F_3_072 - F_2_562) - F_1_961 + F_1_175, F_1_175)));
    let o3 = c75
        .dot(pair(F_1_175 - F_0_899, F_1_175 - F_0_390))
        .add(c31.dot(pair(F_1_175, F_1_501 - F_0_899 - F_0_390 + F_1_175)));
    [
        e0.add(o3).shr(shift),
        e1.add(o2).shr(shift),
        e2.add(o1).shr(shift),
        e3.add(o0).shr(shift),
        e3.sub(o0).shr(shift),
        e2.sub(o1).shr(shift),
        e1.sub(o2).shr(shift),
        e0.sub(o3).shr(shift),
    ]
}

/// 8 × 8 samples of dequantised coefficients in natural order, into rows `stride` apart.
#[inline(always)]
pub fn idct8(block: &[i16; 64], out: &mut [u8], stride: usize) {
    let (rows, _) = block.as_chunks::<8>();
    let columns = pass8(core::array::from_fn(|i| I16x8::load(&rows[i])), CONST_BITS - PASS1_BITS);
    let rows = pass8(transpose(columns), CONST_BITS + PASS1_BITS + 3);
    let centre = I16x8::splat(128);
    for (row, out) in transpose(rows).into_iter().zip(out.chunks_mut(stride)) {
        if let Some(out) = out.first_chunk_mut() {
            row.add(centre).store_bytes(out);
        }
    }
}

/// One pass of two 4-point transforms side by side, four columns each.
#[inline(always)]
fn pass4(c: [I16x8; 4], shift: u32) -> [I16x8; 4] {
    let half = I32x4::splat(1 << (shift - 1));
    let one = 1 << CONST_BITS;
    let part = |c02: I16x8, c13: I16x8| {
        let t0 = c02.dot(pair(one, one)).add(half);
        let t2 = c02.dot(pair(one, -one)).add(half);
        let o0 = c13.dot(pair(F_0_541 + F_0_765, F_0_541));
        let o2 = c13.dot(pair(F_0_541, F_0_541 - F_1_847));
        [t0.add(o0), t2.add(o2), t2.sub(o2), t0.sub(o0)].map(|sum| sum.shr(shift))
    };
    let low = part(c[0].interleave_low(c[2]), c[1].interleave_low(c[3]));
    let high = part(c[0].interleave_high(c[2]), c[1].interleave_high(c[3]));
    core::array::from_fn(|i| low[i].narrow(high[i]))
}

/// Transposes each half of the rows by itself.
#[inline(always)]
fn transpose_halves([r0, r1, r2, r3]: [I16x8; 4]) -> [I16x8; 4] {
    let (a0, a1) = (r0.interleave_low(r1), r0.interleave_high(r1));
    let (a2, a3) = (r2.interleave_low(r3), r2.interleave_high(r3));
    let (left0, left1) = (a0.interleave_pairs_low(a2), a0.interleave_pairs_high(a2));
    let (right0, right1) = (a1.interleave_pairs_low(a3), a1.interleave_pairs_high(a3));
    [
        left0.join_low(right0),
        left0.join_high(right0),
        left1.join_low(right1),
        left1.join_high(right1),
    ]
}

/// 4 × 4 samples of each of two neighbouring blocks, from their 4 × 4 lowest frequencies.
#[inline(always)]
pub fn idct4_pair(blocks: &[[i16; 16]; 2], out: &mut [u8], stride: usize) {
    let rows = |i: usize| blocks[i].as_chunks::<8>().0;
    let (left, right) = (rows(0), rows(1));
    let (l0, l1) = (I16x8::load(&left[0]), I16x8::load(&left[1]));
    let (r0, r1) = (I16x8::load(&right[0]), I16x8::load(&right[1]));
    let coefficients = [l0.join_low(r0), l0.join_high(r0), l1.join_low(r1), l1.join_high(r1)];
    let columns = pass4(coefficients, CONST_BITS - PASS1_BITS);
    let rows = pass4(transpose_halves(columns), CONST_BITS + PASS1_BITS + 3);
    let centre = I16x8::splat(128);
    for (row, out) in transpose_halves(rows).into_iter().zip(out.chunks_mut(stride)) {
        if let Some(out) = out.first_chunk_mut() {
            row.add(centre).store_bytes(out);
        }
    }
}

/// 2 × 2 samples from the 2 × 2 lowest frequencies.
#[inline(always)]
pub fn idct2(&[c00, c01, c10, c11]: &[i16; 4], out: &mut [u8], stride: usize) {
    let [c00, c01, c10, c11] = [c00, c01, c10, c11].map(i32::from);
    let base = c00 + 4;
    let sample = |sum: i32| ((sum >> 3) + 128).clamp(0, 255) as u8;
    let [top, bottom] = [
        [base + c01 + c10 + c11, base - c01 + c10 - c11],
        [base + c01 - c10 - c11, base - c01 - c10 + c11],
    ];
    for (row, out) in [top, bottom].into_iter().zip(out.chunks_mut(stride)) {
        if let Some(out) = out.first_chunk_mut() {
            *out = row.map(sample);
        }
    }
}

/// The one sample of a block's mean.
#[inline(always)]
pub fn idct1(dc: i16) -> u8 {
    (((i32::from(dc) + 4) >> 3) + 128).clamp(0, 255) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The defining sum (T.81 §A.3.3) over the N × N lowest frequencies, N samples a side.
    fn reference<const N: usize>(block: &[i16; 64]) -> Vec<u8> {
        let scale = |k: usize| if k == 0 { 0.5_f64.sqrt() } else { 1.0 };
        let basis = |x: usize, k: usize| {
            ((2 * x + 1) as f64 * k as f64 * std::f64::consts::PI / (2 * N) as f64).cos() * scale(k)
        };
        let mut out = Vec::new();
        for y in 0..N {
            for x in 0..N {
                let mut sum = 0.0;
                for v in 0..N {
                    for u in 0..N {
                        sum += f64::from(block[v * 8 + u]) * basis(x, u) * basis(y, v);
                    }
                }
                out.push((sum / 4.0 * 1.0 + 128.0).round().clamp(0.0, 255.0) as u8);
            }
        }
        out
    }

    fn blocks() -> impl Iterator<Item = [i16; 64]> {
        let mut state = 1_u32;
        (0..500).map(move |round| {
            core::array::from_fn(|i| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let size = if i == 0 { 900 } else { 400 / (1 + i as i32 / 8 + i as i32 % 8) };
                let keep = i == 0 || state >> 8 & 3 < (round & 3);
                if keep { ((state >> 16) as i32 % size - size / 2) as i16 } else { 0 }
            })
        })
    }

    fn close(ours: &[u8], reference: &[u8]) {
        for (a, b) in ours.iter().zip(reference) {
            assert!(a.abs_diff(*b) <= 1, "{ours:?} {reference:?}");
        }
    }

    #[test]
    fn all_sizes_agree_with_the_definition() {
        for block in blocks() {
            let mut out = [0; 64];
            idct8(&block, &mut out, 8);
            close(&out, &reference::<8>(&block));

            let low: [i16; 16] = core::array::from_fn(|i| block[i / 4 * 8 + i % 4]);
            let mut out = [0; 32];
            idct4_pair(&[low, low], &mut out, 8);
            let expected = reference::<4>(&block);
            for y in 0..4 {
                close(&out[y * 8..y * 8 + 4], &expected[y * 4..y * 4 + 4]);
                assert_eq!(out[y * 8..y * 8 + 4], out[y * 8 + 4..y * 8 + 8]);
            }

            let mut out = [0; 4];
            idct2(&[block[0], block[1], block[8], block[9]], &mut out, 2);
            close(&out, &reference::<2>(&block));
            close(&[idct1(block[0])], &reference::<1>(&block));
        }
    }
}
