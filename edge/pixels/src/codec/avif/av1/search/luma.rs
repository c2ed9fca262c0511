//! How luma is predicted and transformed.

use super::super::block::Block;
use super::super::coefficients::Form;
use super::super::distance::{difference, hadamard};
use super::super::predict::predict;
use super::super::{Kind, Mode, Place};
use super::Search;
use super::attempt::Means;
use super::settings::Kinds;
use super::source::SIDE;
use super::whole::Price;

/// The most modes that are tried with real costs.
const MOST: usize = 8;

/// The best modes by a rough measure, best first.
struct Shortlist {
    modes: [(u64, Mode, i8); MOST],
    count: usize,
    most: usize,
}

impl Shortlist {
    fn new(most: usize) -> Self {
        Self { modes: [(u64::MAX, Mode::Dc, 0); MOST], count: 0, most: most.min(MOST) }
    }

    fn add(&mut self, cost: u64, mode: Mode, delta: i8) {
        let at = self.modes[..self.count].partition_point(|it| it.0 <= cost);
        if at >= self.most {
            return;
        }
        self.count = (self.count + 1).min(self.most);
        self.modes[at..self.count].rotate_right(1);
        self.modes[at] = (cost, mode, delta);
    }
}

impl Search<'_> {
    /// Decides on luma, and draws it.
    pub(super) fn luma(&mut self, place: Place, block: &mut Block) -> Price {
        let Some(view) = self.canvas.plane(0, place) else { return Price::default() };
        let log2 = place.log2;
        let side = 1 << log2;
        self.bench.border[0].collect(view.area, view.samples, view.stride, view.x, view.y, log2);
        let contexts = self.edges.modes(place);
        let mut list = Shortlist::new(self.settings.kept);
        for mode in Mode::LUMA {
            let cost = self.rough(place, contexts, mode, 0);
            list.add(cost, mode, 0);
        }
        if log2 > 2 {
            self.refine(place, contexts, &mut list);
        }
        let context = self.edges.context(0, place);
        let lambda = self.settings.lambda;
        let weight = self.source.weight(place);
        let means = Means {
            quantiser: &self.settings.quantisers[0],
            costs: &self.costs,
            lambda: lambda.over(weight),
        };
        let mut least = u64::MAX;
        for (_, mode, delta) in list.modes.into_iter().take(list.count) {
            let bench = &mut *self.bench;
            predict(mode, delta, log2, &bench.border[0], &mut bench.predicted.0, side);
            let source = self.source.block(0, place);
            difference(log2, source, SIDE, &bench.predicted.0, side, &mut bench.differences.0);
            let said = self.costs.luma_mode(contexts, log2, mode, delta);
            let others = [mode.kind(), Kind::DctDct, Kind::AdstAdst, Kind::AdstDct, Kind::DctAdst];
            let kinds = match (log2, self.settings.kinds, mode.kind()) {
                (5, ..) => &[Kind::DctDct][..],
                (_, Kinds::Own, _) => &others[..1],
                (_, Kinds::All, _) => &others[1..],
                (_, Kinds::Two, Kind::DctDct) => &others[1..3],
                (_, Kinds::Two, _) => &others[..2],
            };
            for kind in kinds {
                let form = Form { plane: 0, log2, kind: *kind, mode, context };
                bench.attempt.make(&form, &bench.differences, &means);
                let cost = bench.attempt.error * 4 * weight + lambda.of(said + bench.attempt.bits);
                if cost < least {
                    least = cost;
                    (block.mode, block.delta, block.kind) = (mode, delta, *kind);
                    let best = &mut bench.best[0];
                    best.kind = *kind;
                    core::mem::swap(&mut best.attempt, &mut bench.attempt);
                    let count = side * side;
                    best.predicted.0[..count].copy_from_slice(&bench.predicted.0[..count]);
                }
            }
        }
        let best = &self.bench.best[0];
        let said = self.costs.luma_mode(contexts, log2, block.mode, block.delta);
        block.eobs[0] = best.attempt.extent.eob.into();
        let price = Price {
            coded: least,
            bare: best.attempt.bare(log2, means.quantiser) * 4 * weight + lambda.of(said),
        };
        self.show(0, place, true);
        price
    }

    /// Tries angles beside those of the best mode that has one.
    fn refine(&mut self, place: Place, contexts: (usize, usize), list: &mut Shortlist) {
        let Some(&(_, mode, _)) =
            list.modes.iter().take(list.count).find(|it| it.1.is_directional())
        else {
            return;
        };
        for delta in [-3, -2, -1, 1, 2, 3] {
            let cost = self.rough(place, contexts, mode, delta);
            list.add(cost, mode, delta);
        }
    }

    /// What a mode may cost.
    fn rough(&mut self, place: Place, contexts: (usize, usize), mode: Mode, delta: i8) -> u64 {
        let side = 1 << place.log2;
        let bench = &mut *self.bench;
        predict(mode, delta, place.log2, &bench.border[0], &mut bench.predicted.0, side);
        let source = self.source.block(0, place);
        let sum = hadamard(place.log2, source, SIDE, &bench.predicted.0, side);
        let said = self.costs.luma_mode(contexts, place.log2, mode, delta);
        (u64::from(sum) << 12) + self.settings.rough * u64::from(said)
    }
}
