//! Palettes, and colours as their numbers.

use super::cells::Cells;
use super::divide::{Part, divide};
use super::nearest::{NONE, Nearest};
use super::refine::refine;
use super::space::{Place, place, premultiplied};
use crate::budget::zeros;
use crate::failure::Failure;

/// Most colours of a palette: one of its numbers is for what is not seen at all.
pub const MOST: usize = 255;

/// The number of what is not seen.
pub const CLEAR: u8 = 0;

/// Cells of opaque colours that have the same nearest one: 64 levels of each sample.
const CELLS: usize = 1 << 18;

/// Slots of the table of exact colours.
const SLOTS: usize = 1_024;

/// Colours that have numbers from 1 on, and what is known of others.
pub struct Palette {
    colours: Vec<[u8; 4]>,
    /// Numbers of colours that are in the palette, by hash; and of the nearest one for each cell of
    /// opaque colours. 0 is not known yet.
    exact: Vec<u8>,
    cells: Vec<u8>,
    /// Those that are not opaque, and the others.
    nearest: [Nearest; 2],
    /// The mean of the squared errors when the colours were found.
    error: u64,
}

impl Palette {
    /// One without colours.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn new() -> Result<Self, Failure> {
        let mut colours = Vec::new();
        let bytes = MOST * size_of::<[u8; 4]>();
        colours.try_reserve_exact(MOST).map_err(|_| Failure::out_of_memory(bytes))?;
        let nearest = [Nearest::default(), Nearest::default()];
        Ok(Self { colours, exact: zeros(SLOTS)?, cells: zeros(CELLS)?, nearest, error: 0 })
    }

    /// Bytes that one takes.
    pub const MEMORY: u64 = (MOST * (4 + 2 * size_of::<(Place, u8)>()) + SLOTS + CELLS) as u64 + 64;

    /// The best colours for a histogram, at most so many, and no more than bring the mean of the squared
    /// errors down to about `error`.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn of(cells: &mut Cells, most: usize, error: u64) -> Result<Self, Failure> {
        let mut palette = Self::new()?;
        let parts = divide(&mut cells.points, cells.clear, most.min(MOST), error);
        let (before, behind): (Vec<&Part>, Vec<&Part>) =
            parts.iter().partition(|part| part.start < cells.clear);
        let clear = before.len();
        let centres = before.iter().chain(&behind).map(|part| part.place).collect();
        palette.colours = refine(cells, centres, clear);
        (0..palette.colours.len()).for_each(|index| palette.learn(index));
        palette.sort();
        palette.error = palette.error_of(cells);
        Ok(palette)
    }

    /// The colours, as many of them as there are.
    pub fn colours(&self) -> &[[u8; 4]] {
        &self.colours
    }

    /// Adds colours, unless they become too many: then it stays as it was.
    pub fn extend(&mut self, colours: impl Iterator<Item = [u8; 4]>) -> bool {
        let before = self.colours.len();
        for colour in colours {
            if self.number(colour).is_some() {
                continue;
            }
            if self.colours.len() == MOST {
                self.colours.truncate(before);
                self.exact.fill(0);
                (0..before).for_each(|index| self.learn(index));
                return false;
            }
            self.colours.push(colour);
            self.learn(self.colours.len() - 1);
        }
        if self.colours.len() > before {
            self.sort();
        }
        true
    }

    /// The mean of the squared errors of what the colours were found for.
    pub fn error(&self) -> u64 {
        self.error
    }

    /// The mean of the squared errors of a histogram, where nothing is exact.
    pub fn error_of(&self, cells: &Cells) -> u64 {
        let (mut sum, mut count) = (0_u64, 0_u64);
        for (index, point) in cells.points.iter().enumerate() {
            let nearest = &self.nearest[usize::from(index >= cells.clear)];
            sum += nearest.find(&point.place, NONE).1 as u64 * u64::from(point.count);
            count += u64::from(point.count);
        }
        sum / count.max(1)
    }

    /// The number of a colour that is in it.
    #[inline(always)]
    pub fn number(&self, colour: [u8; 4]) -> Option<u8> {
        let number = self.exact.get(self.slot(colour)).copied().unwrap_or(0);
        (number > 0).then_some(number)
    }

    /// The number of the colour that is nearest to premultiplied samples, among those that are `opaque`
    /// or among the others: nobody is to see through what was opaque.
    #[inline(always)]
    pub fn near(&mut self, samples: [u8; 4], opaque: bool) -> u8 {
        let [r, g, b, _] = samples;
        let [few, rest] = &self.nearest;
        if !opaque {
            return few.find(&place(samples.map(i32::from)), NONE).0;
        }
        let cell = usize::from(r >> 2) << 12 | usize::from(g >> 2) << 6 | usize::from(b >> 2);
        let Some(number) = self.cells.get_mut(cell) else { return CLEAR };
        if *number == 0 {
            *number = rest.find(&place(samples.map(i32::from)), NONE).0;
        }
        *number
    }

    /// Sorts the colours anew to find those that are near.
    fn sort(&mut self) {
        self.cells.fill(0);
        let places = || {
            self.colours.iter().zip(1..=u8::MAX).map(|(colour, number)| {
                (place(premultiplied(*colour).map(i32::from)), number, colour[3] == 255)
            })
        };
        self.nearest = [false, true].map(|opaque| {
            let places = places().filter(|(.., is_opaque)| *is_opaque == opaque);
            Nearest::of(places.map(|(place, number, _)| (place, number)))
        });
    }

    fn learn(&mut self, index: usize) {
        let Some(colour) = self.colours.get(index) else { return };
        let slot = self.slot(*colour);
        if let Some(place) = self.exact.get_mut(slot) {
            *place = index as u8 + 1;
        }
    }

    /// Where the number of a colour is, or would be.
    #[inline(always)]
    fn slot(&self, colour: [u8; 4]) -> usize {
        let mut slot = (u32::from_le_bytes(colour).wrapping_mul(0x9e37_79b1) >> 22) as usize;
        loop {
            match self.exact.get(slot) {
                Some(0) | None => return slot,
                Some(number) if self.colours.get(usize::from(*number) - 1) == Some(&colour) => {
                    return slot;
                }
                Some(_) => slot = (slot + 1) % SLOTS,
            }
        }
    }
}
