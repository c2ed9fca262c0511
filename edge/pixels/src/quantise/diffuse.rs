//! Dithering: what a colour is wrong by goes to pixels beside and below (Floyd and Steinberg).

use super::palette::{CLEAR, Palette};
use super::space::{LEVEL, premultiplied};
use crate::budget::zeros;
use crate::failure::Failure;

/// Parts of an error that go on, of 16: to the next pixel, and to those behind it, below it and ahead of it
/// in the next row. A quarter is left out: with less, errors add up where no colour is near, and with more,
/// fewer colours show (SSIMULACRA2 of ten pictures in 255, 64 and 16 colours).
const PARTS: [i32; 4] = [5, 2, 4, 1];

/// What errors are counted in, parts of a level.
const UNIT: i32 = 16;

/// Farther than so many levels no error carries a sample: it would make dots beyond an edge.
const MOST: i32 = 24 * UNIT;

/// So small an error is left: it is not seen, and its dots would be.
const LEAST: i32 = UNIT;

/// The mean of the squared errors from which on it helps to make dots: that of one level.
const ROUGH: u64 = (LEVEL * LEVEL) as u64;

/// Errors on the way to the next row, which is gone through the other way.
pub struct Diffuser {
    rows: [Vec<[i16; 4]>; 2],
    backward: bool,
}

impl Diffuser {
    /// For rows of `width`.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn new(width: u32) -> Result<Self, Failure> {
        let width = width as usize + 2;
        Ok(Self { rows: [zeros(width)?, zeros(width)?], backward: false })
    }

    /// Bytes that one takes.
    pub fn memory(width: u32) -> u64 {
        (u64::from(width) + 2) * 16
    }

    /// Numbers for the colours of a row. Where colours are hardly wrong, nothing goes on: that would be seen
    /// more than what is wrong with them.
    pub fn row(&mut self, colours: &[[u8; 4]], palette: &mut Palette, numbers: &mut [u8]) {
        let [errors, below] = &mut self.rows;
        below.fill([0; 4]);
        let mut next = [0; 4];
        let last = numbers.len().saturating_sub(1);
        let cells = numbers.iter_mut().zip(colours).zip(errors.iter().skip(1));
        let mut put = |x: usize, ((number, colour), error): ((&mut u8, &[u8; 4]), &[i16; 4])| {
            let (ahead, behind) = if self.backward { (x, x + 2) } else { (x + 2, x) };
            let error = core::array::from_fn(|i| next[i] + i32::from(error[i]));
            let rest;
            (*number, rest) = choose(*colour, error, palette);
            next = rest.map(|rest| rest * PARTS[0] / 16);
            for (place, part) in [(behind, PARTS[1]), (x + 1, PARTS[2]), (ahead, PARTS[3])] {
                let Some(errors) = below.get_mut(place) else { continue };
                for (error, rest) in errors.iter_mut().zip(rest) {
                    *error += (rest * part / 16) as i16;
                }
            }
        };
        if self.backward {
            cells.rev().zip((0..=last).rev()).for_each(|(cell, x)| put(x, cell));
        } else {
            cells.zip(0..).for_each(|(cell, x)| put(x, cell));
        }
        self.rows.swap(0, 1);
        self.backward = !self.backward;
    }
}

/// The number for a colour with errors of others, and what it is wrong by.
#[inline(always)]
fn choose(colour: [u8; 4], error: [i32; 4], palette: &mut Palette) -> (u8, [i32; 4]) {
    if colour[3] == 0 {
        return (CLEAR, [0; 4]);
    }
    if error == [0; 4]
        && let Some(number) = palette.number(colour)
    {
        return (number, [0; 4]);
    }
    let meant = premultiplied(colour).map(i32::from);
    let mut wanted: [i32; 4] =
        core::array::from_fn(|i| meant[i] * UNIT + error[i].clamp(-MOST, MOST));
    if colour[3] == 255 {
        wanted[3] = 255 * UNIT;
    }
    let samples = wanted.map(|value| ((value + UNIT / 2) / UNIT).clamp(0, 255) as u8);
    let number = palette.near(samples, colour[3] == 255);
    let found = palette.colours().get(usize::from(number).wrapping_sub(1));
    let found = premultiplied(found.copied().unwrap_or_default()).map(i32::from);
    let is_rough = palette.error() >= ROUGH;
    let rest = core::array::from_fn(|i| {
        let rest = wanted[i] - found[i] * UNIT;
        if rest.abs() <= LEAST || !is_rough { 0 } else { rest }
    });
    (number, rest)
}
