//! Luma predicted as a whole.

use super::super::predict::{self, Edges, Whole};
use super::super::tables::Kind;
use super::super::transform::{Rows, inverse, inverse_walsh_hadamard};
use super::cost::{self, LevelCosts};
use super::effort::Effort;
use super::forward::{cosine, hadamard_sums, halves, walsh_hadamard};
use super::neighbours::{DCS, Present};
use super::quantise::{Coded, squared_errors, texture};
use super::segment::Segment;
use super::source::differences;
use super::weights::Price;
use crate::simd::{I16x8, U8x16};

/// A macroblock's luma, predicted as a whole.
pub struct WholeLuma {
    /// How.
    pub mode: Whole,
    /// The DCs.
    pub dc: Coded,
    /// The blocks without them.
    pub blocks: [Coded; 16],
    /// What it costs.
    pub price: Price,
    predicted: [[u8; 16]; 16],
    /// What a decoder makes of pairs of blocks, but for the DCs.
    coefficients: [Rows; 8],
    /// And of the DCs.
    dcs: [i16; 16],
}

/// What is needed to try modes.
pub struct Trial<'a> {
    /// The samples.
    pub luma: &'a [[u8; 16]; 16],
    /// Their transforms by [`super::source::transformed`].
    pub transformed: &'a [Rows; 8],
    /// Their texture, without DCs.
    pub edges: &'a Edges,
    /// The segment of the macroblock.
    pub segment: &'a Segment,
    /// Costs of levels.
    pub costs: &'a LevelCosts,
    /// Which neighbours have levels.
    pub above: &'a Present,
    /// At the left.
    pub left: &'a Present,
}

impl Trial<'_> {
    /// The best mode, of those that look best.
    pub fn best(&self, effort: &Effort) -> WholeLuma {
        let mut guesses = Whole::ALL.map(|mode| {
            let mut predicted = [[0; 16]; 16];
            predict::luma(mode, self.edges, &mut predicted);
            let sum = self.hadamard(&predicted);
            (self.segment.weights.guess(sum, cost::LUMA_MODES[mode as usize]), mode, predicted)
        });
        guesses.sort_unstable_by_key(|(guess, ..)| *guess);
        let weight = self.segment.weights.whole;
        let tried = guesses.iter().take(effort.whole_modes.max(1));
        let trials = tried.map(|(_, mode, predicted)| self.run(*mode, predicted));
        let best = trials.min_by_key(|trial| trial.price.score(weight));
        best.unwrap_or_else(|| self.run(Whole::Dc, &guesses[0].2))
    }

    fn hadamard(&self, predicted: &[[u8; 16]; 16]) -> i32 {
        let pairs = self.luma.as_chunks::<4>().0.iter().zip(predicted.as_chunks::<4>().0);
        let of_pair = |(rows, predicted): (&[[u8; 16]; 4], &[[u8; 16]; 4])| {
            let sums = |right| hadamard_sums(differences(rows, predicted, right));
            halves(sums(false).add(sums(true)))
        };
        pairs.map(of_pair).map(|[left, right]| left + right).sum()
    }

    fn run(&self, mode: Whole, predicted: &[[u8; 16]; 16]) -> WholeLuma {
        let quantisers = &self.segment.quantisers;
        let no_dc = I16x8::load(&[0, -1, -1, -1, 0, -1, -1, -1]);
        let mut trial = WholeLuma {
            mode,
            dc: Coded::ZERO,
            blocks: [Coded::ZERO; 16],
            price: Price::default(),
            predicted: *predicted,
            coefficients: [[I16x8::splat(0); 4]; 8],
            dcs: [0; 16],
        };
        let mut dcs = [0; 16];
        let (mut distortion, mut rate) = (0, u32::from(cost::LUMA_MODES[mode as usize]));
        for (pair, ((transformed, place), coded)) in self
            .transformed
            .iter()
            .zip(&mut trial.coefficients)
            .zip(trial.blocks.as_chunks_mut::<2>().0)
            .enumerate()
        {
            let y = pair / 2 * 4;
            let rows = differences(&self.luma[y..y + 4], &predicted[y..y + 4], pair % 2 == 1);
            let mut coefficients = cosine(rows);
            let mut lanes = [0; 8];
            coefficients[0].store(&mut lanes);
            (dcs[pair * 2], dcs[pair * 2 + 1]) = (lanes[0], lanes[4]);
            coefficients[0] = coefficients[0].and(no_dc);
            let quantised = quantisers.luma_ac.run(coefficients);
            *place = quantised.coefficients;
            *coded = Coded::pair(quantised.levels);
            let [left, right] = squared_errors(&coefficients, place);
            distortion += left + right + self.texture_lost(transformed, &coefficients, place);
        }
        let (levels, shown) = quantised_dcs(&dcs, self.segment);
        trial.dc = Coded::of(&levels);
        trial.dcs = inverse_walsh_hadamard(&shown);
        let squares = dcs.iter().zip(trial.dcs).map(|(dc, shown)| {
            let error = i32::from(*dc) - i32::from(shown);
            error * error
        });
        distortion += squares.sum::<i32>() >> 2;
        rate += self.rate(&trial);
        trial.price = Price { distortion, rate };
        trial
    }

    /// What a decoder shows of the frequencies is the source less the error.
    #[inline(always)]
    fn texture_lost(&self, source: &Rows, coefficients: &Rows, shown: &Rows) -> i32 {
        let weights = &self.segment.weights;
        let no_dc = I16x8::load(&[0, -1, -1, -1, 0, -1, -1, -1]);
        let mut before = *source;
        before[0] = before[0].and(no_dc);
        let after = core::array::from_fn(|y| before[y].sub(coefficients[y]).add(shown[y]));
        let (before, after) = (texture(&before), texture(&after));
        weights.texture(before[0], after[0]) + weights.texture(before[1], after[1])
    }

    fn rate(&self, trial: &WholeLuma) -> u32 {
        let context = usize::from(self.above[DCS]) + usize::from(self.left[DCS]);
        let mut rate = self.costs.block(Kind::LumaDc, context, &trial.dc);
        let (mut above, mut left) = (*self.above, *self.left);
        for (i, coded) in trial.blocks.iter().enumerate() {
            let (above, left) = (&mut above[i % 4], &mut left[i / 4]);
            let context = usize::from(*above) + usize::from(*left);
            rate += self.costs.block(Kind::LumaAc, context, coded);
            (*above, *left) = (coded.count > 0, coded.count > 0);
        }
        rate
    }
}

/// The levels of the DCs, and what a decoder makes of them, before the transform back.
fn quantised_dcs(dcs: &[i16; 16], segment: &Segment) -> ([i16; 16], [i16; 16]) {
    let (mut levels, mut shown) = ([0; 16], [0; 16]);
    for (i, value) in walsh_hadamard(dcs).into_iter().enumerate() {
        (levels[i], shown[i]) = segment.quantisers.luma_dc.one(value, i);
    }
    (levels, shown)
}

impl WholeLuma {
    /// What a decoder shows.
    pub fn shown(&self) -> [[u8; 16]; 16] {
        let mut luma = self.predicted;
        for (pair, coefficients) in self.coefficients.iter().enumerate() {
            let mut coefficients = *coefficients;
            let (left, right) = (self.dcs[pair * 2], self.dcs[pair * 2 + 1]);
            let dcs = I16x8::load(&[left, 0, 0, 0, right, 0, 0, 0]);
            coefficients[0] = coefficients[0].add(dcs);
            let y = pair / 2 * 4;
            add(&mut luma[y..y + 4], inverse(coefficients), pair % 2 == 1);
        }
        luma
    }
}

/// Adds two blocks of differences to the left or the right half of rows.
pub fn add(rows: &mut [[u8; 16]], differences: Rows, right: bool) {
    for (row, difference) in rows.iter_mut().zip(differences) {
        let (low, high) = U8x16::load(row).widen();
        let (low, high) =
            if right { (low, high.add(difference)) } else { (low.add(difference), high) };
        U8x16::narrow(low, high).store(row);
    }
}
