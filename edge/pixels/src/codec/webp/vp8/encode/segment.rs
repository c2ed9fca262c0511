//! What holds for all macroblocks of a segment.

use super::quantise::Quantisers;
use super::weights::Weights;

/// What holds for all macroblocks of a segment.
pub struct Segment {
    /// The index of its quantisers.
    pub index: u8,
    /// How strongly edges between blocks are smoothed, up to 63.
    pub filter: u8,
    /// Its quantisers.
    pub quantisers: Quantisers,
    /// What is weighed in it.
    pub weights: Weights,
}
