//! Quantisation (AV1 §7.12).

pub use super::extent::Extent;
use super::extent::{Found, order};
use super::matrix::Matrices;
use super::steps::{AC, DC};
use crate::simd::I16x8;

/// The steps of a plane's coefficients.
pub struct Quantiser {
    /// The steps of DC and of the others, before matrices.
    pub steps: (i16, i16),
    /// For sides of 4, 8, 16 and 32.
    sizes: [Table; 4],
}

/// For the blocks of a size, row by row without gaps.
struct Table {
    lanes: Vec<Lanes>,
    steps: Vec<i16>,
    weights: Vec<i16>,
}

/// How eight coefficients are quantised.
struct Lanes {
    /// The largest magnitudes that come to nothing.
    nothing: I16x8,
    /// One over the step in 65 536ths, and what is added before rounding down: pairs of a dot
    /// product.
    factors: (I16x8, I16x8),
    /// The largest levels: what they mean has 16 bits.
    largest: I16x8,
    steps: I16x8,
}

impl Table {
    /// `halving` is 1 where a decoder halves what levels mean. `matrix` is in 32nds of a step.
    fn new(dc: i16, ac: i16, matrix: &[u8], halving: u32) -> Self {
        let step = |(place, scale): (usize, &u8)| {
            let step = i32::from(if place == 0 { dc } else { ac });
            ((step * i32::from(*scale) + 16) >> 5) as i16
        };
        let steps: Vec<i16> = matrix.iter().enumerate().map(step).collect();
        let lanes = steps.as_chunks().0.iter().map(|steps| Lanes::new(*steps, halving)).collect();
        // In 32 768ths, of which there cannot be all.
        let weight =
            |scale: &u8| ((1 << 20) / i32::from(*scale).max(1)).min(i16::MAX.into()) as i16;
        Self { lanes, steps, weights: matrix.iter().map(weight).collect() }
    }
}

impl Lanes {
    fn new(steps: [i16; 8], halving: u32) -> Self {
        // Half a step, since the nearest level is wanted.
        let half = i16::MAX;
        let lanes = |value: &dyn Fn(i32) -> i32| {
            I16x8::load(&steps.map(|step| value(i32::from(step)).min(i16::MAX.into()) as i16))
        };
        let factor =
            |step: i32| (((65_536 << halving) + step / 2) / step).clamp(1, i16::MAX.into());
        let (factors, round) = (lanes(&factor), I16x8::splat(half));
        Self {
            nothing: lanes(&|step| (65_535 - i32::from(half)) / factor(step)),
            factors: (factors.interleave_low(round), factors.interleave_high(round)),
            largest: lanes(&|step| ((32_768 << halving) - 1) / step),
            steps: I16x8::load(&steps),
        }
    }

    /// The levels of coefficients, and what a decoder makes of them; `None` if all are zero.
    #[inline(always)]
    fn run<const HALVING: u32>(&self, coefficients: I16x8) -> Option<(I16x8, I16x8)> {
        // The least number has no magnitude.
        let coefficients = coefficients.max(I16x8::splat(-i16::MAX));
        let magnitudes = coefficients.abs();
        if magnitudes.larger(self.nothing).nonzero_mask() == 0 {
            return None;
        }
        let (one, sign) = (I16x8::splat(1), coefficients.shr(15));
        let low = magnitudes.interleave_low(one).dot(self.factors.0).shr(16);
        let high = magnitudes.interleave_high(one).dot(self.factors.1).shr(16);
        let levels = low.narrow(high).min(self.largest);
        let signed = |magnitudes: I16x8| magnitudes.xor(sign).sub(sign);
        Some((signed(levels), signed(levels.mul(self.steps).shr_unsigned(HALVING))))
    }

    /// What a decoder makes of levels.
    #[inline(always)]
    fn undo<const HALVING: u32>(&self, levels: I16x8) -> I16x8 {
        let sign = levels.shr(15);
        levels.abs().mul(self.steps).shr_unsigned(HALVING).xor(sign).sub(sign)
    }
}

impl Quantiser {
    /// For an index (`base_q_idx`, 1 to 255), what is added to it for DC and for the others
    /// (AV1 §7.12.2), and the matrices of luma or chroma.
    pub fn new(index: u8, deltas: (i8, i8), matrices: Matrices, is_luma: bool) -> Self {
        let step =
            |steps: &[i16; 256], delta| steps[usize::from(index.saturating_add_signed(delta))];
        let steps @ (dc, ac) = (step(&DC, deltas.0), step(&AC, deltas.1));
        let table = |log2| Table::new(dc, ac, &matrices.of(is_luma, log2), (log2 / 5) as u32);
        Self { steps, sizes: [2, 3, 4, 5].map(table) }
    }

    fn table(&self, log2: usize) -> &Table {
        &self.sizes[log2.clamp(2, 5) - 2]
    }

    /// The steps of each coefficient of a block with sides of 2^`log2` (2 to 5).
    pub fn steps(&self, log2: usize) -> &[i16] {
        &self.table(log2).steps
    }

    /// What an error of each coefficient is seen as, in 32 768ths of it.
    pub fn weights(&self, log2: usize) -> &[i16] {
        &self.table(log2).weights
    }

    /// Quantises a block of coefficients with sides of 2^`log2` (2 to 5) to the nearest levels, and says what a
    /// decoder makes of them. All three are row-major without gaps.
    pub fn quantise(
        &self,
        log2: usize,
        coefficients: &[i16],
        levels: &mut [i16],
        shown: &mut [i16],
    ) -> Extent {
        let (lanes, order) = (&self.table(log2).lanes, order(log2));
        let found = if log2 < 5 {
            run::<0>(lanes, order, coefficients, levels, shown)
        } else {
            run::<1>(lanes, order, coefficients, levels, shown)
        };
        found.extent(log2)
    }

    /// What a decoder makes of levels (AV1 §7.12.3), which are not larger than those of
    /// [`Self::quantise`].
    pub fn dequantise(&self, log2: usize, levels: &[i16], shown: &mut [i16]) {
        let lanes = &self.table(log2).lanes;
        if log2 < 5 {
            undo::<0>(lanes, levels, shown);
        } else {
            undo::<1>(lanes, levels, shown);
        }
    }
}

/// What a decoder makes of a level of such a step, in a block with sides of 2^`log2`.
#[inline(always)]
pub fn shown(log2: usize, step: i16, level: i16) -> i16 {
    let product = (i32::from(level.unsigned_abs()) * i32::from(step)) & 0xff_ffff;
    let magnitude = (product >> (log2 / 5)).min(i16::MAX.into()) as i16;
    if level < 0 { -magnitude } else { magnitude }
}

#[inline(always)]
fn run<const HALVING: u32>(
    lanes: &[Lanes],
    order: &[[i16; 8]],
    coefficients: &[i16],
    levels: &mut [i16],
    shown: &mut [i16],
) -> Found {
    let mut found = Found::new();
    let (coefficients, _) = coefficients.as_chunks();
    let (levels, _) = levels.as_chunks_mut();
    let (shown, _) = shown.as_chunks_mut();
    let places = lanes.iter().zip(order).zip(coefficients).zip(levels).zip(shown);
    for (((((lanes, order), coefficients), levels), shown), number) in places.zip(0..) {
        match lanes.run::<HALVING>(I16x8::load(coefficients)) {
            Some((found_levels, found_shown)) => {
                found_levels.store(levels);
                found_shown.store(shown);
                found.add(number, found_levels, order);
            }
            None => {
                *levels = [0; 8];
                *shown = [0; 8];
            }
        }
    }
    found
}

#[inline(always)]
fn undo<const HALVING: u32>(lanes: &[Lanes], levels: &[i16], shown: &mut [i16]) {
    let (levels, _) = levels.as_chunks();
    let (shown, _) = shown.as_chunks_mut();
    for ((lanes, levels), shown) in lanes.iter().zip(levels).zip(shown) {
        lanes.undo::<HALVING>(I16x8::load(levels)).store(shown);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::random;
    use super::*;

    /// AV1 §7.12.3, 8 bits.
    fn reference(matrix: &[u8], quantiser: &Quantiser, log2: usize, levels: &[i16]) -> Vec<i32> {
        let one = |(place, level): (usize, &i16)| {
            let step = if place == 0 { quantiser.steps.0 } else { quantiser.steps.1 };
            let step = (i32::from(step) * i32::from(matrix[place]) + 16) >> 5;
            let product = i32::from(*level).abs() * step;
            ((product & 0xff_ffff) >> usize::from(log2 == 5)) * i32::from(*level).signum()
        };
        levels.iter().enumerate().map(one).collect()
    }

    #[test]
    fn what_a_decoder_makes_of_levels_is_near_and_has_16_bits() {
        let mut state = 7;
        for index in 0..=255 {
            let log2 = 2 + usize::from(index % 4);
            let matrices = if index % 3 == 0 { Matrices::None } else { Matrices::Seen };
            let quantiser = Quantiser::new(index, (0, 0), matrices, index % 2 == 0);
            let matrix = matrices.of(index % 2 == 0, log2);
            for range in [40, 2_000, 32_768] {
                let coefficients: Vec<i16> = (0..1_usize << (2 * log2))
                    .map(|_| random(&mut state, range).clamp(-32_768, 32_767) as i16)
                    .collect();
                let mut levels = vec![77; coefficients.len()];
                let mut found = levels.clone();
                let extent = quantiser.quantise(log2, &coefficients, &mut levels, &mut found);
                assert_eq!(extent, Extent::of(log2, &levels));
                let expected = reference(&matrix, &quantiser, log2, &levels);
                let mut again = vec![77; found.len()];
                quantiser.dequantise(log2, &levels, &mut again);
                for (place, expected) in expected.iter().enumerate() {
                    let step = quantiser.steps(log2)[place];
                    assert_eq!(i32::from(found[place]), *expected);
                    assert_eq!(again[place], found[place]);
                    assert_eq!(shown(log2, step, levels[place]), found[place]);
                    let step = i32::from(step) >> (log2 / 5);
                    let error = i32::from(coefficients[place]) - expected;
                    // Reciprocals of large steps have few digits.
                    let slack = i32::from(coefficients[place]).abs() / 8 + step / 2 + 2;
                    assert!(error.abs() <= slack || expected.abs() + step > 32_767);
                }
            }
        }
    }

    #[test]
    fn errors_count_less_where_steps_are_larger() {
        for log2 in 2..=5 {
            let even = Quantiser::new(99, (0, 0), Matrices::None, true);
            assert!(even.weights(log2).iter().all(|weight| *weight == i16::MAX));
            let quantiser = Quantiser::new(99, (0, 0), Matrices::Seen, true);
            for (weight, scale) in quantiser.weights(log2).iter().zip(Matrices::Seen.of(true, log2))
            {
                let product = i32::from(*weight) * i32::from(scale);
                assert!(product.abs_diff(1 << 20) <= 1 << 16, "{weight} {scale}");
            }
        }
    }
}
