//! How chroma is predicted.

use super::super::block::Block;
use super::super::coefficients::Form;
use super::super::distance::difference;
use super::super::predict::predict;
use super::super::{Chroma, Mode, Place};
use super::Search;
use super::attempt::{Bench, Means};
use super::settings::CHROMA;
use super::source::SIDE;
use super::whole::Price;

/// A way to predict both planes.
#[derive(Clone, Copy)]
struct Way {
    mode: Mode,
    delta: i8,
    alphas: [i8; 2],
}

impl Search<'_> {
    /// Decides on chroma, and draws it.
    pub(super) fn colours(&mut self, place: Place, block: &mut Block) -> Price {
        let log2 = place.transform(1, self.chroma);
        for plane in [1, 2] {
            let Some(view) = self.canvas.plane(plane, place) else { return Price::default() };
            self.bench.border[plane].collect(
                view.area,
                view.samples,
                view.stride,
                view.x,
                view.y,
                log2,
            );
        }
        let alphas = self.scaled_luma(place, log2);
        let ways = [
            Some(Way { mode: Mode::Dc, delta: 0, alphas: [0; 2] }),
            (block.mode != Mode::Dc).then_some(Way {
                mode: block.mode,
                delta: block.delta,
                alphas: [0; 2],
            }),
            (alphas != [0; 2]).then_some(Way { mode: Mode::FromLuma, delta: 0, alphas }),
        ];
        let settings = self.settings;
        let lambda = settings.lambda;
        // In 16 times 64ths.
        let weight = CHROMA * self.source.weight(place);
        let quantiser = &settings.quantisers[1];
        let means = Means { quantiser, costs: &self.costs, lambda: lambda.over(weight / 16) };
        let mut least = u64::MAX;
        for way in ways.into_iter().flatten() {
            let said =
                self.costs.chroma_mode(block.mode, place.log2, way.mode, way.delta, way.alphas);
            let mut cost = lambda.of(said);
            for plane in [1, 2] {
                let bench = &mut *self.bench;
                predict_colour(bench, plane, log2, way);
                let source = self.source.block(plane, place);
                let side = 1 << log2;
                let trial = &mut bench.trial[plane - 1];
                difference(log2, source, SIDE, &trial.predicted.0, side, &mut bench.differences.0);
                let form = Form {
                    plane,
                    log2,
                    kind: way.mode.chroma_kind(log2),
                    mode: block.mode,
                    context: self.edges.context(plane, place),
                };
                trial.kind = form.kind;
                trial.attempt.make(&form, &bench.differences, &means);
                cost += trial.attempt.error * weight / 4 + lambda.of(trial.attempt.bits);
            }
            if cost < least {
                least = cost;
                (block.chroma_mode, block.chroma_delta, block.alphas) =
                    (way.mode, way.delta, way.alphas);
                let bench = &mut *self.bench;
                let [_, best @ ..] = &mut bench.best;
                core::mem::swap(best, &mut bench.trial);
            }
        }
        let said = self.costs.chroma_mode(
            block.mode,
            place.log2,
            block.chroma_mode,
            block.chroma_delta,
            block.alphas,
        );
        let mut price = Price { coded: least, bare: lambda.of(said) };
        for plane in [1, 2] {
            let best = &self.bench.best[plane];
            block.eobs[plane] = best.attempt.extent.eob.into();
            price.bare += best.attempt.bare(log2, quantiser) * weight / 4;
            self.show(plane, place, true);
        }
        price
    }

    /// Takes luma as chroma can be predicted from it. By how much of it?
    fn scaled_luma(&mut self, place: Place, log2: usize) -> [i8; 2] {
        let halved = self.chroma == Chroma::Halved;
        let mask = if halved { !7 } else { !3 };
        let first = Place { x: place.x & mask, y: place.y & mask, log2: place.log2 };
        let (block, stride) = match self.canvas.plane(0, first) {
            Some(view) => {
                (view.samples.get(view.y * view.stride + view.x..).unwrap_or_default(), view.stride)
            }
            None => (&[][..], 1),
        };
        self.bench.luma.collect(log2, halved, block, stride);
        [1, 2].map(|plane| {
            let bench = &mut *self.bench;
            predict(Mode::Dc, 0, log2, &bench.border[plane], &mut bench.predicted.0, 1 << log2);
            bench.luma.alpha(self.source.block(plane, place), SIDE, bench.predicted.0[0])
        })
    }
}

/// Predicts a plane for trial.
fn predict_colour(bench: &mut Bench, plane: usize, log2: usize, way: Way) {
    let to = &mut bench.trial[plane - 1].predicted.0;
    predict(way.mode, way.delta, log2, &bench.border[plane], to, 1 << log2);
    if way.mode == Mode::FromLuma {
        let mean = to[0];
        bench.luma.predict(way.alphas[plane - 1], mean, to, 1 << log2);
    }
}
