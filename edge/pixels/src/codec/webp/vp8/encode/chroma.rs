//! Chroma: both planes are predicted alike.

use super::super::predict::{self, ChromaEdges, Whole};
use super::super::tables::Kind;
use super::super::transform::{self, inverse};
use super::context::Context;
use super::cost;
use super::forward::cosine;
use super::guess::{Guess, Rows, ranked};
use super::neighbours::CB;
use super::quantise::{Coded, squared_errors};
use super::source::{add, differences};
use super::weights::Price;
use crate::simd::I16x8;

/// A macroblock's chroma.
pub struct Chroma {
    /// How it is predicted.
    pub mode: Whole,
    /// Four blocks of Cb, and four of Cr.
    pub blocks: [Coded; 8],
    price: Price,
    predicted: Rows<8>,
    /// What a decoder makes of pairs of blocks.
    coefficients: [transform::Rows; 4],
}

/// What is needed to try modes.
pub struct Trial<'a> {
    /// The samples.
    pub chroma: &'a Rows<8>,
    /// The ones around.
    pub edges: &'a ChromaEdges,
    /// What trials share.
    pub context: Context<'a>,
}

impl Trial<'_> {
    /// The best mode, of those that look best.
    pub fn best(&self) -> Chroma {
        let Context { effort, segment, .. } = self.context;
        let predict = |mode, out: &mut _| predict::chroma(mode, self.edges, out);
        let [first, others @ ..] =
            ranked(self.chroma, cost::CHROMA_MODES, &segment.weights, predict);
        let mut best = self.run(first);
        for mode in others.into_iter().take(effort.whole_modes - 1) {
            let trial = self.run(mode);
            let score = |trial: &Chroma| trial.price.score(segment.weights.chroma);
            if score(&trial) < score(&best) {
                best = trial;
            }
        }
        best
    }

    fn run(&self, Guess { mode, predicted, .. }: Guess<8>) -> Chroma {
        let quantiser = &self.context.segment.quantisers.chroma;
        let mut blocks = [Coded::ZERO; 8];
        let mut coefficients = [[I16x8::splat(0); 4]; 4];
        let mut price = Price { distortion: 0, rate: cost::CHROMA_MODES[mode as usize].into() };
        let pairs = blocks.as_chunks_mut::<2>().0.iter_mut().zip(&mut coefficients);
        for (pair, (coded, place)) in pairs.enumerate() {
            // The left halves of the rows are Cb's two blocks, the right ones Cr's.
            let (y, cr) = (pair % 2 * 4, pair / 2 == 1);
            let exact = cosine(differences(&self.chroma[y..y + 4], &predicted[y..y + 4], cr));
            let quantised = quantiser.run(exact);
            *place = quantised.coefficients;
            *coded = Coded::pair(quantised.levels);
            let [left, right] = squared_errors(&exact, place);
            price.distortion += left + right;
        }
        price.rate += self.rate(&blocks);
        Chroma { mode, blocks, price, predicted, coefficients }
    }

    fn rate(&self, blocks: &[Coded; 8]) -> u32 {
        let (mut above, mut left) = (self.context.above.present, self.context.left.present);
        let costs = blocks.iter().enumerate().map(|(i, coded)| {
            let plane = CB + i / 4 * 2;
            let (above, left) = (&mut above[plane + i % 2], &mut left[plane + i / 2 % 2]);
            let context = usize::from(*above) + usize::from(*left);
            (*above, *left) = (coded.count > 0, coded.count > 0);
            self.context.costs.block(Kind::Chroma, context, coded)
        });
        costs.sum()
    }
}

impl Chroma {
    /// What a decoder shows.
    pub fn shown(&self) -> Rows<8> {
        let mut chroma = self.predicted;
        for (pair, coefficients) in self.coefficients.iter().enumerate() {
            let y = pair % 2 * 4;
            add(&mut chroma[y..y + 4], inverse(*coefficients), pair / 2 == 1);
        }
        chroma
    }
}
