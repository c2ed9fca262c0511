//! A block that is not divided.

use super::super::block::Block;
use super::super::edges::Trace;
use super::super::{Mode, Place};
use super::Search;

/// What planes cost.
#[derive(Clone, Copy, Default)]
pub struct Price {
    /// With coefficients.
    pub coded: u64,
    /// With prediction alone.
    pub bare: u64,
}

impl Search<'_> {
    /// Decides how to code a block, shows it, marks its edges, and tells its cost but for the partition.
    pub(super) fn whole(&mut self, place: Place) -> u64 {
        let mut block = Block::new(place);
        let luma = self.luma(place, &mut block);
        let colours = if place.has_chroma(self.chroma) {
            self.colours(place, &mut block)
        } else {
            Price::default()
        };
        let lambda = self.settings.lambda;
        let context = self.edges.skip(place);
        let coded = luma.coded + colours.coded + lambda.of(self.costs.skip(context, false));
        let bare = luma.bare + colours.bare + lambda.of(self.costs.skip(context, true));
        let nothing = block.eobs == [0; 3];
        // What is predicted from luma would change with it.
        block.skip = nothing || (bare <= coded && block.chroma_mode != Mode::FromLuma);
        if block.skip && !nothing {
            self.show_predictions(place);
            block.eobs = [0; 3];
        }
        let traces = [0, 1, 2].map(|plane| {
            let eob = block.eobs[plane];
            if eob == 0 {
                return Trace::NOTHING;
            }
            let count = 1 << (2 * place.transform(plane, self.chroma));
            Trace::of(&self.bench.best[plane].attempt.levels[..count], eob)
        });
        self.edges.set_block(place, block.mode, block.skip, traces);
        let levels = [0, 1, 2].map(|plane| {
            let count = 1 << (2 * place.transform(plane, self.chroma));
            &self.bench.best[plane].attempt.levels[..count]
        });
        self.leaves.push(block, levels);
        if block.skip { bare } else { coded }
    }

    fn show_predictions(&mut self, place: Place) {
        let planes = if place.has_chroma(self.chroma) { 3 } else { 1 };
        for plane in 0..planes {
            self.show(plane, place, false);
        }
    }

    /// Draws the best of a plane: its prediction, and what the coefficients add to it.
    pub(super) fn show(&mut self, plane: usize, place: Place, coded: bool) {
        let log2 = place.transform(plane, self.chroma);
        let side = 1 << log2;
        let best = &self.bench.best[plane];
        let (to, stride) = self.canvas.block(plane, place);
        for (row, from) in to.chunks_mut(stride).zip(best.predicted.0.chunks_exact(side)).take(side)
        {
            row[..side].copy_from_slice(from);
        }
        let attempt = &best.attempt;
        if coded && attempt.extent.eob > 0 {
            let shown = &attempt.shown[..side * side];
            super::super::transform::inverse_add(
                log2,
                best.kind,
                shown,
                attempt.extent,
                to,
                stride,
            );
        }
    }
}
