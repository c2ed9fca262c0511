//! Luma predicted block by block.

use super::super::predict::{Block, BlockEdges, Edges};
use super::super::tables::Kind;
use super::super::transform::{self, Rows, inverse};
use super::context::Context;
use super::cost;
use super::effort::{BlockPairs, Trellis};
use super::forward::{cosine, hadamard_sums, halves};
use super::guess;
use super::quantise::{Coded, squared_errors, texture};
use super::trellis;
use super::weights::Price;
use crate::simd::U8x16;

/// A macroblock's luma, predicted block by block.
pub struct BlockLuma {
    /// How.
    pub modes: [Block; 16],
    /// The levels.
    pub blocks: [Coded; 16],
    /// What a decoder shows of each block.
    pub shown: [[u8; 16]; 16],
    /// What it costs.
    price: Price,
}

/// What is needed to try modes.
pub struct Trial<'a> {
    /// The samples.
    pub luma: &'a guess::Rows<16>,
    /// Their transforms by [`super::source::transformed`].
    pub transformed: &'a [Rows; 8],
    /// The samples around.
    pub edges: &'a Edges,
    /// Those above and to the right.
    pub above_right: [u8; 4],
    /// What trials share.
    pub context: Context<'a>,
}

/// A block on trial.
struct Spot<'a> {
    /// The samples, and their transform: twice, side by side.
    source: Rows,
    transformed: Rows,
    texture: i32,
    predictions: [U8x16; 10],
    /// Of the modes.
    costs: &'a [u16; 10],
    /// What the neighbours make for the levels.
    context: usize,
}

/// A mode of a block, tried.
struct Tried {
    mode: usize,
    coded: Coded,
    price: Price,
    score: i64,
    /// The coefficients of two blocks, and what a decoder makes of them.
    exact: Rows,
    coefficients: Rows,
    /// Which of the two it is.
    right: bool,
}

impl Trial<'_> {
    /// The best modes, unless they are found to cost more than `bound`.
    pub fn best(&self, bound: i64) -> Option<BlockLuma> {
        let weights = &self.context.segment.weights;
        let (outer_above, outer_left) = (self.context.above, self.context.left);
        let mut luma = BlockLuma {
            modes: [Block::Dc; 16],
            blocks: [Coded::ZERO; 16],
            shown: [[0; 16]; 16],
            price: Price { distortion: 0, rate: cost::LUMA_MODES[4].into() },
        };
        let (mut above, mut left) = (outer_above.present, outer_left.present);
        for i in 0..16 {
            let (x, y) = (i % 4, i / 4);
            let mode_above = if y == 0 { outer_above.modes[x] } else { luma.modes[i - 4] };
            let mode_left = if x == 0 { outer_left.modes[y] } else { luma.modes[i - 1] };
            let costs = &cost::BLOCK_MODES[mode_above as usize][mode_left as usize];
            let context = usize::from(above[x]) + usize::from(left[y]);
            let spot = self.spot(i, self.around(&luma.shown, x, y), costs, context);
            let tried = self.block(&spot);
            luma.price = luma.price.plus(tried.price);
            if luma.price.score(weights.mode) >= bound {
                return None;
            }
            (above[x], left[y]) = (tried.coded.count > 0, tried.coded.count > 0);
            luma.modes[i] = Block::ALL[tried.mode];
            luma.blocks[i] = tried.coded;
            tried.shown(spot.predictions[tried.mode]).store(&mut luma.shown[i]);
        }
        Some(luma)
    }

    /// The samples around a block, of which others of the macroblock are shown already.
    fn around(&self, shown: &[[u8; 16]; 16], x: usize, y: usize) -> BlockEdges {
        let i = y * 4 + x;
        let row = |block: &[u8; 16]| [block[12], block[13], block[14], block[15]];
        let column = |block: &[u8; 16]| [block[3], block[7], block[11], block[15]];
        let part = |samples: &[u8; 16], i: usize| -> [u8; 4] {
            core::array::from_fn(|k| samples[(i * 4 + k) & 15])
        };
        let left = if x == 0 { part(&self.edges.left, y) } else { column(&shown[i - 1]) };
        let above = if y == 0 { part(&self.edges.above, x) } else { row(&shown[i - 4]) };
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

    #[inline(always)]
    fn spot<'a>(
        &self,
        i: usize,
        around: BlockEdges,
        costs: &'a [u16; 10],
        context: usize,
    ) -> Spot<'a> {
        let (x, y) = (i % 4, i / 4);
        let mut samples = [0; 16];
        for (row, place) in self.luma[y * 4..y * 4 + 4].iter().zip(samples.as_chunks_mut::<4>().0) {
            place.copy_from_slice(&row[x * 4..x * 4 + 4]);
        }
        let samples = U8x16::load(&samples);
        let transformed = doubled(&self.transformed[i / 2], i % 2 == 1);
        Spot {
            source: side_by_side(samples, samples),
            transformed,
            texture: texture(&transformed)[0],
            predictions: Block::ALL.map(|mode| around.predict(mode)),
            costs,
            context,
        }
    }

    /// The best mode of a block, of those that look best.
    fn block(&self, spot: &Spot<'_>) -> Tried {
        let guesses = self.guesses(spot);
        let effort = self.context.effort;
        let mut best = match effort.block_pairs {
            BlockPairs::One => self.pair(spot, least(guesses)),
            BlockPairs::Two => self.best_of::<4>(spot, least(guesses)),
            BlockPairs::All => self.best_of::<10>(spot, least(guesses)),
        };
        if effort.trellis == Trellis::OfBest && best.coded.count > 0 {
            self.refine(spot, &mut best);
        }
        best
    }

    /// The best of modes, tried in pairs.
    #[inline(always)]
    fn best_of<const N: usize>(&self, spot: &Spot<'_>, modes: [usize; N]) -> Tried {
        let (pairs, _) = modes.as_chunks::<2>();
        let try_pair = |modes| {
            let mut tried = self.pair(spot, modes);
            if self.context.effort.trellis == Trellis::OfEach && tried.coded.count > 0 {
                self.refine(spot, &mut tried);
            }
            tried
        };
        let mut best = try_pair(pairs[0]);
        for pair in &pairs[1..] {
            let other = try_pair(*pair);
            if other.score < best.score {
                best = other;
            }
        }
        best
    }

    /// What each mode may cost, above its number in the lowest four bits.
    #[inline(always)]
    fn guesses(&self, spot: &Spot<'_>) -> [i32; 10] {
        let weights = &self.context.segment.weights;
        let mut guesses = [0; 10];
        for (pair, guess) in guesses.as_chunks_mut::<2>().0.iter_mut().enumerate() {
            let modes = [pair * 2, pair * 2 + 1];
            let predicted = side_by_side(spot.predictions[modes[0]], spot.predictions[modes[1]]);
            let sums = halves(hadamard_sums(sub(&spot.source, &predicted)));
            for ((guess, sum), mode) in guess.iter_mut().zip(sums).zip(modes) {
                *guess = weights.guess(sum, spot.costs[mode]) << 4 | mode as i32;
            }
        }
        guesses
    }

    /// The better one of two modes.
    #[inline(always)]
    fn pair(&self, spot: &Spot<'_>, modes: [usize; 2]) -> Tried {
        let Context { segment, costs, .. } = self.context;
        let predicted = side_by_side(spot.predictions[modes[0]], spot.predictions[modes[1]]);
        let exact = cosine(sub(&spot.source, &predicted));
        let quantised = segment.quantisers.luma.run(exact);
        let coefficients = quantised.coefficients;
        let coded = Coded::pair(quantised.levels);
        let distortions = self.distortions(spot, &exact, &coefficients);
        let [left, right] = [0, 1].map(|side| {
            let levels = costs.block(Kind::Luma, spot.context, &coded[side]);
            let rate = levels + u32::from(spot.costs[modes[side]]);
            let price = Price { distortion: distortions[side], rate };
            (price.score(segment.weights.block), price)
        });
        let is_right = right.0 < left.0;
        let (score, price) = if is_right { right } else { left };
        let side = usize::from(is_right);
        let (mode, coded) = (modes[side], coded[side]);
        Tried { mode, coded, price, score, exact, coefficients, right: is_right }
    }

    /// Chooses levels by what they cost.
    #[inline(always)]
    fn refine(&self, spot: &Spot<'_>, tried: &mut Tried) {
        let Context { segment, costs, .. } = self.context;
        let exact = doubled(&tried.exact, tried.right);
        let quantiser = &segment.quantisers.luma;
        let weight = segment.weights.block_levels;
        let search = trellis::Search { quantiser, kind: Kind::Luma, costs, weight };
        tried.coded = search.run(&Coded::pair(exact)[0].levels, spot.context);
        let block = quantiser.undo(&tried.coded);
        tried.coefficients = transform::rows(&block, &block);
        let [distortion, _] = self.distortions(spot, &exact, &tried.coefficients);
        let levels = costs.block(Kind::Luma, spot.context, &tried.coded);
        tried.price = Price { distortion, rate: levels + u32::from(spot.costs[tried.mode]) };
        tried.score = tried.price.score(segment.weights.block);
    }

    /// What a decoder shows of the frequencies is the source less the error.
    #[inline(always)]
    fn distortions(&self, spot: &Spot<'_>, exact: &Rows, shown: &Rows) -> [i32; 2] {
        let [left, right] = squared_errors(exact, shown);
        let after = core::array::from_fn(|y| spot.transformed[y].sub(exact[y]).add(shown[y]));
        let lost =
            texture(&after).map(|after| self.context.segment.weights.texture(spot.texture, after));
        [left + lost[0], right + lost[1]]
    }
}

/// The modes with the least guesses, the least one first.
#[inline(always)]
fn least<const N: usize>(guesses: [i32; 10]) -> [usize; N] {
    let mut least = [i32::MAX; N];
    // Without branches, which no one could foretell.
    for mut guess in guesses {
        for place in &mut least {
            (*place, guess) = ((*place).min(guess), (*place).max(guess));
        }
    }
    least.map(|guess| (guess & 15) as usize)
}

impl Tried {
    /// What a decoder shows.
    #[inline(always)]
    fn shown(&self, prediction: U8x16) -> U8x16 {
        let [r0, r1, r2, r3] = doubled(&inverse(self.coefficients), self.right);
        let (upper, lower) = prediction.widen();
        U8x16::narrow(upper.add(r0.join_low(r1)), lower.add(r2.join_low(r3)))
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
fn sub(a: &Rows, b: &Rows) -> Rows {
    core::array::from_fn(|y| a[y].sub(b[y]))
}
