//! Luma predicted block by block.

use super::super::predict::{Block, BlockEdges, Edges};
use super::super::tables::Kind;
use super::super::transform::{Rows, inverse};
use super::cost::{self, LevelCosts};
use super::effort::Effort;
use super::forward::{cosine, hadamard_sums, halves};
use super::neighbours::{Edge, Present};
use super::quantise::{Coded, squared_errors, texture};
use super::segment::Segment;
use super::weights::Price;
use crate::simd::{I16x8, U8x16};

/// A macroblock's luma, predicted block by block.
pub struct BlockLuma {
    /// How.
    pub modes: [Block; 16],
    /// The levels.
    pub blocks: [Coded; 16],
    /// What a decoder shows of each block.
    pub shown: [[u8; 16]; 16],
    /// What it costs.
    pub price: Price,
}

/// What is needed to try modes.
pub struct Trial<'a> {
    /// The samples.
    pub luma: &'a [[u8; 16]; 16],
    /// Their transforms by [`super::source::transformed`].
    pub transformed: &'a [Rows; 8],
    /// The samples around.
    pub edges: &'a Edges,
    /// Those above and to the right.
    pub above_right: [u8; 4],
    /// The segment of the macroblock.
    pub segment: &'a Segment,
    /// Costs of levels.
    pub costs: &'a LevelCosts,
    /// What is above.
    pub above: &'a Edge,
    /// What is at the left.
    pub left: &'a Edge,
}

/// A mode of a block, tried.
struct Tried {
    mode: Block,
    coded: Coded,
    price: Price,
}

impl Trial<'_> {
    /// The best modes, unless they are found to cost more than `bound`.
    pub fn best(&self, effort: &Effort, bound: i64) -> Option<BlockLuma> {
        let weights = &self.segment.weights;
        let mut luma = BlockLuma {
            modes: [Block::Dc; 16],
            blocks: [Coded::ZERO; 16],
            shown: [[0; 16]; 16],
            price: Price { distortion: 0, rate: cost::LUMA_MODES[4].into() },
        };
        let (mut above, mut left): (Present, Present) = (self.above.present, self.left.present);
        for i in 0..16 {
            let (x, y) = (i % 4, i / 4);
            let mode_above = if y == 0 { self.above.modes[x] } else { luma.modes[i - 4] };
            let mode_left = if x == 0 { self.left.modes[y] } else { luma.modes[i - 1] };
            let costs = &cost::BLOCK_MODES[mode_above as usize][mode_left as usize];
            let context = usize::from(above[x]) + usize::from(left[y]);
            let edges = self.block_edges(&luma.shown, x, y);
            let (tried, shown) = self.block(effort, i, &edges, costs, context);
            luma.price = luma.price.plus(tried.price);
            if luma.price.score(weights.mode) >= bound {
                return None;
            }
            (above[x], left[y]) = (tried.coded.count > 0, tried.coded.count > 0);
            luma.modes[i] = tried.mode;
            luma.blocks[i] = tried.coded;
            luma.shown[i] = shown;
        }
        Some(luma)
    }

    fn block_edges(&self, shown: &[[u8; 16]; 16], x: usize, y: usize) -> BlockEdges {
        let i = y * 4 + x;
        let row = |block: &[u8; 16]| [block[12], block[13], block[14], block[15]];
        let column = |block: &[u8; 16]| [block[3], block[7], block[11], block[15]];
        let part =
            |samples: &[u8; 16], i: usize| core::array::from_fn(|k| samples[(i * 4 + k) & 15]);
        let left = if x == 0 { part(&self.edges.left, y) } else { column(&shown[i - 1]) };
        let above: [u8; 4] = if y == 0 { part(&self.edges.above, x) } else { row(&shown[i - 4]) };
        let corner = match (x, y) {
            (0, 0) => self.edges.corner,
            (_, 0) => self.edges.above[x * 4 - 1],
            (0, _) => self.edges.left[y * 4 - 1],
            _ => shown[i - 5][15],
        };
        // In the last column it is what stands above the macroblock, for all rows.
        let right = match (x, y) {
            (3, _) => self.above_right,
            (_, 0) => part(&self.edges.above, x + 1),
            _ => row(&shown[i - 3]),
        };
        let [a, b, c, d] = above;
        let [e, f, g, h] = right;
        BlockEdges::new(left, corner, [a, b, c, d, e, f, g, h])
    }

    /// The best mode of a block, and what a decoder shows of it.
    fn block(
        &self,
        effort: &Effort,
        i: usize,
        edges: &BlockEdges,
        costs: &[u16; 10],
        context: usize,
    ) -> (Tried, [u8; 16]) {
        let (x, y) = (i % 4, i / 4);
        let mut samples = [0; 16];
        for (row, place) in self.luma[y * 4..y * 4 + 4].iter().zip(samples.as_chunks_mut::<4>().0) {
            place.copy_from_slice(&row[x * 4..x * 4 + 4]);
        }
        let samples = U8x16::load(&samples);
        let source = side_by_side(samples, samples);
        let predictions = Block::ALL.map(|mode| edges.predict(mode));
        let mut guesses = [(0, 0); 10];
        for (pair, guess) in guesses.as_chunks_mut::<2>().0.iter_mut().enumerate() {
            let (first, second) = (pair * 2, pair * 2 + 1);
            let predicted = side_by_side(predictions[first], predictions[second]);
            let [left, right] = halves(hadamard_sums(sub(source, predicted)));
            let weights = &self.segment.weights;
            guess[0] = (weights.guess(left, costs[first]), first);
            guess[1] = (weights.guess(right, costs[second]), second);
        }
        guesses.sort_unstable();
        let transformed = doubled(&self.transformed[i / 2], i % 2 == 1);
        let [before, _] = texture(&transformed);
        let mut best: Option<(i64, Tried, Rows, usize)> = None;
        for pair in guesses[..effort.block_modes.clamp(2, 10)].as_chunks::<2>().0 {
            let modes = pair.map(|(_, mode)| mode);
            let predicted = side_by_side(predictions[modes[0]], predictions[modes[1]]);
            let coefficients = cosine(sub(source, predicted));
            let quantised = self.segment.quantisers.luma.run(coefficients);
            let coded = Coded::pair(quantised.levels);
            let shown = &quantised.coefficients;
            let squares = squared_errors(&coefficients, shown);
            let after = texture(&core::array::from_fn(|y| {
                transformed[y].sub(coefficients[y]).add(shown[y])
            }));
            for side in 0..2 {
                let lost = self.segment.weights.texture(before, after[side]);
                let levels = self.costs.block(Kind::Luma, context, &coded[side]);
                let price = Price {
                    distortion: squares[side] + lost,
                    rate: levels + u32::from(costs[modes[side]]),
                };
                let score = price.score(self.segment.weights.block);
                if best.as_ref().is_none_or(|(least, ..)| score < *least) {
                    let mode = Block::ALL[modes[side]];
                    best = Some((score, Tried { mode, coded: coded[side], price }, *shown, side));
                }
            }
        }
        let Some((_, tried, shown, side)) = best else {
            let nothing = Tried { mode: Block::Dc, coded: Coded::ZERO, price: Price::default() };
            return (nothing, [0; 16]);
        };
        let prediction = predictions[tried.mode as usize];
        let differences = doubled(&inverse(shown), side == 1);
        let [r0, r1, r2, r3] = differences;
        let (upper, lower) = prediction.widen();
        let sum = U8x16::narrow(upper.add(r0.join_low(r1)), lower.add(r2.join_low(r3)));
        let mut out = [0; 16];
        sum.store(&mut out);
        (tried, out)
    }
}

/// Two blocks of four rows as four rows of both.
#[inline(always)]
fn side_by_side(left: U8x16, right: U8x16) -> Rows {
    let upper = left.pick::<0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23>(right);
    let lower = left.pick::<8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31>(right);
    let ((r0, r1), (r2, r3)) = (upper.widen(), lower.widen());
    [r0, r1, r2, r3]
}

/// One of two blocks, twice.
#[inline(always)]
fn doubled(rows: &Rows, right: bool) -> Rows {
    rows.map(|row| if right { row.join_high(row) } else { row.join_low(row) })
}

#[inline(always)]
fn sub(a: Rows, b: Rows) -> [I16x8; 4] {
    core::array::from_fn(|y| a[y].sub(b[y]))
}
