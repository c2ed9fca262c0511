//! Quantisation, and what it does to a block.

use super::super::tables::{AC_STEPS, DC_STEPS, LAST_STEP, ZIGZAG};
use super::super::transform::Rows;
use super::forward::halves;
use crate::simd::I16x8;

/// Largest level that the tokens reach (RFC 6386 §13.2).
pub const LARGEST: i16 = 2_047;

/// By how much rounding up is held back: 256ths of a step, for DC and for AC.
#[derive(Clone, Copy)]
struct Rounding(i32, i32);

const LUMA_ROUNDING: Rounding = Rounding(96, 110);
const DC_ROUNDING: Rounding = Rounding(96, 108);
const CHROMA_ROUNDING: Rounding = Rounding(110, 115);

/// How much more high frequencies of luma are rounded up, in 2048ths of a step.
const SHARPENING: [i32; 16] = [0, 30, 60, 90, 30, 60, 90, 90, 60, 90, 90, 90, 90, 90, 90, 90];

/// Quantised coefficients of two blocks.
#[derive(Clone, Copy)]
pub struct Quantised {
    /// In natural order.
    pub levels: Rows,
    /// What a decoder makes of them.
    pub coefficients: Rows,
}

/// The steps of a kind of block.
#[derive(Clone)]
pub struct Quantiser {
    /// Of DC and of AC.
    pub steps: (i16, i16),
    /// One over them, in 65 536ths.
    reciprocals: (i32, i32),
    /// For each row one over the step in 65 536ths, and what is added before rounding down; for the
    /// pairs of a dot product.
    factors: [I16x8; 4],
    /// The steps of each row.
    rows: [I16x8; 4],
}

impl Quantiser {
    fn new((dc, ac): (i16, i16), rounding: Rounding, sharpening: bool) -> Self {
        let entry = |i: usize| {
            let (step, round) = if i == 0 { (dc, rounding.0) } else { (ac, rounding.1) };
            let factor = 65_536 / i32::from(step);
            let more = if sharpening { (SHARPENING[i] * i32::from(step)) >> 11 } else { 0 };
            (step, factor as i16, (round * 256 + more * factor) as i16)
        };
        let factors = |y: usize| {
            let lanes = core::array::from_fn(|i| {
                let (_, factor, round) = entry(y * 4 + i / 2);
                if i % 2 == 0 { factor } else { round }
            });
            I16x8::load(&lanes)
        };
        let rows = |y: usize| I16x8::load(&core::array::from_fn(|i| entry(y * 4 + i % 4).0));
        Self {
            steps: (dc, ac),
            reciprocals: (65_536 / i32::from(dc), 65_536 / i32::from(ac)),
            factors: core::array::from_fn(factors),
            rows: core::array::from_fn(rows),
        }
    }

    /// Quantises two blocks of coefficients in natural order.
    #[inline(always)]
    pub fn run(&self, coefficients: Rows) -> Quantised {
        let one = I16x8::splat(1);
        let largest = I16x8::splat(LARGEST);
        let levels: Rows = core::array::from_fn(|y| {
            let row = coefficients[y];
            let sign = row.shr(15);
            let magnitude = row.abs();
            let low = magnitude.interleave_low(one).dot(self.factors[y]).shr(16);
            let high = magnitude.interleave_high(one).dot(self.factors[y]).shr(16);
            low.narrow(high).min(largest).xor(sign).sub(sign)
        });
        let coefficients = core::array::from_fn(|y| levels[y].mul(self.rows[y]));
        Quantised { levels, coefficients }
    }

    /// The level of one coefficient, and what a decoder makes of it; `place` in natural order.
    #[inline(always)]
    pub fn one(&self, coefficient: i16, place: usize) -> (i16, i16) {
        let mut lanes = [0; 8];
        self.factors[place / 4].store(&mut lanes);
        let (factor, round) =
            (i32::from(lanes[place % 4 * 2]), i32::from(lanes[place % 4 * 2 + 1]));
        let magnitude = (i32::from(coefficient).abs() * factor + round) >> 16;
        let level = magnitude.min(LARGEST.into()) as i16 * coefficient.signum();
        (level, level.wrapping_mul(self.step(place)))
    }

    /// The step of a place in the order of coding.
    #[inline(always)]
    pub fn step(&self, n: usize) -> i16 {
        if n == 0 { self.steps.0 } else { self.steps.1 }
    }

    /// The level below a magnitude at a place in the order of coding.
    #[inline(always)]
    pub fn round_down(&self, magnitude: i32, n: usize) -> i32 {
        let (step, factor) = if n == 0 {
            (self.steps.0, self.reciprocals.0)
        } else {
            (self.steps.1, self.reciprocals.1)
        };
        // The factor is rounded down, so it may be one more.
        let level = (magnitude * factor) >> 16;
        level + i32::from((level + 1) * i32::from(step) <= magnitude)
    }

    /// What a decoder makes of levels, in natural order.
    pub fn undo(&self, coded: &Coded) -> [i16; 16] {
        let mut block = [0; 16];
        for (n, level) in coded.levels.iter().enumerate().take(coded.count.into()) {
            block[usize::from(ZIGZAG[n])] = level.wrapping_mul(self.step(n));
        }
        block
    }

    /// The mean step, as the weight of rate against distortion is made of.
    pub fn mean_step(&self) -> i32 {
        (i32::from(self.steps.0) + 15 * i32::from(self.steps.1) + 8) >> 4
    }
}

/// The quantisers of a segment (RFC 6386 §14.1).
#[derive(Clone)]
pub struct Quantisers {
    /// Luma with its DC.
    pub luma: Quantiser,
    /// Luma without, as the DC is coded with those of other blocks: it comes out as zero.
    pub luma_ac: Quantiser,
    /// The DCs of a macroblock.
    pub luma_dc: Quantiser,
    /// Chroma.
    pub chroma: Quantiser,
}

impl Quantisers {
    /// For the index of a segment, and what the indices of chroma differ by: for DC and for AC.
    pub fn new(index: u8, (chroma_dc, chroma_ac): (i8, i8)) -> Self {
        let place = |delta: i8, last: u8| {
            usize::from(index.saturating_add_signed(delta).min(last.min(LAST_STEP)))
        };
        let dc = |delta: i8, last: u8| i16::from(DC_STEPS[place(delta, last)]);
        let ac = |delta: i8| AC_STEPS[place(delta, LAST_STEP)] as i16;
        let luma = (dc(0, LAST_STEP), ac(0));
        let of_dc = (luma.0 * 2, (i32::from(luma.1) * 155 / 100).max(8) as i16);
        let mut luma_ac = Quantiser::new(luma, LUMA_ROUNDING, true);
        let mut lanes = [0; 8];
        luma_ac.factors[0].store(&mut lanes);
        (lanes[0], lanes[1]) = (0, 0);
        luma_ac.factors[0] = I16x8::load(&lanes);
        Self {
            luma: Quantiser::new(luma, LUMA_ROUNDING, true),
            luma_ac,
            luma_dc: Quantiser::new(of_dc, DC_ROUNDING, false),
            // The step of chroma's DC goes to 132 only (RFC 6386 §9.6).
            chroma: Quantiser::new((dc(chroma_dc, 117), ac(chroma_ac)), CHROMA_ROUNDING, false),
        }
    }
}

/// The levels of a block in the order of coding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Coded {
    /// Beyond `count` all are zero.
    pub levels: [i16; 16],
    /// One more than the place of the last level that is not zero.
    pub count: u8,
}

impl Coded {
    /// A block of zeros.
    pub const ZERO: Self = Self { levels: [0; 16], count: 0 };

    /// From rows of four in natural order, two in a vector.
    #[inline(always)]
    fn new(upper: I16x8, lower: I16x8) -> Self {
        let first = upper.shuffle::<0, 1, 4, 8, 5, 2, 3, 6>(lower);
        let last = upper.shuffle::<9, 12, 13, 10, 7, 11, 14, 15>(lower);
        let mut levels = [0; 16];
        let (places, _) = levels.as_chunks_mut::<8>();
        first.store(&mut places[0]);
        last.store(&mut places[1]);
        let mask = u32::from(last.nonzero_mask()) << 8 | u32::from(first.nonzero_mask());
        Self { levels, count: (32 - mask.leading_zeros()) as u8 }
    }

    /// From a block in natural order.
    pub fn of(block: &[i16; 16]) -> Self {
        let (rows, _) = block.as_chunks::<8>();
        Self::new(I16x8::load(&rows[0]), I16x8::load(&rows[1]))
    }

    /// From two blocks side by side.
    #[inline(always)]
    pub fn pair([r0, r1, r2, r3]: Rows) -> [Self; 2] {
        [Self::new(r0.join_low(r1), r2.join_low(r3)), Self::new(r0.join_high(r1), r2.join_high(r3))]
    }
}

/// How much of each frequency texture is made of, as the eye sees it.
const TEXTURE: [[i16; 8]; 4] = [
    [38, 32, 20, 9, 38, 32, 20, 9],
    [32, 28, 17, 7, 32, 28, 17, 7],
    [20, 17, 10, 4, 20, 17, 10, 4],
    [9, 7, 4, 2, 9, 7, 4, 2],
];

/// Squared differences of two blocks' samples from what a decoder will show, by their coefficients
/// (which have twice the scale that would keep sums of squares).
#[inline(always)]
pub fn squared_errors(coefficients: &Rows, shown: &Rows) -> [i32; 2] {
    let square = |y: usize| {
        let error = coefficients[y].sub(shown[y]);
        error.dot(error)
    };
    halves(square(0).add(square(1)).add(square(2).add(square(3)))).map(|sum| sum >> 2)
}

/// How much texture two blocks of coefficients have.
#[inline(always)]
pub fn texture(coefficients: &Rows) -> [i32; 2] {
    let row = |y: usize| coefficients[y].abs().dot(I16x8::load(&TEXTURE[y]));
    halves(row(0).add(row(1)).add(row(2).add(row(3))))
}
