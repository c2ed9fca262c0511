//! Edges in blocks that a decoder scaled down by itself.
//!
//! The lowest frequencies of a block with an edge in it are that edge with ripples beside it. A ripple
//! is up to 0.23 of the most that a sample of its block differs from the surround (a step at any of the
//! eight places, 4 and 2 samples a side), and never leaves the block. So what differs by less than a
//! quarter of that is taken for one.

use crate::budget::Job;
use crate::failure::Failure;

/// By how much more the edge differs than its ripples.
const EDGE_OVER_RIPPLE: u8 = 4;

/// Rows of blocks, as differences from a colour.
#[derive(Clone, Debug)]
pub struct Blocks {
    /// Samples along a side of a block.
    side: usize,
    width: usize,
    /// A row of blocks, as far as it came.
    differences: Vec<u8>,
    filled: usize,
}

impl Blocks {
    /// Room for blocks of `side` × `side` samples in rows of `width`.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn new(side: usize, width: usize, job: &Job<'_>) -> Result<Self, Failure> {
        Ok(Self { side, width, differences: job.bytes(side * width)?, filled: 0 })
    }

    /// Takes the next row of samples. `true` if it was the last one of its blocks.
    pub fn add(&mut self, row: &[u8], colour: u8) -> bool {
        let places = self.differences.get_mut(self.filled..).unwrap_or_default();
        for (place, sample) in places.iter_mut().zip(row) {
            *place = sample.abs_diff(colour);
        }
        self.filled += self.width;
        self.filled >= self.differences.len()
    }

    /// The rows that came since the last call, without the ripples.
    pub fn take(&mut self) -> impl Iterator<Item = &[u8]> {
        let Self { side, width, .. } = *self;
        let rows = self.differences.get_mut(..self.filled).unwrap_or_default();
        self.filled = 0;
        for left in (0..width).step_by(side) {
            let right = width.min(left + side);
            let block = rows.chunks_exact(width).filter_map(|row| row.get(left..right));
            let most = block.flatten().copied().max().unwrap_or(0);
            let block = rows.chunks_exact_mut(width).filter_map(|row| row.get_mut(left..right));
            for difference in block.flatten().filter(|it| **it < most / EDGE_OVER_RIPPLE) {
                *difference = 0;
            }
        }
        rows.chunks_exact(width)
    }
}

/// Bytes that [`Blocks::new`] allocates.
pub fn memory(side: u64, width: u64) -> u64 {
    side * width
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::Budget;

    #[test]
    fn ripples_are_told_from_edges_in_each_block_by_itself() {
        let mut trace = |_: &'static str| {};
        let job = Job::new(Budget::UNLIMITED, 0, &mut trace);
        let mut blocks = Blocks::new(2, 5, &job).unwrap();
        // A step and what it makes beside it; something faint by itself; a row that has no partner.
        assert!(!blocks.add(&[80, 250, 120, 120, 100], 100));
        assert!(blocks.add(&[100, 240, 100, 100, 100], 100));
        let rows: Vec<Vec<u8>> = blocks.take().map(<[u8]>::to_vec).collect();
        assert_eq!(rows, [[0, 150, 20, 20, 0], [0, 140, 0, 0, 0]]);
        assert!(!blocks.add(&[100, 100, 90, 0, 60], 100));
        assert_eq!(blocks.take().collect::<Vec<_>>(), [[0, 0, 0, 100, 40]]);
        assert_eq!(blocks.take().count(), 0);
    }
}
