//! The colours of a picture in cells, and the cells in boxes, of each of which one colour is taken.

use crate::budget::zeros;
use crate::failure::Failure;

/// Cells: 32 levels of red, 64 of green and 32 of blue.
const CELLS: usize = 1 << 16;

/// How much differences of red, green and blue are seen.
pub const WEIGHTS: [u32; 3] = [2, 4, 1];

/// The cell of a colour.
#[inline(always)]
fn cell([red, green, blue]: [u8; 3]) -> usize {
    usize::from(red >> 3) << 11 | usize::from(green >> 2) << 5 | usize::from(blue >> 3)
}

/// Most pixels that are counted: sums of so many samples have 32 bits.
const MOST_COUNTED: u64 = 1 << 24;

/// What is in a cell.
#[derive(Clone, Copy, Default)]
struct Cell {
    count: u32,
    sums: [u32; 3],
}

impl Cell {
    fn colour(&self) -> [u8; 3] {
        let count = self.count.max(1);
        self.sums.map(|sum| ((sum + count / 2) / count) as u8)
    }
}

/// A histogram.
pub struct Cells {
    cells: Vec<Cell>,
}

impl Cells {
    /// Bytes that one takes.
    pub const MEMORY: u64 = (CELLS * size_of::<Cell>()) as u64 + 64;

    /// That of some pixels, of at most so many.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn of(pixels: impl Iterator<Item = [u8; 3]>, most: u64) -> Result<Self, Failure> {
        let mut cells: Vec<Cell> = zeros(CELLS)?;
        let step = most.div_ceil(MOST_COUNTED).max(1);
        for colour in pixels.step_by(step as usize) {
            if let Some(cell) = cells.get_mut(cell(colour)) {
                cell.count += 1;
                for (sum, sample) in cell.sums.iter_mut().zip(colour) {
                    *sum += u32::from(sample);
                }
            }
        }
        cells.retain(|cell| cell.count > 0);
        Ok(Self { cells })
    }

    /// The mean colours of the cells, and how many pixels have them.
    pub fn colours(&self) -> impl Iterator<Item = ([u8; 3], u32)> {
        self.cells.iter().map(|cell| (cell.colour(), cell.count))
    }

    /// Divides the cells into at most `count` boxes, always the one whose pixels differ most, at the mean
    /// of what they differ in most. Gives the mean colour of each, and tells the mean of the squared
    /// errors.
    pub fn divide(&mut self, count: usize, mut give: impl FnMut([u8; 3])) -> u64 {
        let all: u64 = self.cells.iter().map(|cell| u64::from(cell.count)).sum();
        let mut boxes = vec![Part::of(&self.cells, 0)];
        while boxes.len() < count {
            let widest = boxes.iter_mut().max_by_key(|part| part.error);
            let Some(part) = widest.filter(|part| part.error > 0 && part.length > 1) else { break };
            let cells = self.cells.get_mut(part.start..part.start + part.length);
            let cells = cells.unwrap_or_default();
            let (axis, mean) = (part.axis, part.mean);
            let mut low = 0;
            for at in 0..cells.len() {
                if cells.get(at).is_some_and(|cell| cell.colour()[axis] <= mean) {
                    cells.swap(low, at);
                    low += 1;
                }
            }
            let start = part.start;
            let (left, right) = cells.split_at(low);
            if left.is_empty() || right.is_empty() {
                part.error = 0;
                continue;
            }
            let right = Part::of(right, start + low);
            *part = Part::of(left, start);
            boxes.push(right);
        }
        boxes.iter().for_each(|part| give(part.colour));
        boxes.iter().map(|part| part.error).sum::<u64>() / all.max(1)
    }
}

/// A box of cells.
struct Part {
    start: usize,
    length: usize,
    colour: [u8; 3],
    /// The sum of the squared errors.
    error: u64,
    /// What the cells differ in most, and the mean of that.
    axis: usize,
    mean: u8,
}

impl Part {
    fn of(cells: &[Cell], start: usize) -> Self {
        let (mut count, mut sums, mut squares) = (0, [0_u64; 3], [0_u64; 3]);
        for cell in cells {
            let weight = u64::from(cell.count);
            count += weight;
            for (i, sample) in cell.colour().into_iter().map(u64::from).enumerate() {
                sums[i] += sample * weight;
                squares[i] += sample * sample * weight;
            }
        }
        let count = count.max(1);
        let errors: [u64; 3] = core::array::from_fn(|i| {
            (squares[i] - sums[i] * sums[i] / count) * u64::from(WEIGHTS[i])
        });
        let axis = (0..3).max_by_key(|i| errors[*i]).unwrap_or(0);
        let colour = sums.map(|sum| ((sum + count / 2) / count) as u8);
        let (error, mean) = (errors.iter().sum(), (sums[axis] / count) as u8);
        Self { start, length: cells.len(), colour, error, axis, mean }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_colours_are_found_as_they_are() {
        let colours = [[10, 20, 30], [200, 100, 0], [255, 255, 255], [10, 20, 60]];
        let pixels = (0..1_000).map(|i| colours[i % 4]);
        let mut found = Vec::new();
        let error = Cells::of(pixels, 1_000).unwrap().divide(255, |colour| found.push(colour));
        found.sort_unstable();
        let mut expected = colours.to_vec();
        expected.sort_unstable();
        assert_eq!((found, error), (expected, 0));
    }

    #[test]
    fn a_ramp_is_divided_evenly() {
        let pixels = (0..65_536).map(|i| [(i >> 8) as u8; 3]);
        let mut found = Vec::new();
        let error = Cells::of(pixels, 65_536).unwrap().divide(16, |colour| found.push(colour[0]));
        found.sort_unstable();
        assert_eq!(found.len(), 16);
        assert!(found.windows(2).all(|pair| (8..=24).contains(&(pair[1] - pair[0]))), "{found:?}");
        assert!(error < 7 * 40, "{error}");
    }
}
