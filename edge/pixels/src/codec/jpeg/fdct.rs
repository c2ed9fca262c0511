//! The forward discrete cosine transform of 8 × 8 samples, and quantisation.
//!
//! After Loeffler, Ligtenberg and Moschytz (ICASSP 1989) in fixed point with 13 fractional bits, as
//! the accurate integer method of the Independent JPEG Group has it.

use super::factors::*;
use crate::simd::{I16x8, I32x4, transpose};

/// The pairs of two vectors, lane by lane.
#[derive(Clone, Copy)]
struct Pairs(I16x8, I16x8);

impl Pairs {
    #[inline(always)]
    fn of(a: I16x8, b: I16x8) -> Self {
        Self(a.interleave_low(b), a.interleave_high(b))
    }

    #[inline(always)]
    fn dot(self, even: i16, odd: i16) -> Wide {
        let factors = pair(even, odd);
        Wide(self.0.dot(factors), self.1.dot(factors))
    }
}

/// Eight 32-bit lanes.
#[derive(Clone, Copy)]
struct Wide(I32x4, I32x4);

impl Wide {
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self(self.0.add(other.0), self.1.add(other.1))
    }

    /// Rounded by `shift` bits.
    #[inline(always)]
    fn round(self, shift: u32) -> I16x8 {
        let half = I32x4::splat(1 << (shift - 1));
        self.0.add(half).shr(shift).narrow(self.1.add(half).shr(shift))
    }
}

/// One pass over eight columns; the first one scales up by four, the last one takes that back.
#[inline(always)]
fn pass(d: [I16x8; 8], last: bool) -> [I16x8; 8] {
    let (t0, t7) = (d[0].add(d[7]), d[0].sub(d[7]));
    let (t1, t6) = (d[1].add(d[6]), d[1].sub(d[6]));
    let (t2, t5) = (d[2].add(d[5]), d[2].sub(d[5]));
    let (t3, t4) = (d[3].add(d[4]), d[3].sub(d[4]));
    let (t10, t13) = (t0.add(t3), t0.sub(t3));
    let (t11, t12) = (t1.add(t2), t1.sub(t2));
    let shift = if last { CONST_BITS + PASS1_BITS } else { CONST_BITS - PASS1_BITS };
    let plain = |sum: I16x8| {
        if last {
            sum.add(I16x8::splat(1 << (PASS1_BITS - 1))).shr(PASS1_BITS)
        } else {
            sum.shl(PASS1_BITS)
        }
    };
    let even = Pairs::of(t12, t13);
    let (low, high) = (Pairs::of(t4, t7), Pairs::of(t5, t6));
    [
        plain(t10.add(t11)),
        low.dot(F_1_175 - F_0_899, F_1_501 - F_0_899 - F_0_390 + F_1_175)
            .add(high.dot(F_1_175 - F_0_390, F_1_175))
            .round(shift),
        even.dot(F_0_541, F_0_541 + F_0_765).round(shift),
        low.dot(F_1_175 - F_1_961, F_1_175)
            .add(high.dot(F_1_175 - F_2_562, (F_3_072 - F_2_562) - F_1_961 + F_1_175))
            .round(shift),
        plain(t10.sub(t11)),
        low.dot(F_1_175, F_1_175 - F_0_390)
            .add(high.dot(F_2_053 - F_2_562 - F_0_390 + F_1_175, F_1_175 - F_2_562))
            .round(shift),
        even.dot(F_0_541 - F_1_847, F_0_541).round(shift),
        low.dot(F_0_298 - F_0_899 - F_1_961 + F_1_175, F_1_175 - F_0_899)
            .add(high.dot(F_1_175, F_1_175 - F_1_961))
            .round(shift),
    ]
}

/// How coefficients are quantised: by division, done as multiplication.
pub struct Quantiser {
    /// One over eight times the step, since the transform scales up by eight; row by row.
    factors: [[f32; 8]; 8],
}

impl Quantiser {
    /// For steps given row by row.
    pub fn new(steps: &[u8; 64]) -> Self {
        let factor = |step: u8| 1.0 / (8.0 * f32::from(step));
        let factors = core::array::from_fn(|y| core::array::from_fn(|x| factor(steps[y * 8 + x])));
        Self { factors }
    }

    /// Transforms 8 × 8 samples, less 128 each, into quantised coefficients, row by row. Gives a
    /// mask of the ones that are not zero.
    #[inline(always)]
    pub fn run(&self, samples: [I16x8; 8], block: &mut [i16; 64]) -> u64 {
        let columns = pass(samples, false);
        let rows = transpose(pass(transpose(columns), true));
        let (places, _) = block.as_chunks_mut::<8>();
        let mut mask = 0;
        for (y, ((row, factors), place)) in
            rows.into_iter().zip(&self.factors).zip(places).enumerate()
        {
            let (low, high) = row.widen();
            let (halves, _) = factors.as_chunks::<4>();
            let quantised = low.scale(&halves[0]).narrow(high.scale(&halves[1]));
            quantised.store(place);
            mask |= u64::from(quantised.nonzero_mask()) << (y * 8);
        }
        mask
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coefficients_agree_with_the_definition() {
        let mut state = 7_u32;
        for round in 0..200 {
            let samples: [[i16; 8]; 8] = core::array::from_fn(|_| {
                core::array::from_fn(|_| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    if round == 0 { -128 } else { ((state >> 24) as i16) - 128 }
                })
            });
            let mut block = [0; 64];
            let quantiser = Quantiser::new(&[1; 64]);
            let mask =
                quantiser.run(core::array::from_fn(|y| I16x8::load(&samples[y])), &mut block);
            for v in 0..8 {
                for u in 0..8 {
                    let scale = |k: usize| if k == 0 { 0.5_f64.sqrt() } else { 1.0 };
                    let mut sum = 0.0;
                    for (y, row) in samples.iter().enumerate() {
                        for (x, sample) in row.iter().enumerate() {
                            let angle = |i: usize, k: usize| {
                                ((2 * i + 1) as f64 * k as f64 * std::f64::consts::PI / 16.0).cos()
                            };
                            sum += f64::from(*sample) * angle(x, u) * angle(y, v);
                        }
                    }
                    let exact = sum / 4.0 * scale(u) * scale(v);
                    let ours = block[v * 8 + u];
                    assert!((f64::from(ours) - exact).abs() < 0.8, "{u} {v} {ours} {exact}");
                    assert_eq!(mask >> (v * 8 + u) & 1 != 0, ours != 0);
                }
            }
        }
    }
}
