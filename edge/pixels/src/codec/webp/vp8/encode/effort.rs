//! How hard the encoder tries.

/// How hard the encoder tries.
pub struct Effort {
    /// Modes of a whole macroblock that are coded on trial, of the four.
    pub whole_modes: usize,
    /// Modes of a block, of the ten.
    pub block_modes: usize,
}

impl Effort {
    /// What is used when nothing is asked for.
    pub const DEFAULT: Self = Self { whole_modes: 2, block_modes: 4 };
}
