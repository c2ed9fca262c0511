//! Blocks that were decided on.

use super::super::writer::{Block, Levels};
use super::super::{Chroma, Kind, Mode, Place};

/// A decided block.
#[derive(Clone, Copy)]
pub struct Leaf {
    pub place: Place,
    pub skip: bool,
    pub mode: Mode,
    pub delta: i8,
    pub kind: Kind,
    pub chroma_mode: Mode,
    pub chroma_delta: i8,
    pub alphas: [i8; 2],
    /// Ends of the levels of each plane, in the order of the scan.
    pub eobs: [usize; 3],
    /// Where its levels begin in those of all.
    start: usize,
}

impl Leaf {
    /// With prediction alone.
    pub fn new(place: Place) -> Self {
        Self {
            place,
            skip: false,
            mode: Mode::Dc,
            delta: 0,
            kind: Kind::DctDct,
            chroma_mode: Mode::Dc,
            chroma_delta: 0,
            alphas: [0; 2],
            eobs: [0; 3],
            start: 0,
        }
    }
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
    pub fn push(&mut self, leaf: Leaf, levels: [&[i16]; 3]) {
        let start = self.levels.len();
        for (levels, eob) in levels.into_iter().zip(leaf.eobs) {
            if eob > 0 {
                self.levels.extend_from_slice(levels);
            }
        }
        self.leaves.push(Leaf { start, ..leaf });
    }

    pub fn get(&self, index: usize) -> Option<&Leaf> {
        self.leaves.get(index)
    }

    pub fn last(&self) -> Option<&Leaf> {
        self.leaves.last()
    }

    /// A block as it is written.
    pub fn block(&self, leaf: &Leaf, chroma: Chroma) -> Block<'_> {
        let mut rest = self.levels.get(leaf.start..).unwrap_or_default();
        let planes = [0, 1, 2].map(|plane| {
            let eob = leaf.eobs[plane];
            let count = if eob > 0 { 1 << (2 * leaf.place.transform(plane, chroma)) } else { 0 };
            let (levels, after) = rest.split_at_checked(count).unwrap_or_default();
            rest = after;
            Levels { levels, eob }
        });
        Block {
            place: leaf.place,
            skip: leaf.skip,
            mode: leaf.mode,
            delta: leaf.delta,
            kind: leaf.kind,
            chroma_mode: leaf.chroma_mode,
            chroma_delta: leaf.chroma_delta,
            alphas: leaf.alphas,
            planes,
        }
    }
}
