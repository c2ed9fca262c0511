//! The forward discrete cosine transform of 8 × 8 samples, and quantisation.
//!
//! After Loeffler, Ligtenberg and Moschytz (ICASSP 1989) in fixed point with 13 fractional bits, as
//! the accurate integer method of the Independent JPEG Group has it.

use super::super::factors::*;
use super::super::tables::ZIGZAG;
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

/// How coefficients are quantised: by division, done as two multiplications of fractions, since there
/// is no division of lanes, and no one fraction of 15 bits is exact enough for all steps.
pub struct Quantiser {
    /// One over the step, scaled up by a power of two so that all 15 bits count; and that power back.
    /// Column by column.
    factors: [([i16; 8], [i16; 8]); 8],
}

impl Quantiser {
    /// For steps given row by row.
    pub fn new(steps: &[u8; 64]) -> Self {
        let factor = |step: u8| {
            // The transform scales up by eight, and `run` by two.
            let step = 16 * u32::from(step);
            let power = 32 - (step - 1).leading_zeros();
            let scaled = ((1 << (14 + power)) + step / 2) / step;
            // A power of two comes out as one half exactly; the others lie between that and one.
            (scaled as i16, (1 << (16 - power)) as i16)
        };
        let factors = core::array::from_fn(|x| {
            let column: [_; 8] = core::array::from_fn(|y| factor(steps[y * 8 + x]));
            (column.map(|(scaled, _)| scaled), column.map(|(_, power)| power))
        });
        Self { factors }
    }

    /// Transforms 8 × 8 samples, less 128 each, into quantised coefficients.
    #[inline(always)]
    pub fn run(&self, samples: [I16x8; 8], block: &mut Block) {
        // After two passes and one transposition the columns lie in the vectors.
        let columns = pass(transpose(pass(samples, false)), true);
        let (places, _) = block.values.as_chunks_mut::<8>();
        block.mask = 0;
        for (x, ((column, (scaled, power)), place)) in
            columns.into_iter().zip(&self.factors).zip(places).enumerate()
        {
            let quantised = column.shl(1).mul_q15(I16x8::load(scaled)).mul_q15(I16x8::load(power));
            quantised.store(place);
            block.mask |= SPREAD[x][usize::from(quantised.nonzero_mask())];
        }
    }
}

/// Quantised coefficients.
#[derive(Clone)]
pub struct Block {
    /// Column by column.
    values: [i16; 64],
    /// Which of them are not zero: one bit each, in zigzag order.
    pub mask: u64,
}

impl Block {
    pub const EMPTY: Self = Self { values: [0; 64], mask: 0 };

    /// The DC coefficient.
    #[inline(always)]
    pub fn dc(&self) -> i32 {
        self.values[0].into()
    }

    /// AC coefficient `k` in zigzag order.
    #[inline(always)]
    pub fn ac(&self, k: u32) -> i32 {
        // Ten bits are what the tables of 8-bit files have codes for.
        self.values[usize::from(COLUMNS[k as usize & 63])].clamp(-1_023, 1_023).into()
    }
}

/// Where the coefficients lie column by column, in zigzag order.
const COLUMNS: [u8; 64] = {
    let mut places = [0; 64];
    let mut k = 0;
    while k < 64 {
        places[k] = ZIGZAG[k] % 8 * 8 + ZIGZAG[k] / 8;
        k += 1;
    }
    places
};

/// For each column and each set of its rows, the set in zigzag order.
static SPREAD: [[u64; 256]; 8] = {
    let mut spread = [[0; 256]; 8];
    let mut k = 0;
    while k < 64 {
        let (x, y) = (COLUMNS[k] as usize / 8, COLUMNS[k] as usize % 8);
        let mut rows = 0;
        while rows < 256 {
            spread[x][rows] |= (rows as u64 >> y & 1) << k;
            rows += 1;
        }
        k += 1;
    }
    spread
};

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
            let mut block = Block::EMPTY;
            let step = [1, 3, 16, 255][round % 4];
            let quantiser = Quantiser::new(&[step; 64]);
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
                    let exact = sum / 4.0 * scale(u) * scale(v) / f64::from(step);
                    let k = ZIGZAG.iter().position(|z| usize::from(*z) == v * 8 + u).unwrap();
                    let ours = if k == 0 { block.dc() } else { block.ac(k as u32) };
                    assert!((f64::from(ours) - exact).abs() < 0.8, "{u} {v} {ours} {exact}");
                    assert_eq!(block.mask >> k & 1 != 0, ours != 0);
                }
            }
        }
    }
}
