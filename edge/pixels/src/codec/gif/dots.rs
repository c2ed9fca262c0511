//! A palette whose colours stand for others in dots of a pattern.
//!
//! The pattern is the same in all frames, so that what does not move does not flicker.

use crate::failure::Failure;
use crate::quantise::{Cells, LEVEL, MOST, Palette};

/// Colours, and how far the pattern moves others to find the nearest one.
pub struct Dots {
    pub palette: Palette,
    /// Levels of a sample to either side; none where colours are exact.
    spread: i32,
}

/// The mean of the squared errors that more colours are not worth their bytes for: that of a level.
const FINE: u64 = (LEVEL * LEVEL) as u64;

impl Dots {
    /// Bytes that they take.
    pub const MEMORY: u64 = Palette::MEMORY;

    /// Without colours.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn new() -> Result<Self, Failure> {
        Ok(Self { palette: Palette::new()?, spread: 0 })
    }

    /// The best ones for a histogram.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn of(cells: &mut Cells) -> Result<Self, Failure> {
        let palette = Palette::of(cells, MOST, FINE)?;
        // Twice as far as samples are from those that stand for them: of the photographs that were
        // tried the scores were best there.
        let spread = (palette.error().isqrt() / LEVEL as u64 * 2).min(16) as i32;
        Ok(Self { palette, spread })
    }

    /// The number of the colour that stands for an opaque one at a place.
    #[inline(always)]
    pub fn number(&mut self, colour: [u8; 4], x: usize, y: usize) -> u8 {
        if let Some(number) = self.palette.number(colour) {
            return number;
        }
        let level = i32::from(PATTERN[y % 8][x % 8]) * 2 - 63;
        let [r, g, b] = [colour[0], colour[1], colour[2]]
            .map(|sample| (i32::from(sample) + level * self.spread / 63).clamp(0, 255) as u8);
        self.palette.near([r, g, b, 255], true)
    }
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
