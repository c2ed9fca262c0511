//! How hard the encoder tries.

use selvedge_plan::plan;

/// How hard the encoder tries.
pub struct Effort {
    /// How many of the four modes of a whole macroblock are coded on trial.
    pub whole_modes: usize,
    /// How many of the ten modes of a block; an even number, since two are coded at once.
    pub block_modes: usize,
    /// Whether levels are chosen by what they cost.
    pub trellis: bool,
}

impl Effort {
    const FAST: Self = Self { whole_modes: 1, block_modes: 2, trellis: false };
    const FULL: Self = Self { whole_modes: 2, block_modes: 4, trellis: true };
}

impl From<plan::Effort> for &Effort {
    fn from(effort: plan::Effort) -> Self {
        match effort {
            plan::Effort::Fast => &Effort::FAST,
            plan::Effort::Full => &Effort::FULL,
        }
    }
}
