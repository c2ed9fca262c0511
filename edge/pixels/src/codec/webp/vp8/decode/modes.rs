//! The modes of macroblocks (RFC 6386 §8, §11, §19.3).

use super::super::predict::{Block, Whole};
use super::super::tables::{
    BLOCK_PROBABILITIES, CHROMA_PROBABILITIES, CHROMA_TREE, LUMA_PROBABILITIES, LUMA_TREE,
    Probability, SEGMENT_TREE,
};
use super::boolean::Boolean;

/// How luma is predicted.
#[derive(Clone, Copy)]
pub enum Luma {
    Whole(Whole),
    /// Each of the 16 blocks by itself.
    Blocks([Block; 16]),
}

/// The modes of a macroblock.
#[derive(Clone, Copy)]
pub struct Modes {
    pub segment: u8,
    /// Whether there are no coefficients at all.
    pub skipped: bool,
    pub luma: Luma,
    pub chroma: Whole,
}

/// What modes are read with: the modes around.
pub struct Context {
    /// Those of the blocks above, for a row of macroblocks.
    above: Vec<[Block; 4]>,
    left: [Block; 4],
}

impl Context {
    /// At the top of a picture so many macroblocks `wide`.
    pub fn new(wide: usize) -> Self {
        Self { above: vec![[Block::Dc; 4]; wide], left: [Block::Dc; 4] }
    }

    /// Begins a row.
    pub fn begin_row(&mut self) {
        self.left = [Block::Dc; 4];
    }

    /// Reads the modes of macroblock `x` of the row.
    pub fn read(
        &mut self,
        x: usize,
        bits: &mut Boolean<'_>,
        segment_map: Option<[Probability; 3]>,
        coded: Option<Probability>,
    ) -> Modes {
        // Kept in registers while a macroblock's modes are read.
        let source = bits;
        let mut bits = *source;
        let segment = segment_map.map_or(0, |map| bits.leaf(&SEGMENT_TREE, &map) as u8);
        let skipped = coded.is_some_and(|probability| bits.bit(probability));
        let mut none = [Block::Dc; 4];
        let above = self.above.get_mut(x).unwrap_or(&mut none);
        let luma = match Whole::ALL.get(bits.leaf(&LUMA_TREE, &LUMA_PROBABILITIES)) {
            Some(mode) => {
                *above = [Block::from(*mode); 4];
                self.left = *above;
                Luma::Whole(*mode)
            }
            None => {
                let mut modes = [Block::Dc; 16];
                for (row, left) in modes.as_chunks_mut::<4>().0.iter_mut().zip(&mut self.left) {
                    for (place, above) in row.iter_mut().zip(above.iter_mut()) {
                        let probabilities = &BLOCK_PROBABILITIES[*above as usize][*left as usize];
                        *left = block(&mut bits, probabilities);
                        (*place, *above) = (*left, *left);
                    }
                }
                Luma::Blocks(modes)
            }
        };
        let chroma = Whole::ALL.get(bits.leaf(&CHROMA_TREE, &CHROMA_PROBABILITIES));
        *source = bits;
        Modes { segment, skipped, luma, chroma: chroma.copied().unwrap_or(Whole::Dc) }
    }
}

/// Reads the mode of a block: the tree as code, in which every decision is a branch of its own. Those
/// are foreseen better than the one of a loop.
#[inline(always)]
fn block(bits: &mut Boolean<'_>, probabilities: &[Probability; 9]) -> Block {
    let [dc, true_motion, vertical, side, horizontal, right, left, down, up] = *probabilities;
    // The longest way.
    bits.refill::<7>();
    if !bits.ready(dc) {
        return Block::Dc;
    }
    if !bits.ready(true_motion) {
        return Block::TrueMotion;
    }
    if !bits.ready(vertical) {
        return Block::Vertical;
    }
    if !bits.ready(side) {
        if !bits.ready(horizontal) {
            return Block::Horizontal;
        }
        return if bits.ready(right) { Block::VerticalRight } else { Block::DownRight };
    }
    if !bits.ready(left) {
        return Block::DownLeft;
    }
    if !bits.ready(down) {
        return Block::VerticalLeft;
    }
    if bits.ready(up) { Block::HorizontalUp } else { Block::HorizontalDown }
}

#[cfg(test)]
mod tests {
    use super::super::super::tables::BLOCK_TREE;
    use super::*;

    #[test]
    fn the_code_is_the_tree() {
        let mut state = 11_u32;
        let data: Vec<u8> = core::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
        .take(4_000)
        .collect();
        let (mut by_code, mut by_tree) = (Boolean::new(&data), Boolean::new(&data));
        let mut seen = [0; 10];
        for probabilities in BLOCK_PROBABILITIES.as_flattened().iter().cycle().take(5_000) {
            let mode = block(&mut by_code, probabilities);
            assert_eq!(mode as usize, by_tree.leaf(&BLOCK_TREE, probabilities));
            seen[mode as usize] += 1;
        }
        assert!(seen.iter().all(|count| *count > 0), "{seen:?}");
    }
}
