//! The ways from the root of a tree to its leaves (RFC 6386 §8.1).

use super::super::tables::{BLOCK_TREE, CHROMA_TREE, LUMA_TREE, SEGMENT_TREE, Tree};

/// The deepest leaf of all trees is one of the block modes.
const DEEPEST: usize = 9;

/// To the modes of a macroblock's luma; the last one is a mode for each block.
pub static LUMA: [Path; 5] = Path::all(&LUMA_TREE);

/// To those of its chroma.
pub static CHROMA: [Path; 4] = Path::all(&CHROMA_TREE);

/// To those of a block.
pub static BLOCK: [Path; 10] = Path::all(&BLOCK_TREE);

/// To the segments.
pub static SEGMENT: [Path; 4] = Path::all(&SEGMENT_TREE);

/// The way to a leaf.
#[derive(Clone, Copy)]
pub struct Path {
    /// Which of two branches to take, and which pair they are.
    steps: [(bool, u8); DEEPEST],
    length: u8,
}

impl Path {
    /// The branches to take, and the pairs they are of, from the root on.
    pub const fn steps(&self) -> &[(bool, u8)] {
        self.steps.split_at(self.length as usize).0
    }

    /// To a leaf.
    const fn to<const N: usize>(tree: &Tree<N>, leaf: usize) -> Self {
        // It is found from the leaf up.
        let (mut sought, mut back, mut length) = (-(leaf as i8), [(false, 0); DEEPEST], 0);
        loop {
            let mut place = 0;
            while tree[place] != sought {
                place += 1;
            }
            back[length] = (place & 1 == 1, (place / 2) as u8);
            length += 1;
            if place < 2 {
                break;
            }
            sought = (place & !1) as i8;
        }
        let (mut steps, mut i) = ([(false, 0); DEEPEST], 0);
        while i < length {
            steps[i] = back[length - 1 - i];
            i += 1;
        }
        Self { steps, length: length as u8 }
    }

    /// To each of the leaves of a tree.
    const fn all<const N: usize, const LEAVES: usize>(tree: &Tree<N>) -> [Self; LEAVES] {
        let mut paths = [Self { steps: [(false, 0); DEEPEST], length: 0 }; LEAVES];
        let mut leaf = 0;
        while leaf < LEAVES {
            paths[leaf] = Self::to(tree, leaf);
            leaf += 1;
        }
        paths
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_from_the_root_to_the_leaves() {
        let [zero, one, two, three] = Path::all(&[0, 2, -1, 4, -2, -3]);
        assert_eq!(zero.steps(), [(false, 0)]);
        assert_eq!(one.steps(), [(true, 0), (false, 1)]);
        assert_eq!(two.steps(), [(true, 0), (true, 1), (false, 2)]);
        assert_eq!(three.steps(), [(true, 0), (true, 1), (true, 2)]);
    }
}
