//! What is weighed when a mode is chosen: distortion, texture lost, and bits.

use super::quantise::Quantisers;

/// How much lost texture counts.
const TEXTURE: i32 = 50;

/// The weights of a segment, which follow from its steps.
pub struct Weights {
    /// Of bits when a mode of a macroblock's luma is chosen.
    pub whole: i64,
    /// When a block's is.
    pub block: i64,
    /// When chroma's is.
    pub chroma: i64,
    /// When it is chosen between one luma mode and one for each block.
    pub mode: i64,
    /// When levels of a block are chosen.
    pub block_levels: i64,
    /// When levels of luma predicted as a whole are.
    pub whole_levels: i64,
    /// Of texture.
    texture: i32,
    /// Of bits among sums of differences.
    hadamard: i32,
}

/// Distortion and bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Price {
    /// Squared errors, and texture lost in the same measure.
    pub distortion: i32,
    /// 256ths of a bit.
    pub rate: u32,
}

impl Price {
    /// As one number.
    #[inline(always)]
    pub fn score(self, weight: i64) -> i64 {
        256 * i64::from(self.distortion) + weight * i64::from(self.rate)
    }

    /// Of both.
    #[inline(always)]
    pub fn plus(self, other: Self) -> Self {
        Self { distortion: self.distortion + other.distortion, rate: self.rate + other.rate }
    }
}

impl Weights {
    /// For a segment. The factors were found by trying: DESIGN.md says how they are judged.
    pub fn new(quantisers: &Quantisers) -> Self {
        let block = quantisers.luma.mean_step();
        let whole = quantisers.luma_dc.mean_step();
        let chroma = quantisers.chroma.mean_step();
        let square = |step: i32| i64::from(step) * i64::from(step);
        Self {
            whole: 3 * square(whole),
            block: ((3 * square(block)) >> 7).max(1),
            chroma: ((3 * square(chroma)) >> 6).max(1),
            mode: (square(block) >> 7).max(1),
            block_levels: square(block) * 6 / 5,
            whole_levels: square(whole) * 3 / 10,
            texture: (TEXTURE * block) >> 5,
            hadamard: block,
        }
    }

    /// What a difference of texture counts, as squared errors.
    #[inline(always)]
    pub fn texture(&self, before: i32, after: i32) -> i32 {
        let lost = (before - after).abs() >> 4;
        (lost * self.texture + 128) >> 8
    }

    /// A guess in steps.
    #[inline(always)]
    pub fn in_steps(&self, guess: i32) -> i32 {
        guess / self.hadamard
    }

    /// A first guess at a score, from a sum of the Hadamard transform and what the mode costs.
    #[inline(always)]
    pub fn guess(&self, sum: i32, mode: u16) -> i32 {
        sum + ((i32::from(mode) * self.hadamard) >> 10)
    }
}
