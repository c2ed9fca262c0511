//! The colours of a picture in cells, as small as their number allows.

use super::space::{Place, place, premultiplied};
use crate::budget::zeros;
use crate::failure::Failure;

/// Most cells. What comes later takes time for each.
const MOST: usize = 1 << 13;

/// Slots of the table that they are looked up in.
const SLOTS: usize = 2 * MOST;

/// Most pixels that are counted: sums of so many samples have 32 bits.
const MOST_COUNTED: u64 = 1 << 24;

/// What is in a cell.
#[derive(Clone, Copy, Default)]
struct Cell {
    key: u32,
    count: u32,
    /// Of premultiplied samples.
    sums: [u32; 4],
    /// A colour that at least so many of the pixels have.
    common: [u8; 4],
    votes: u32,
}

impl Cell {
    fn add(&mut self, colour: [u8; 4], premultiplied: [u8; 4]) {
        self.count += 1;
        for (sum, sample) in self.sums.iter_mut().zip(premultiplied) {
            *sum += u32::from(sample);
        }
        // The vote of Boyer and Moore: who has more than half of all is left in the end.
        if self.common == colour {
            self.votes += 1;
        } else if self.votes == 0 {
            (self.common, self.votes) = (colour, 1);
        } else {
            self.votes -= 1;
        }
    }

    fn join(&mut self, other: &Self) {
        self.count += other.count;
        for (sum, other) in self.sums.iter_mut().zip(other.sums) {
            *sum += other;
        }
        if other.votes >= self.votes {
            (self.common, self.votes) = (other.common, other.votes);
        }
    }

    fn mean(&self) -> [u8; 4] {
        self.sums.map(|sum| ((sum + self.count / 2) / self.count.max(1)) as u8)
    }
}

/// Cells by their keys.
struct Table {
    slots: Vec<Cell>,
    count: usize,
    /// How many low bits of the samples do not tell cells apart.
    coarse: u32,
}

impl Table {
    fn new(coarse: u32) -> Result<Self, Failure> {
        Ok(Self { slots: zeros(SLOTS)?, count: 0, coarse })
    }

    /// The cell of premultiplied samples, perhaps an empty one.
    #[inline(always)]
    fn cell(&mut self, premultiplied: [u8; 4]) -> Option<&mut Cell> {
        let mask = 0xff << self.coarse & 0xff;
        // What is opaque is in no cell with what is not: its key is odd.
        let opaque = u32::from(premultiplied[3] == 255) << 24;
        let key = (u32::from_le_bytes(premultiplied) & (mask * 0x0101_0101)) | opaque;
        let mut slot = (key.wrapping_mul(0x9e37_79b1) >> 18) as usize % SLOTS;
        while self.slots.get(slot).is_some_and(|cell| cell.count > 0 && cell.key != key) {
            slot = (slot + 1) % SLOTS;
        }
        let cell = self.slots.get_mut(slot)?;
        cell.key = key;
        Some(cell)
    }

    /// Makes larger cells until there is room for another one.
    fn make_room(&mut self) -> Result<(), Failure> {
        while self.count >= MOST {
            let mut larger = Self::new(self.coarse + 1)?;
            for cell in self.slots.iter().filter(|cell| cell.count > 0) {
                if let Some(place) = larger.cell(cell.mean()) {
                    let is_new = place.count == 0;
                    place.join(cell);
                    larger.count += usize::from(is_new);
                }
            }
            *self = larger;
        }
        Ok(())
    }
}

/// Pixels of nearly one colour.
#[derive(Clone, Copy)]
pub struct Point {
    /// Their mean, premultiplied, and where that is.
    pub mean: [u8; 4],
    pub place: Place,
    pub count: u32,
    /// A colour that at least `votes` of them have.
    pub common: [u8; 4],
    pub votes: u32,
    /// Of the centre that is nearest.
    pub number: u8,
}

/// A histogram.
pub struct Cells {
    /// Those that are not opaque first.
    pub points: Vec<Point>,
    /// How many are not opaque.
    pub clear: usize,
}

impl Cells {
    /// Bytes that one takes.
    pub const MEMORY: u64 =
        (2 * SLOTS * size_of::<Cell>() + MOST * size_of::<Point>()) as u64 + 128;

    /// Most points.
    pub const MOST: usize = MOST;

    /// Work units that a palette takes for each.
    pub const WORK: u64 = 600;

    /// That of some pixels, of at most so many; those that are not seen at all do not count.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn of(pixels: impl Iterator<Item = [u8; 4]>, most: u64) -> Result<Self, Failure> {
        let mut table = Table::new(0)?;
        let step = most.div_ceil(MOST_COUNTED).max(1);
        for colour in pixels.step_by(step as usize).filter(|colour| colour[3] > 0) {
            let samples = premultiplied(colour);
            let Some(cell) = table.cell(samples) else { continue };
            let is_new = cell.count == 0;
            cell.add(colour, samples);
            if is_new {
                table.count += 1;
                table.make_room()?;
            }
        }
        let mut points = Vec::new();
        let bytes = table.count * size_of::<Point>();
        points.try_reserve_exact(table.count).map_err(|_| Failure::out_of_memory(bytes))?;
        let is_clear = |cell: &&Cell| cell.common[3] < 255;
        let all = || table.slots.iter().filter(|cell| cell.count > 0);
        points.extend(all().filter(is_clear).map(Point::of));
        let clear = points.len();
        points.extend(all().filter(|cell| !is_clear(cell)).map(Point::of));
        Ok(Self { points, clear })
    }
}

impl Point {
    fn of(cell: &Cell) -> Self {
        let Cell { count, common, votes, .. } = *cell;
        let mean = cell.mean();
        Self { mean, place: place(mean.map(i32::from)), count, common, votes, number: 0 }
    }
}
