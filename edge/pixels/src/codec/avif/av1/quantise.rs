//! Quantisation (AV1 §7.12).

pub use super::extent::Extent;
use super::extent::{Found, order};
use super::steps::{AC, DC};
use crate::simd::I16x8;

/// The steps of a plane's coefficients, and how they are rounded.
#[derive(Clone)]
pub struct Quantiser {
    /// The steps of DC and of the others, before 32 × 32 blocks halve them.
    pub steps: (i16, i16),
    /// For sides of 4 to 16.
    whole: Eights,
    /// For a side of 32.
    halved: Eights,
}

/// How eight coefficients are quantised: the first ones, and all others.
#[derive(Clone)]
struct Eights {
    first: Lanes,
    others: Lanes,
}

#[derive(Clone)]
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

impl Eights {
    /// `halving` is 1 where a decoder halves what levels mean.
    fn new(steps: (i16, i16), rounding: (u8, u8), halving: u32) -> Self {
        // Of DC and of others: nothing, factor, rounding, largest, step.
        let values = |step: i16, rounding: u8| {
            let (one, step) = (65_536 << halving, i32::from(step));
            let factor = ((one + step / 2) / step).min(i16::MAX.into());
            let round = (i32::from(rounding) * 256).min(i16::MAX.into());
            let nothing = ((65_535 - round) / factor).min(i16::MAX.into());
            let largest = ((32_768 << halving) - 1) / step;
            [nothing, factor, round, largest, step].map(|value| value as i16)
        };
        let (dc, ac) = (values(steps.0, rounding.0), values(steps.1, rounding.1));
        Self { first: Lanes::new(dc, ac), others: Lanes::new(ac, ac) }
    }
}

impl Lanes {
    fn new(first: [i16; 5], others: [i16; 5]) -> Self {
        let lanes = |value: usize| {
            let other = others[value];
            I16x8::load(&[first[value], other, other, other, other, other, other, other])
        };
        let (factor, round) = (lanes(1), lanes(2));
        Self {
            nothing: lanes(0),
            factors: (factor.interleave_low(round), factor.interleave_high(round)),
            largest: lanes(3),
            steps: lanes(4),
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
    /// For an index (`base_q_idx`, 1 to 255), and what is added to it for DC and for the others
    /// (AV1 §7.12.2). `rounding` is what is added before rounding down, in 256ths of a step,
    /// for DC and for the others: 128 rounds to the nearest, and is the most.
    pub fn new(index: u8, deltas: (i8, i8), rounding: (u8, u8)) -> Self {
        let step =
            |steps: &[i16; 256], delta| steps[usize::from(index.saturating_add_signed(delta))];
        let steps = (step(&DC, deltas.0), step(&AC, deltas.1));
        let [whole, halved] = [0, 1].map(|halving| Eights::new(steps, rounding, halving));
        Self { steps, whole, halved }
    }

    /// Quantises a block of coefficients with sides of 2^`log2` (2 to 5), and says what a decoder
    /// makes of it. All three are row-major without gaps.
    pub fn quantise(
        &self,
        log2: usize,
        coefficients: &[i16],
        levels: &mut [i16],
        shown: &mut [i16],
    ) -> Extent {
        let found = if log2 < 5 {
            run::<0>(&self.whole, order(log2), coefficients, levels, shown)
        } else {
            run::<1>(&self.halved, order(log2), coefficients, levels, shown)
        };
        found.extent(log2)
    }

    /// What a decoder makes of levels (AV1 §7.12.3), which are not larger than those of
    /// [`Self::quantise`].
    pub fn dequantise(&self, log2: usize, levels: &[i16], shown: &mut [i16]) {
        if log2 < 5 {
            undo::<0>(&self.whole, log2, levels, shown);
        } else {
            undo::<1>(&self.halved, log2, levels, shown);
        }
    }

    /// What a decoder makes of one level; `place` is row · side + column.
    #[inline(always)]
    pub fn shown(&self, log2: usize, place: usize, level: i16) -> i16 {
        let step = if place == 0 { self.steps.0 } else { self.steps.1 };
        let product = (i32::from(level.unsigned_abs()) * i32::from(step)) & 0xff_ffff;
        let magnitude = (product >> (log2 / 5)).min(i16::MAX.into()) as i16;
        if level < 0 { -magnitude } else { magnitude }
    }
}

#[inline(always)]
fn run<const HALVING: u32>(
    eights: &Eights,
    order: &[[i16; 8]],
    coefficients: &[i16],
    levels: &mut [i16],
    shown: &mut [i16],
) -> Found {
    let mut found = Found::new();
    let (coefficients, _) = coefficients.as_chunks();
    let (levels, _) = levels.as_chunks_mut();
    let (shown, _) = shown.as_chunks_mut();
    let places = order.iter().zip(coefficients).zip(levels).zip(shown);
    for ((((order, coefficients), levels), shown), number) in places.zip(0..) {
        let lanes = if number == 0 { &eights.first } else { &eights.others };
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
fn undo<const HALVING: u32>(eights: &Eights, log2: usize, levels: &[i16], shown: &mut [i16]) {
    let (levels, _) = levels.as_chunks();
    let (shown, _) = shown.as_chunks_mut();
    for ((levels, shown), number) in levels.iter().zip(shown).zip(0..1_usize << (2 * log2) >> 3) {
        let lanes = if number == 0 { &eights.first } else { &eights.others };
        lanes.undo::<HALVING>(I16x8::load(levels)).store(shown);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::random;
    use super::*;

    /// AV1 §7.12.3, 8 bits, no matrices.
    fn reference(quantiser: &Quantiser, log2: usize, levels: &[i16]) -> Vec<i32> {
        let one = |(place, level): (usize, &i16)| {
            let step = if place == 0 { quantiser.steps.0 } else { quantiser.steps.1 };
            let product = i32::from(*level).abs() * i32::from(step);
            ((product & 0xff_ffff) >> usize::from(log2 == 5)) * i32::from(*level).signum()
        };
        levels.iter().enumerate().map(one).collect()
    }

    #[test]
    fn what_a_decoder_makes_of_levels_is_near_and_has_16_bits() {
        let mut state = 7;
        for index in 0..=255 {
            let log2 = 2 + usize::from(index % 4);
            let quantiser = Quantiser::new(index, (0, 0), (128, 128));
            for range in [40, 2_000, 32_768] {
                let coefficients: Vec<i16> = (0..1_usize << (2 * log2))
                    .map(|_| random(&mut state, range).clamp(-32_768, 32_767) as i16)
                    .collect();
                let mut levels = vec![77; coefficients.len()];
                let mut shown = levels.clone();
                let extent = quantiser.quantise(log2, &coefficients, &mut levels, &mut shown);
                assert_eq!(extent, Extent::of(log2, &levels));
                let expected = reference(&quantiser, log2, &levels);
                let mut again = vec![77; shown.len()];
                quantiser.dequantise(log2, &levels, &mut again);
                for (place, expected) in expected.iter().enumerate() {
                    assert_eq!(i32::from(shown[place]), *expected);
                    assert_eq!(again[place], shown[place]);
                    assert_eq!(quantiser.shown(log2, place, levels[place]), shown[place]);
                    let step = if place == 0 { quantiser.steps.0 } else { quantiser.steps.1 };
                    let step = i32::from(step) >> (log2 / 5);
                    let error = i32::from(coefficients[place]) - expected;
                    let slack = i32::from(coefficients[place]).abs() / 64 + step / 2 + 2;
                    assert!(error.abs() <= slack || expected.abs() + step > 32_767);
                }
            }
        }
    }

    #[test]
    fn little_rounding_leaves_less() {
        let coefficients = [100, 60, -60, 90, -90, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, -60];
        let mut levels = [0; 16];
        let mut shown = [0; 16];
        // The steps are 75 and 89.
        let quantiser = Quantiser::new(82, (0, 0), (0, 128));
        assert_eq!(quantiser.steps, (75, 89));
        quantiser.quantise(2, &coefficients, &mut levels, &mut shown);
        assert_eq!(levels, [1, 1, -1, 1, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1]);
        assert_eq!(shown, [75, 89, -89, 89, -89, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -89]);
        let quantiser = Quantiser::new(82, (0, 0), (0, 40));
        quantiser.quantise(2, &coefficients, &mut levels, &mut shown);
        assert_eq!(levels, [1, 0, 0, 1, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    }
}
