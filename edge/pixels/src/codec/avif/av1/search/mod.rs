//! Which blocks a tile has, and what each is coded as.
//!
//! ```text
//! superblock ─► Search::best: a whole block, or its four quarters, whichever costs less
//!                 ╰─► luma, then chroma: rough order by Hadamard sums, then real costs of the first few
//! ```
//!
//! A cost is distortion + λ · bits: squared errors of samples times 256, and 256ths of bits.

mod attempt;
mod chroma;
mod leaf;
mod luma;
mod masking;
mod settings;
mod source;
mod whole;

pub use settings::{Care, Settings};
pub use source::Plane;

use super::cost::Costs;
use super::edges::{Edges, Saved};
use super::tiles::Tile;
use super::writer::Writer;
use super::{Chroma, Place};
use crate::failure::Failure;
use attempt::Bench;
use leaf::Leaves;
use source::{Canvas, Source};

/// The log2 of a superblock's side.
const SUPERBLOCK: usize = 6;

/// What is known while a tile is coded.
pub struct Search<'a> {
    settings: &'a Settings,
    chroma: Chroma,
    edges: Edges,
    writer: Writer,
    costs: Box<Costs>,
    source: Source<'a>,
    canvas: Canvas,
    leaves: Leaves,
    bench: Box<Bench>,
    /// What blocks of each size were before their quarters were tried.
    aside: [Aside; 4],
}

/// A whole block that is kept until its quarters are known.
#[derive(Default)]
struct Aside {
    leaves: Leaves,
    samples: Vec<u8>,
}

impl<'a> Search<'a> {
    /// For one tile of a picture of one plane or three.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn new(
        settings: &'a Settings,
        chroma: Chroma,
        planes: &[Plane<'a>],
        tile: &Tile,
    ) -> Result<Self, Failure> {
        let writer = Writer::new(settings.index);
        Ok(Self {
            settings,
            chroma,
            edges: Edges::new(tile.width, tile.height, chroma)?,
            costs: Costs::new(writer.cdfs()),
            writer,
            source: Source::new(planes, tile, chroma)?,
            canvas: Canvas::new(tile, chroma)?,
            leaves: Leaves::default(),
            bench: Box::default(),
            aside: Default::default(),
        })
    }

    /// Decides and writes everything. Then [`Search::finish`] has the bytes.
    pub fn run(&mut self, tile: &Tile) {
        let side = 1 << SUPERBLOCK;
        for y in (0..tile.height).step_by(side) {
            self.edges.begin_row();
            for x in (0..tile.width).step_by(side) {
                self.superblock(Place { x, y, log2: SUPERBLOCK });
            }
        }
    }

    /// The bytes of the tile.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn finish(self) -> Result<Vec<u8>, Failure> {
        self.writer.finish()
    }

    /// A plane as decoders see it before their filters, in rows of so many samples, which may go on behind the
    /// tile's edges.
    #[cfg(test)]
    pub fn seen(&self, plane: usize) -> (&[u8], usize) {
        let view = self.canvas.plane(plane, Place { x: 0, y: 0, log2: 2 }).unwrap();
        (view.samples, view.stride)
    }

    fn superblock(&mut self, place: Place) {
        self.source.load(place);
        self.costs.renew(self.writer.cdfs());
        self.leaves.clear();
        let before = self.edges.save(place);
        self.best(place, u64::MAX);
        self.edges.restore(place, &before);
        let leaves = core::mem::take(&mut self.leaves);
        let mut index = 0;
        self.write(place, &leaves, &mut index);
        self.leaves = leaves;
    }

    /// Writes what was decided, in the order that it was decided in.
    fn write(&mut self, place: Place, leaves: &Leaves, index: &mut usize) {
        if !self.edges.is_inside(place.x, place.y) {
            return;
        }
        match leaves.get(*index) {
            Some(block) if block.place == place => {
                if place.log2 > 2 {
                    self.writer.partition(&self.edges, place, false);
                }
                self.writer.block(&mut self.edges, block, leaves.levels(*index, self.chroma));
                *index += 1;
            }
            _ if place.log2 > 2 => {
                self.writer.partition(&self.edges, place, true);
                quarters(place).into_iter().for_each(|quarter| self.write(quarter, leaves, index));
            }
            _ => {}
        }
    }

    /// Decides on a square, and leaves its reconstruction and its edges as decoders will see them. What
    /// costs more than `limit` may be left undone.
    fn best(&mut self, place: Place, limit: u64) -> u64 {
        if self.edges.must_split(place) || place.log2 > self.settings.sides.1 {
            return self.split(place, limit);
        }
        let before = self.edges.save(place);
        let start = self.leaves.mark();
        let lambda = self.settings.lambda;
        let said = match place.log2 {
            2 => 0,
            log2 => self.costs.partition(self.edges.partition(place), log2, false),
        };
        let whole = self.whole(place) + lambda.of(said);
        if place.log2 <= self.settings.sides.0 || self.is_plain(place, whole) {
            return whole;
        }
        let after = self.edges.save(place);
        self.set_aside(place, start);
        self.edges.restore(place, &before);
        let split = self.split(place, whole.min(limit));
        if split < whole {
            return split;
        }
        self.take_back(place, start, &after);
        whole
    }

    /// The cost of four quarters.
    fn split(&mut self, place: Place, limit: u64) -> u64 {
        let said = self.costs.partition(self.edges.partition(place), place.log2, true);
        let mut cost = self.settings.lambda.of(said);
        for quarter in quarters(place) {
            if cost >= limit {
                return u64::MAX;
            }
            if self.edges.is_inside(quarter.x, quarter.y) {
                cost = cost.saturating_add(self.best(quarter, limit - cost));
            }
        }
        cost
    }

    /// Whether quarters of a block need not be tried: it is coded almost for nothing as it is.
    fn is_plain(&self, place: Place, whole: u64) -> bool {
        let Some(block) = self.leaves.last() else { return false };
        let pixels = 1u64 << (2 * place.log2);
        block.skip && whole < self.settings.lambda.of(256) * pixels / 64
    }

    fn set_aside(&mut self, place: Place, start: leaf::Mark) {
        let Some(aside) = self.aside.get_mut(place.log2 - 2) else { return };
        aside.leaves.clear();
        self.leaves.move_to(start, &mut aside.leaves);
        aside.samples.clear();
        self.canvas.save(place, self.chroma, &mut aside.samples);
    }

    fn take_back(&mut self, place: Place, start: leaf::Mark, after: &Saved) {
        let Some(aside) = self.aside.get_mut(place.log2 - 2) else { return };
        self.leaves.truncate(start);
        aside.leaves.move_to(leaf::Mark::START, &mut self.leaves);
        self.canvas.restore(place, self.chroma, &aside.samples);
        self.edges.restore(place, after);
    }
}

/// The quarters of a square, in the order of coding.
fn quarters(place: Place) -> [Place; 4] {
    let log2 = place.log2 - 1;
    let half = 1 << log2;
    [(0, 0), (half, 0), (0, half), (half, half)].map(|(right, down)| Place {
        x: place.x + right,
        y: place.y + down,
        log2,
    })
}
