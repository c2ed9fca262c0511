//! What all trials of a macroblock share.

use super::cost::LevelCosts;
use super::effort::Effort;
use super::neighbours::Edge;
use super::segment::Segment;

/// What all trials of a macroblock share.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// How hard to try.
    pub effort: &'a Effort,
    /// The segment of the macroblock.
    pub segment: &'a Segment,
    /// Costs of levels.
    pub costs: &'a LevelCosts,
    /// What is above.
    pub above: &'a Edge,
    /// What is at the left.
    pub left: &'a Edge,
}
