//! How hard the encoder tries.

use selvedge_plan::plan;

/// How hard the encoder tries.
pub struct Effort {
    /// How often the picture is coded. From the second time on levels cost what those of all of it
    /// took the time before.
    pub passes: usize,
    /// How many of the four modes of a whole macroblock are coded on trial.
    pub whole_modes: usize,
    /// How many pairs of the ten modes of a block are, those first that look best: two are coded at
    /// once.
    pub block_pairs: BlockPairs,
    /// When levels are chosen by what they cost.
    pub trellis: Trellis,
    /// Guesses, in steps, below which luma is predicted as a whole and above which by blocks,
    /// without trying the other.
    pub clear: (i32, i32),
}

/// How many pairs of modes of a block are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockPairs {
    One,
    Two,
    All,
}

/// When levels are chosen by what they cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trellis {
    /// Never.
    Never,
    /// Once it is known which mode is taken.
    OfBest,
    /// While modes are tried.
    OfEach,
}

impl Effort {
    /// In photographs one macroblock in ten below 30 would be better by blocks, and two in a hundred
    /// above 100 as a whole; both together cost 0.1 % of the bytes.
    const FAST: Self = Self {
        passes: 1,
        whole_modes: 1,
        block_pairs: BlockPairs::One,
        trellis: Trellis::Never,
        clear: (30, 100),
    };
    const FULL: Self = Self {
        passes: 1,
        whole_modes: 2,
        block_pairs: BlockPairs::Two,
        trellis: Trellis::OfBest,
        clear: (0, i32::MAX),
    };
    const BEST: Self = Self {
        passes: 2,
        whole_modes: 4,
        block_pairs: BlockPairs::All,
        trellis: Trellis::OfEach,
        clear: (0, i32::MAX),
    };
}

impl From<plan::Effort> for &Effort {
    fn from(effort: plan::Effort) -> Self {
        match effort {
            plan::Effort::Best => &Effort::BEST,
            plan::Effort::Fast => &Effort::FAST,
            plan::Effort::Full => &Effort::FULL,
        }
    }
}
