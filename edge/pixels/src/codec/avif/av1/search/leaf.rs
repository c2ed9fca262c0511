//! Blocks that were decided on.

use super::super::Chroma;
use super::super::block::Block;

/// A decided block.
#[derive(Clone, Copy)]
struct Leaf {
    block: Block,
    /// Where its levels begin in those of all.
    start: usize,
}

/// Decided blocks in their order, and their levels.
#[derive(Default)]
pub struct Leaves {
    leaves: Vec<Leaf>,
    levels: Vec<i16>,
}

/// A place in [`Leaves`] to go back to.
#[derive(Clone, Copy)]
pub struct Mark {
    leaves: usize,
    levels: usize,
}

impl Mark {
    pub const START: Self = Self { leaves: 0, levels: 0 };
}

impl Leaves {
    pub fn clear(&mut self) {
        self.truncate(Mark::START);
    }

    pub fn mark(&self) -> Mark {
        Mark { leaves: self.leaves.len(), levels: self.levels.len() }
    }

    pub fn truncate(&mut self, mark: Mark) {
        self.leaves.truncate(mark.leaves);
        self.levels.truncate(mark.levels);
    }

    /// Moves all from a mark on behind others.
    pub fn move_to(&mut self, mark: Mark, to: &mut Self) {
        let shift = to.levels.len();
        let moved = self.leaves.drain(mark.leaves..);
        to.leaves.extend(
            moved
                .map(|leaf| Leaf { start: (leaf.start + shift).wrapping_sub(mark.levels), ..leaf }),
        );
        to.levels.extend(self.levels.drain(mark.levels..));
    }

    /// Adds a block, with the levels of the planes that it has; those without any are left out.
    pub fn push(&mut self, block: Block, levels: [&[i16]; 3]) {
        let start = self.levels.len();
        for (levels, eob) in levels.into_iter().zip(block.eobs) {
            if eob > 0 {
                self.levels.extend_from_slice(levels);
            }
        }
        self.leaves.push(Leaf { block, start });
    }

    pub fn get(&self, index: usize) -> Option<&Block> {
        self.leaves.get(index).map(|leaf| &leaf.block)
    }

    pub fn last(&self) -> Option<&Block> {
        self.leaves.last().map(|leaf| &leaf.block)
    }

    /// The levels of each plane of a block.
    pub fn levels(&self, index: usize, chroma: Chroma) -> [&[i16]; 3] {
        let Some(Leaf { block, start }) = self.leaves.get(index) else { return [&[]; 3] };
        let mut rest = self.levels.get(*start..).unwrap_or_default();
        [0, 1, 2].map(|plane| {
            let log2 = block.place.transform(plane, chroma);
            let count = if block.eobs[plane] > 0 { 1 << (2 * log2) } else { 0 };
            let (levels, after) = rest.split_at_checked(count).unwrap_or_default();
            rest = after;
            levels
        })
    }
}
