//! What macroblocks leave to the ones after them: samples, modes, and which blocks had levels.

use super::super::predict::{ABOVE, Block, ChromaEdges, Edges, LEFT};
use crate::failure::Failure;

/// Which blocks at an edge had levels: four of luma, two each of Cb and Cr, and the DCs.
pub type Present = [bool; 9];

/// Where chroma begins in [`Present`], and where the DCs are.
pub const CB: usize = 4;
pub const DCS: usize = 8;

/// What one macroblock leaves.
#[derive(Clone, Copy)]
pub struct Edge {
    /// Samples of luma.
    pub luma: [u8; 16],
    /// Of Cb, then of Cr.
    pub chroma: [u8; 16],
    /// Modes of blocks.
    pub modes: [Block; 4],
    /// Blocks with levels.
    pub present: Present,
}

impl Edge {
    fn outside(sample: u8) -> Self {
        Self {
            luma: [sample; 16],
            chroma: [sample; 16],
            modes: [Block::Dc; 4],
            present: [false; 9],
        }
    }
}

/// What is around the macroblock under way.
pub struct Neighbours {
    /// The lower edges of the macroblocks above, from this one on, and of the ones at the left.
    above: Vec<Edge>,
    left: Edge,
    /// The samples above the left edge: of luma, Cb, and Cr.
    corners: [u8; 3],
    x: usize,
    y: usize,
}

impl Neighbours {
    /// Of the first of so many macroblocks in a row.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn new(across: usize) -> Result<Self, Failure> {
        let mut above = Vec::new();
        above
            .try_reserve_exact(across)
            .map_err(|_| Failure::out_of_memory(across * size_of::<Edge>()))?;
        above.resize(across, Edge::outside(ABOVE));
        Ok(Self { above, left: Edge::outside(LEFT), corners: [ABOVE; 3], x: 0, y: 0 })
    }

    /// Bytes that are allocated.
    pub fn memory(across: u64) -> u64 {
        across * size_of::<Edge>() as u64
    }

    /// The edge above.
    pub fn above(&self) -> &Edge {
        // There is one for each macroblock.
        &self.above[self.x]
    }

    /// The edge at the left.
    pub fn left(&self) -> &Edge {
        &self.left
    }

    /// The samples around the luma.
    pub fn luma(&self) -> Edges {
        Edges {
            above: self.above().luma,
            left: self.left.luma,
            corner: self.corners[0],
            has_above: self.y > 0,
            has_left: self.x > 0,
        }
    }

    /// The samples around the chroma.
    pub fn chroma(&self) -> ChromaEdges {
        ChromaEdges {
            above: self.above().chroma,
            left: self.left.chroma,
            corners: [self.corners[1], self.corners[2]],
            has_above: self.y > 0,
            has_left: self.x > 0,
        }
    }

    /// The four samples of luma above and to the right; behind the last macroblock its own last one
    /// is repeated.
    pub fn above_right(&self) -> [u8; 4] {
        match self.above.get(self.x + 1) {
            Some(edge) => edge.luma.first_chunk().copied().unwrap_or_default(),
            None => [self.above().luma[15]; 4],
        }
    }

    /// Goes on to the next macroblock, with the lower and the right edge of this one.
    pub fn next(&mut self, lower: Edge, right: Edge) {
        let above = core::mem::replace(&mut self.above[self.x], lower);
        self.corners = [above.luma[15], above.chroma[7], above.chroma[15]];
        self.left = right;
        self.x += 1;
        if self.x == self.above.len() {
            (self.x, self.y) = (0, self.y + 1);
            (self.left, self.corners) = (Edge::outside(LEFT), [LEFT; 3]);
        }
    }
}
