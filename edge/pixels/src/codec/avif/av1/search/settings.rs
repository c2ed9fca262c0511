//! What a picture is coded with.

use super::super::Chroma;
use super::super::matrix::Matrices;
use super::super::quantise::Quantiser;

/// How much is tried.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Care {
    /// The mode that looks best, with one kind of transform.
    Little,
    /// A few modes, with two kinds.
    Some,
    /// More modes, with all kinds.
    Most,
}

/// The price of a bit.
#[derive(Clone, Copy)]
pub struct Lambda(u64);

impl Lambda {
    /// What 256ths of bits cost.
    pub fn of(self, bits: u32) -> u64 {
        (u64::from(bits) * self.0) >> 4
    }

    /// Squared errors for a bit, in 16ths.
    pub fn sixteenths(self) -> u64 {
        self.0
    }

    /// The price where errors count `weight` 64ths.
    pub fn over(self, weight: u64) -> Self {
        Self((self.0 * 64 / weight.max(1)).max(1))
    }
}

/// Which kinds of transforms are tried.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kinds {
    /// That which goes with the mode.
    Own,
    /// That, and cosines (or sines).
    Two,
    /// All four.
    All,
}

/// How a picture is coded.
pub struct Settings {
    /// `base_q_idx` (AV1 §5.9.12).
    pub index: u8,
    /// What is added to it for chroma.
    pub delta: i8,
    /// Of luma, and of chroma.
    pub quantisers: [Quantiser; 2],
    /// The price of a bit.
    pub lambda: Lambda,
    /// Hadamard sums for a bit, in 16ths.
    pub rough: u64,
    /// The log2 of the least and the largest side of a block.
    pub sides: (usize, usize),
    /// How many modes of luma are tried with real costs.
    pub kept: usize,
    /// Which kinds of transforms are tried for each mode.
    pub kinds: Kinds,
}

/// What errors of chroma count, in 16ths of those of luma: SSIMULACRA2 sees them more than their squares
/// say. With 24 files are 2 % larger for the same score, with 64 half a percent.
pub const CHROMA: u64 = 40;

/// A bit is worth so many 4096ths of 16 squares of a step (of 8 to a sample).
const PRICE: u64 = 80;

impl Settings {
    /// For a picture.
    pub fn new(index: u8, chroma: Chroma, care: Care, matrices: Matrices) -> Self {
        // Chroma that is halved is worth finer steps: 2 % fewer bytes for the same score. In full it is not.
        let delta = if chroma == Chroma::Halved { -((index / 6) as i8) } else { 0 };
        let luma = Quantiser::new(index, (0, 0), matrices, true);
        let step = u64::from(luma.steps.1.unsigned_abs());
        Self {
            index,
            delta,
            quantisers: [luma, Quantiser::new(index, (delta, delta), matrices, false)],
            lambda: Lambda(((step * step * PRICE) >> 12).max(1)),
            rough: step * 11 / 16,
            sides: (2, 5),
            kept: match care {
                Care::Little => 1,
                Care::Some => 3,
                Care::Most => 5,
            },
            kinds: match care {
                Care::Little => Kinds::Own,
                Care::Some => Kinds::Two,
                Care::Most => Kinds::All,
            },
        }
    }
}
