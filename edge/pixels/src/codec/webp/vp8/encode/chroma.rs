//! Chroma: both planes are predicted alike.

use super::super::predict::{self, ChromaEdges, Whole};
use super::super::tables::Kind;
use super::super::transform::{Rows, inverse};
use super::cost::{self, LevelCosts};
use super::effort::Effort;
use super::forward::{cosine, hadamard_sums, halves};
use super::neighbours::{CB, Present};
use super::quantise::{Coded, squared_errors};
use super::segment::Segment;
use super::source::differences;
use super::weights::Price;
use super::whole::add;
use crate::simd::I16x8;

/// A macroblock's chroma.
pub struct Chroma {
    /// How it is predicted.
    pub mode: Whole,
    /// Four blocks of Cb, and four of Cr.
    pub blocks: [Coded; 8],
    /// What it costs.
    pub price: Price,
    predicted: [[u8; 16]; 8],
    /// What a decoder makes of pairs of blocks.
    coefficients: [Rows; 4],
}

/// What is needed to try modes.
pub struct Trial<'a> {
    /// The samples.
    pub chroma: &'a [[u8; 16]; 8],
    /// The ones around.
    pub edges: &'a ChromaEdges,
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
    pub fn best(&self, effort: &Effort) -> Chroma {
        let mut guesses = Whole::ALL.map(|mode| {
            let mut predicted = [[0; 16]; 8];
            predict::chroma(mode, self.edges, &mut predicted);
            let sum = self.hadamard(&predicted);
            (self.segment.weights.guess(sum, cost::CHROMA_MODES[mode as usize]), mode, predicted)
        });
        guesses.sort_unstable_by_key(|(guess, ..)| *guess);
        let weight = self.segment.weights.chroma;
        let tried = guesses.iter().take(effort.whole_modes.max(1));
        let trials = tried.map(|(_, mode, predicted)| self.run(*mode, predicted));
        let best = trials.min_by_key(|trial| trial.price.score(weight));
        best.unwrap_or_else(|| self.run(Whole::Dc, &guesses[0].2))
    }

    fn hadamard(&self, predicted: &[[u8; 16]; 8]) -> i32 {
        let pairs = self.chroma.as_chunks::<4>().0.iter().zip(predicted.as_chunks::<4>().0);
        let of_pair = |(rows, predicted): (&[[u8; 16]; 4], &[[u8; 16]; 4])| {
            let sums = |right| hadamard_sums(differences(rows, predicted, right));
            halves(sums(false).add(sums(true)))
        };
        pairs.map(of_pair).map(|[left, right]| left + right).sum()
    }

    fn run(&self, mode: Whole, predicted: &[[u8; 16]; 8]) -> Chroma {
        let mut trial = Chroma {
            mode,
            blocks: [Coded::ZERO; 8],
            price: Price::default(),
            predicted: *predicted,
            coefficients: [[I16x8::splat(0); 4]; 4],
        };
        let (mut distortion, mut rate) = (0, u32::from(cost::CHROMA_MODES[mode as usize]));
        for (pair, place) in trial.coefficients.iter_mut().enumerate() {
            // The left halves of the rows are Cb's two blocks, the right ones Cr's.
            let (y, cr) = (pair % 2 * 4, pair / 2 == 1);
            let rows = differences(&self.chroma[y..y + 4], &predicted[y..y + 4], cr);
            let coefficients = cosine(rows);
            let quantised = self.segment.quantisers.chroma.run(coefficients);
            *place = quantised.coefficients;
            let coded = Coded::pair(quantised.levels);
            (trial.blocks[pair * 2], trial.blocks[pair * 2 + 1]) = (coded[0], coded[1]);
            let [left, right] = squared_errors(&coefficients, place);
            distortion += left + right;
        }
        let (mut above, mut left) = (*self.above, *self.left);
        for (i, coded) in trial.blocks.iter().enumerate() {
            let plane = CB + i / 4 * 2;
            let (above, left) = (&mut above[plane + i % 2], &mut left[plane + i / 2 % 2]);
            let context = usize::from(*above) + usize::from(*left);
            rate += self.costs.block(Kind::Chroma, context, coded);
            (*above, *left) = (coded.count > 0, coded.count > 0);
        }
        trial.price = Price { distortion, rate };
        trial
    }
}

impl Chroma {
    /// What a decoder shows.
    pub fn shown(&self) -> [[u8; 16]; 8] {
        let mut chroma = self.predicted;
        for (pair, coefficients) in self.coefficients.iter().enumerate() {
            let y = pair % 2 * 4;
            add(&mut chroma[y..y + 4], inverse(*coefficients), pair / 2 == 1);
        }
        chroma
    }
}
