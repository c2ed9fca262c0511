//! The rows of a picture, in one pass or in seven (PNG §8).

use selvedge_plan::geometry::Size;

use super::pixels::LANES;
use super::samples::Samples;
use super::unfilter::unfilter;
use crate::budget::zeros;
use crate::codec::png::header::Ihdr;
use crate::failure::Failure;
use crate::inflate::{Inflate, LARGE};

/// Where passes begin, left and top, and by how much they go on (§8.2).
type Pass = [usize; 4];

const ADAM7: [Pass; 7] = [
    [0, 0, 8, 8],
    [4, 0, 8, 8],
    [0, 4, 4, 8],
    [2, 0, 4, 4],
    [0, 2, 2, 4],
    [1, 0, 2, 2],
    [0, 1, 1, 2],
];

/// Where the pixels of a row belong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub y: usize,
    /// Where the first one does.
    pub left: usize,
    /// By how much the next one is farther right.
    pub across: usize,
}

/// The rows of a picture under way.
pub struct Rows<'a> {
    size: Size,
    passes: &'static [Pass],
    inflate: Inflate<'a>,
    pixel_bits: usize,
    row: Vec<u8>,
    above: Vec<u8>,
}

impl<'a> Rows<'a> {
    /// Of a picture as `ihdr` says, whose data comes in `pieces`.
    ///
    /// # Errors
    /// [`Failure::Malformed`], [`Failure::Truncated`] or [`Failure::OverBudget`].
    pub fn new(
        ihdr: &Ihdr,
        pieces: impl Iterator<Item = Result<&'a [u8], Failure>> + 'a,
    ) -> Result<Self, Failure> {
        let pixel_bits = ihdr.pixel_bits();
        let stride = stride(ihdr.size.width as usize, pixel_bits);
        let mut inflate = Inflate::new(room(stride))?;
        inflate.begin(Box::new(pieces))?;
        Ok(Self {
            size: ihdr.size,
            passes: if ihdr.interlaced { &ADAM7 } else { &[[0, 0, 1, 1]] },
            inflate,
            pixel_bits,
            row: zeros(stride + LANES)?,
            above: zeros(stride + LANES)?,
        })
    }

    /// Bytes that those of `wide` pixels take.
    pub fn memory(wide: u64) -> u64 {
        // Four samples of 16 bits.
        let stride = wide * 8;
        Inflate::memory(room(stride as usize) as u64) + (stride + LANES as u64) * 2
    }

    /// Gives all rows, as samples of 8 bits.
    ///
    /// # Errors
    /// [`Failure::Malformed`] or [`Failure::Truncated`]; what came before was given.
    pub fn each(
        mut self,
        samples: &mut Samples,
        mut give: impl FnMut(Place, &[u8]),
    ) -> Result<(), Failure> {
        let (wide, high) = (self.size.width as usize, self.size.height as usize);
        let pixel = self.pixel_bits.div_ceil(8);
        for &[left, top, across, down] in self.passes {
            let count = wide.saturating_sub(left).div_ceil(across);
            // A pass without pixels has no rows either.
            if count == 0 {
                continue;
            }
            let stride = stride(count, self.pixel_bits);
            self.row.fill(0);
            for y in (top..high).step_by(down) {
                core::mem::swap(&mut self.row, &mut self.above);
                let filtered = self.inflate.take(stride + 1)?;
                let row = self.row.get_mut(..stride + LANES).unwrap_or_default();
                unfilter(filtered, &self.above, pixel, row)?;
                let row = self.row.get(..stride).unwrap_or_default();
                give(Place { y, left, across }, samples.of_row(row, count));
            }
        }
        Ok(())
    }
}

/// Bytes that so many pixels take.
fn stride(pixels: usize, pixel_bits: usize) -> usize {
    (pixels * pixel_bits).div_ceil(8)
}

/// Room for a row, and the number of its filter.
fn room(stride: usize) -> usize {
    LARGE.max(stride + 1)
}
