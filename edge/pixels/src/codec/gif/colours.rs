//! Palettes, and pixels as numbers of their colours.

use super::median::{Cells, WEIGHTS};
use crate::budget::zeros;
use crate::failure::Failure;

/// Most colours of a palette: one of its numbers is for what is transparent.
pub const MOST: usize = 255;

/// The number of what is transparent.
pub const CLEAR: u8 = 0;

/// Cells of colours that have the same nearest one: 64 levels of each sample.
const CELLS: usize = 1 << 18;

/// Colours that have numbers from 1 on, and what is known of others.
pub struct Palette {
    colours: Vec<[u8; 3]>,
    /// Numbers of colours that are in the palette, by hash; and of the nearest one for each cell of
    /// colours. 0 is not known yet.
    exact: Vec<u8>,
    nearest: Vec<u8>,
    /// How far the pattern of dots moves a sample to either side, where colours are not exact.
    spread: i32,
}

/// Slots of the table of exact colours.
const SLOTS: usize = 1_024;

impl Palette {
    /// One without colours.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn new() -> Result<Self, Failure> {
        let mut colours = Vec::new();
        let bytes = MOST * size_of::<[u8; 3]>();
        colours.try_reserve_exact(MOST).map_err(|_| Failure::out_of_memory(bytes))?;
        Ok(Self { colours, exact: zeros(SLOTS)?, nearest: zeros(CELLS)?, spread: 0 })
    }

    /// Bytes that one takes.
    pub const MEMORY: u64 = (MOST * 3 + SLOTS + CELLS) as u64 + 64;

    /// The colours, as many of them as there are.
    pub fn colours(&self) -> &[[u8; 3]] {
        &self.colours
    }

    /// Adds colours, unless they become too many: then it stays as it was.
    pub fn extend(&mut self, colours: impl Iterator<Item = [u8; 3]>) -> bool {
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
            self.nearest.fill(0);
        }
        true
    }

    /// Replaces the colours by the best ones for a histogram; gives the mean of the squared errors.
    pub fn renew(&mut self, cells: &mut Cells) -> u64 {
        self.colours.clear();
        self.exact.fill(0);
        self.nearest.fill(0);
        let error = cells.divide(MOST, |colour| self.colours.push(colour));
        (0..self.colours.len()).for_each(|index| self.learn(index));
        // Twice as far as samples are from those that stand for them: of the photographs that were
        // tried the scores were best there.
        let mean = error / WEIGHTS.into_iter().map(u64::from).sum::<u64>();
        self.spread = (mean.isqrt() * 2).min(16) as i32;
        error
    }

    /// The mean of the squared errors of a histogram, where nothing is exact.
    pub fn error(&mut self, cells: &Cells) -> u64 {
        let (mut sum, mut count) = (0_u64, 0_u64);
        for (colour, weight) in cells.colours() {
            let near = self.near(colour);
            let near = self.colours.get(usize::from(near).wrapping_sub(1)).copied();
            sum += u64::from(distance(colour, near.unwrap_or_default())) * u64::from(weight);
            count += u64::from(weight);
        }
        sum / count.max(1)
    }

    /// The number of a colour that is in it.
    #[inline(always)]
    pub fn number(&self, colour: [u8; 3]) -> Option<u8> {
        let number = self.exact.get(self.slot(colour)).copied().unwrap_or(0);
        (number > 0).then_some(number)
    }

    /// The number of the colour that stands for another one at a place: dots of a pattern that is the
    /// same in all frames, so that what does not move does not flicker.
    #[inline(always)]
    pub fn dotted(&mut self, colour: [u8; 3], x: usize, y: usize) -> u8 {
        if let Some(number) = self.number(colour) {
            return number;
        }
        let level = i32::from(PATTERN[y % 8][x % 8]) * 2 - 63;
        let moved =
            colour.map(|sample| (i32::from(sample) + level * self.spread / 63).clamp(0, 255) as u8);
        self.near(moved)
    }

    fn near(&mut self, colour: [u8; 3]) -> u8 {
        let Some(place) = self.nearest.get_mut(cell(colour)) else { return CLEAR };
        if *place == 0 {
            let distances = self.colours.iter().map(|other| distance(colour, *other));
            let nearest = distances.zip(1..=u8::MAX).min_by_key(|(distance, _)| *distance);
            *place = nearest.map_or(CLEAR, |(_, number)| number);
        }
        *place
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
    fn slot(&self, colour: [u8; 3]) -> usize {
        let [r, g, b] = colour.map(u32::from);
        let mut slot = ((r << 16 | g << 8 | b).wrapping_mul(0x9e37_79b1) >> 22) as usize;
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

/// How far apart two colours look.
#[inline(always)]
fn distance(one: [u8; 3], other: [u8; 3]) -> u32 {
    let square = |i: usize| u32::from(one[i].abs_diff(other[i])).pow(2);
    WEIGHTS[0] * square(0) + WEIGHTS[1] * square(1) + WEIGHTS[2] * square(2)
}

/// The cell of a colour.
#[inline(always)]
fn cell([red, green, blue]: [u8; 3]) -> usize {
    usize::from(red >> 2) << 12 | usize::from(green >> 2) << 6 | usize::from(blue >> 2)
}

/// Bayer's pattern of 8 × 8 levels.
const PATTERN: [[u8; 8]; 8] = {
    let mut pattern = [[0; 8]; 8];
    let mut y = 0;
    while y < 8 {
        let mut x = 0;
        while x < 8 {
            let (mut level, mut bit) = (0, 0);
            while bit < 3 {
                let (a, b) = ((x >> bit) & 1, (y >> bit) & 1);
                level |= ((a ^ b) << 1 | b) << (2 * (2 - bit));
                bit += 1;
            }
            pattern[y][x] = level as u8;
            x += 1;
        }
        y += 1;
    }
    pattern
};
