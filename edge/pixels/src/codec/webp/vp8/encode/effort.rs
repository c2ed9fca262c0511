//! How hard the encoder tries.

use selvedge_plan::plan;

/// How hard the encoder tries.
pub struct Effort {
    /// How many of the four modes of a whole macroblock are coded on trial.
    pub whole_modes: usize,
    /// Whether four of the ten modes of a block are, or two: two are coded at once.
    pub four_block_modes: bool,
    /// Whether levels are chosen by what they cost.
    pub trellis: bool,
    /// Guesses, in steps, below which luma is predicted as a whole and above which by blocks,
    /// without trying the other.
    pub clear: (i32, i32),
}

impl Effort {
    /// In photographs one macroblock in ten below 30 would be better by blocks, and two in a hundred
    /// above 100 as a whole; both together cost 0.1 % of the bytes.
    const FAST: Self =
        Self { whole_modes: 1, four_block_modes: false, trellis: false, clear: (30, 100) };
    const FULL: Self =
        Self { whole_modes: 2, four_block_modes: true, trellis: true, clear: (0, i32::MAX) };
}

impl From<plan::Effort> for &Effort {
    fn from(effort: plan::Effort) -> Self {
        match effort {
            plan::Effort::Fast => &Effort::FAST,
            plan::Effort::Full => &Effort::FULL,
        }
    }
}
