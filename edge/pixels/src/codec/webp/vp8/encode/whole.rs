//! Luma predicted as a whole.

use super::super::predict::{self, Edges, Whole};
use super::super::tables::Kind;
use super::super::transform::{self, inverse, inverse_walsh_hadamard};
use super::context::Context;
use super::cost;
use super::effort::Trellis;
use super::forward::{cosine, walsh_hadamard};
use super::guess::{Guess, Rows, ranked};
use super::neighbours::DCS;
use super::quantise::{Coded, squared_errors, texture};
use super::segment::Segment;
use super::source::{add, differences};
use super::trellis;
use super::weights::Price;
use crate::simd::I16x8;

/// Pairs of blocks side by side.
type Pairs = [transform::Rows; 8];

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
    predicted: Rows<16>,
    /// The coefficients but for the DCs, and what a decoder makes of them.
    exact: Pairs,
    coefficients: Pairs,
    /// What it makes of the DCs, and what that distorts.
    dcs: [i16; 16],
    dc_distortion: i32,
}

/// What is needed to try modes.
pub struct Trial<'a> {
    /// The samples.
    pub luma: &'a Rows<16>,
    /// Their transforms by [`super::source::transformed`].
    pub transformed: &'a Pairs,
    /// The samples around.
    pub edges: &'a Edges,
    /// What trials share.
    pub context: Context<'a>,
}

impl Trial<'_> {
    /// All modes, the one that looks best first.
    pub fn guesses(&self) -> [Guess<16>; 4] {
        let predict = |mode, out: &mut _| predict::luma(mode, self.edges, out);
        let [dc, vertical, horizontal, true_motion, _] = cost::LUMA_MODES;
        let costs = [dc, vertical, horizontal, true_motion];
        ranked(self.luma, costs, &self.context.segment.weights, predict)
    }

    /// The best mode, of those that look best.
    pub fn best(&self, [first, others @ ..]: &[Guess<16>; 4]) -> WholeLuma {
        let Context { effort, segment, .. } = self.context;
        let try_mode = |mode| {
            let mut trial = self.run(mode);
            if effort.trellis == Trellis::OfEach {
                self.refine(&mut trial);
            }
            trial
        };
        let mut best = try_mode(first);
        for mode in others.iter().take(effort.whole_modes - 1) {
            let trial = try_mode(mode);
            let score = |trial: &WholeLuma| trial.price.score(segment.weights.whole);
            if score(&trial) < score(&best) {
                best = trial;
            }
        }
        if effort.trellis == Trellis::OfBest {
            self.refine(&mut best);
        }
        best
    }

    fn run(&self, &Guess { mode, predicted, .. }: &Guess<16>) -> WholeLuma {
        let nothing = [[I16x8::splat(0); 4]; 8];
        let mut trial = WholeLuma {
            mode,
            dc: Coded::ZERO,
            blocks: [Coded::ZERO; 16],
            price: Price::default(),
            predicted,
            exact: nothing,
            coefficients: nothing,
            dcs: [0; 16],
            dc_distortion: 0,
        };
        let mut dcs = [0; 16];
        for (pair, (dcs, coded)) in dcs
            .as_chunks_mut::<2>()
            .0
            .iter_mut()
            .zip(trial.blocks.as_chunks_mut::<2>().0)
            .enumerate()
        {
            let y = pair / 2 * 4;
            let rows = differences(&self.luma[y..y + 4], &predicted[y..y + 4], pair % 2 == 1);
            let mut exact = cosine(rows);
            let mut lanes = [0; 8];
            exact[0].store(&mut lanes);
            *dcs = [lanes[0], lanes[4]];
            exact[0] = without_dcs(exact[0]);
            let quantised = self.context.segment.quantisers.luma_ac.run(exact);
            trial.exact[pair] = exact;
            trial.coefficients[pair] = quantised.coefficients;
            *coded = Coded::pair(quantised.levels);
        }
        self.quantise_dcs(&mut trial, &dcs);
        trial.price = self.price(&trial);
        trial
    }

    fn quantise_dcs(&self, trial: &mut WholeLuma, dcs: &[i16; 16]) {
        let quantiser = &self.context.segment.quantisers.luma_dc;
        let (mut levels, mut shown) = ([0; 16], [0; 16]);
        for (i, value) in walsh_hadamard(dcs).into_iter().enumerate() {
            (levels[i], shown[i]) = quantiser.one(value, i);
        }
        trial.dc = Coded::of(&levels);
        trial.dcs = inverse_walsh_hadamard(&shown);
        let squares = dcs.iter().zip(trial.dcs).map(|(dc, shown)| {
            let error = i32::from(*dc) - i32::from(shown);
            error * error
        });
        trial.dc_distortion = squares.sum::<i32>() >> 2;
    }

    /// Chooses levels by what they cost.
    fn refine(&self, trial: &mut WholeLuma) {
        let Context { segment: Segment { quantisers, weights, .. }, costs, .. } = self.context;
        let (mut above, mut left) = (self.context.above.present, self.context.left.present);
        for (pair, blocks) in trial.blocks.as_chunks_mut::<2>().0.iter_mut().enumerate() {
            let exact = Coded::pair(trial.exact[pair]);
            let (x, y) = (pair % 2 * 2, pair / 2);
            for (x, (coded, exact)) in (x..).zip(blocks.iter_mut().zip(&exact)) {
                let context = usize::from(above[x]) + usize::from(left[y]);
                if coded.count > 0 {
                    let search = trellis::Search {
                        quantiser: &quantisers.luma,
                        kind: Kind::LumaAc,
                        costs,
                        weight: weights.whole_levels,
                    };
                    *coded = search.run(&exact.levels, context);
                }
                (above[x], left[y]) = (coded.count > 0, coded.count > 0);
            }
            let [left, right] = blocks.map(|coded| quantisers.luma.undo(&coded));
            trial.coefficients[pair] = transform::rows(&left, &right);
        }
        trial.price = self.price(trial);
    }

    fn price(&self, trial: &WholeLuma) -> Price {
        let pairs = self.transformed.iter().zip(trial.exact.iter().zip(&trial.coefficients));
        let distortions = pairs.map(|(source, (exact, shown))| {
            let [left, right] = squared_errors(exact, shown);
            left + right + self.texture_lost(source, exact, shown)
        });
        Price { distortion: trial.dc_distortion + distortions.sum::<i32>(), rate: self.rate(trial) }
    }

    /// What a decoder shows of the frequencies is the source less the error.
    #[inline(always)]
    fn texture_lost(
        &self,
        source: &transform::Rows,
        exact: &transform::Rows,
        shown: &transform::Rows,
    ) -> i32 {
        let weights = &self.context.segment.weights;
        let mut before = *source;
        before[0] = without_dcs(before[0]);
        let after = core::array::from_fn(|y| before[y].sub(exact[y]).add(shown[y]));
        let (before, after) = (texture(&before), texture(&after));
        weights.texture(before[0], after[0]) + weights.texture(before[1], after[1])
    }

    fn rate(&self, trial: &WholeLuma) -> u32 {
        let Context { costs, .. } = self.context;
        let (mut above, mut left) = (self.context.above.present, self.context.left.present);
        let context = usize::from(above[DCS]) + usize::from(left[DCS]);
        let mode = u32::from(cost::LUMA_MODES[trial.mode as usize]);
        let mut rate = mode + costs.block(Kind::LumaDc, context, &trial.dc);
        for (i, coded) in trial.blocks.iter().enumerate() {
            let (above, left) = (&mut above[i % 4], &mut left[i / 4]);
            let context = usize::from(*above) + usize::from(*left);
            rate += costs.block(Kind::LumaAc, context, coded);
            (*above, *left) = (coded.count > 0, coded.count > 0);
        }
        rate
    }
}

/// The first rows of two blocks without their DCs.
#[inline(always)]
fn without_dcs(row: I16x8) -> I16x8 {
    row.and(I16x8::load(&[0, -1, -1, -1, 0, -1, -1, -1]))
}

impl WholeLuma {
    /// What a decoder shows.
    pub fn shown(&self) -> Rows<16> {
        let mut luma = self.predicted;
        let dcs = self.dcs.as_chunks::<2>().0;
        for (pair, (mut coefficients, [left, right])) in
            self.coefficients.into_iter().zip(dcs).enumerate()
        {
            let dcs = I16x8::load(&[*left, 0, 0, 0, *right, 0, 0, 0]);
            coefficients[0] = coefficients[0].add(dcs);
            let y = pair / 2 * 4;
            add(&mut luma[y..y + 4], inverse(coefficients), pair % 2 == 1);
        }
        luma
    }
}
