//! What blocks above and at the left leave for those after them (contexts, AV1 §8.3.2), within a tile.

use super::cdf::class;
use super::{Chroma, Mode, Place};
use crate::budget::zeros;
use crate::failure::Failure;

/// Cells of 4 pixels of a superblock's side.
const CELLS: usize = 16;

impl Default for Cell {
    fn default() -> Self {
        Self::NOTHING
    }
}

/// What is left of a transform block: whether it had levels, and the sign of DC's.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Trace(u8);

impl Trace {
    /// There were no levels.
    pub const NOTHING: Self = Self(0);

    /// Of levels by rows, of which there are so many in the order of coding.
    pub fn of(levels: &[i16], end: usize) -> Self {
        let sign = levels.first().map_or(0, |dc| dc.signum());
        if end == 0 { Self::NOTHING } else { Self((2 + sign) as u8) }
    }

    /// The sign of DC.
    const fn sign(self) -> i32 {
        match self.0 {
            1 => -1,
            3 => 1,
            _ => 0,
        }
    }
}

/// What is left in 4 pixels.
#[derive(Clone, Copy)]
struct Cell {
    /// The log2 of the block's side.
    log2: u8,
    skip: bool,
    /// The class of its mode.
    mode: u8,
    /// By plane. Where chroma is halved, two cells say the same.
    traces: [Trace; 3],
}

impl Cell {
    /// What is assumed where there is nothing.
    const NOTHING: Self = Self { log2: 6, skip: false, mode: 0, traces: [Trace::NOTHING; 3] };
}

/// What a transform block's symbols depend on.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Context {
    /// Of there being no levels.
    pub all_zero: u8,
    /// Of DC's sign.
    pub sign: u8,
}

/// What can be said of how a block is cut.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Partition {
    /// Anything.
    Inside(usize),
    /// Into four, or horizontally, as its lower half is outside.
    Below(usize),
    /// Into four, or vertically, as its right half is outside.
    Right(usize),
    /// Nothing: it is cut into four.
    Implied,
}

/// The state of the edges of what is coded.
pub struct Edges {
    chroma: Chroma,
    /// The tile, in cells that are there; even, as they are counted by 8 pixels.
    width: usize,
    height: usize,
    /// Whole superblocks.
    above: Vec<Cell>,
    left: [Cell; CELLS],
}

/// The state of a block's edges.
pub struct Saved {
    above: [Cell; CELLS],
    left: [Cell; CELLS],
}

impl Edges {
    /// For a tile, in pixels.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn new(width: usize, height: usize, chroma: Chroma) -> Result<Self, Failure> {
        Ok(Self {
            chroma,
            width: width.div_ceil(8) * 2,
            height: height.div_ceil(8) * 2,
            above: zeros(width.div_ceil(64) * CELLS)?,
            left: [Cell::NOTHING; CELLS],
        })
    }

    /// Begins a row of superblocks.
    pub fn begin_row(&mut self) {
        self.left = [Cell::NOTHING; CELLS];
    }

    /// What there is of chroma.
    pub fn chroma(&self) -> Chroma {
        self.chroma
    }

    /// Whether a block with this corner is in the picture.
    pub fn is_inside(&self, x: usize, y: usize) -> bool {
        x / 4 < self.width && y / 4 < self.height
    }

    /// How a block from 8×8 on can be cut.
    pub fn partition(&self, place: Place) -> Partition {
        let half = (1 << place.log2) / 2;
        let right = self.is_inside(place.x + half, place.y);
        let below = self.is_inside(place.x, place.y + half);
        let (above, left) = self.cells(place);
        let smaller = |cell: &Cell| usize::from(usize::from(cell.log2) < place.log2);
        let context = 2 * smaller(left) + smaller(above);
        match (right, below) {
            (true, true) => Partition::Inside(context),
            (true, false) => Partition::Below(context),
            (false, true) => Partition::Right(context),
            (false, false) => Partition::Implied,
        }
    }

    /// Whether a block must be cut into four.
    pub fn must_split(&self, place: Place) -> bool {
        place.log2 > 5 || !matches!(self.partition(place), Partition::Inside(_))
    }

    /// The context of having no levels at all.
    pub fn skip(&self, place: Place) -> usize {
        let (above, left) = self.cells(place);
        usize::from(above.skip) + usize::from(left.skip)
    }

    /// The contexts of luma's mode: by what is above, and by what is at the left.
    pub fn modes(&self, place: Place) -> (usize, usize) {
        let (above, left) = self.cells(place);
        (above.mode.into(), left.mode.into())
    }

    /// The cells next to a block's corner.
    fn cells(&self, place: Place) -> (&Cell, &Cell) {
        let above = self.above.get(place.x / 4).unwrap_or(&Cell::NOTHING);
        (above, &self.left[place.y / 4 % CELLS])
    }

    /// The contexts of the transform block that a plane of a block has.
    pub fn context(&self, plane: usize, place: Place) -> Context {
        let plane = plane.min(2);
        let (x, y, cells) = self.covered(plane > 0, place);
        let above = self.above.iter().skip(x).take(cells);
        let left = self.left.iter().skip(y).take(cells);
        let (mut any, mut sign) = ([0; 2], 0);
        let trace = |cell: &Cell| cell.traces[plane];
        for (above, left) in above.map(trace).zip(left.map(trace)) {
            any[0] |= above.0;
            any[1] |= left.0;
            sign += above.sign() + left.sign();
        }
        let sign = match sign {
            0 => 0,
            i32::MIN..0 => 1,
            _ => 2,
        };
        // Luma's transform is as large as its block, for which there is one context only.
        let any = any.into_iter().filter(|any| *any != 0).count() as u8;
        Context { all_zero: if plane == 0 { 0 } else { 1 + any }, sign }
    }

    /// The cells that a transform block covers: the first one across, the first one down in the
    /// superblock, and how many they are.
    fn covered(&self, chroma: bool, place: Place) -> (usize, usize, usize) {
        let (x, y, cells) = (place.x / 4, place.y / 4 % CELLS, (1 << place.log2) / 4);
        if chroma && cells == 1 && self.chroma == Chroma::Halved {
            // Four 4×4 blocks share one of chroma.
            (x & !1, y & !1, 2)
        } else {
            (x, y, cells)
        }
    }

    /// Says that a block is decided: its mode, whether it has no levels at all, and what is left of each
    /// plane (of those that it codes).
    pub fn set_block(&mut self, place: Place, mode: Mode, skip: bool, traces: [Trace; 3]) {
        let (x, y, cells) = self.covered(false, place);
        let inner = Cell { log2: place.log2 as u8, skip, mode: class(mode), traces };
        let set = |cell: &mut Cell| {
            let Cell { traces: [_, blue, red], .. } = *cell;
            *cell = Cell { traces: [inner.traces[0], blue, red], ..inner };
        };
        self.above.iter_mut().skip(x).take(cells).for_each(set);
        self.left.iter_mut().skip(y).take(cells).for_each(set);
        if place.has_chroma(self.chroma) {
            let (x, y, cells) = self.covered(true, place);
            let set = |cell: &mut Cell| {
                cell.traces[1] = inner.traces[1];
                cell.traces[2] = inner.traces[2];
            };
            self.above.iter_mut().skip(x).take(cells).for_each(set);
            self.left.iter_mut().skip(y).take(cells).for_each(set);
        }
        // What lies outside counts for nothing.
        let clear = |cell: &mut Cell| cell.traces = [Trace::NOTHING; 3];
        if x + cells > self.width {
            self.above.iter_mut().skip(self.width).for_each(clear);
        }
        let row = place.y / 4;
        if row + cells > self.height {
            let inside = self.height.saturating_sub(row - y);
            self.left.iter_mut().skip(inside).for_each(clear);
        }
    }

    /// The state of a block's edges, to come back to.
    pub fn save(&self, place: Place) -> Saved {
        let (x, y, cells) = self.covered(false, place);
        let mut saved = Saved { above: [Cell::NOTHING; CELLS], left: [Cell::NOTHING; CELLS] };
        let copy = |(to, from): (&mut Cell, &Cell)| *to = *from;
        saved.above.iter_mut().zip(self.above.iter().skip(x)).take(cells).for_each(copy);
        saved.left.iter_mut().zip(self.left.iter().skip(y)).take(cells).for_each(copy);
        saved
    }

    /// Comes back to what [`Self::save`] gave for the same block.
    pub fn restore(&mut self, place: Place, saved: &Saved) {
        let (x, y, cells) = self.covered(false, place);
        let copy = |(to, from): (&mut Cell, &Cell)| *to = *from;
        self.above.iter_mut().skip(x).zip(&saved.above).take(cells).for_each(copy);
        self.left.iter_mut().skip(y).zip(&saved.left).take(cells).for_each(copy);
    }
}
