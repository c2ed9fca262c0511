//! The rows of samples that are held: a row of macroblocks, and what the filter may still change of
//! the one above it.

use super::filter::{Edges, Plane};
use super::macroblock::Samples;
use crate::budget::zeros;
use crate::failure::Failure;

/// Rows of luma that are given later than those below them are made: the filter changes three, and
/// whole pairs of chroma rows are given.
const DELAY: usize = 8;

/// Takes the rows of a picture.
pub trait Sink {
    /// Takes two rows of luma, and the row of Cb and of Cr that belongs to them. The rows are filled
    /// up to whole macroblocks; below an odd height the second row of luma is nothing.
    fn rows(&mut self, luma: [&[u8]; 2], chroma: [&[u8]; 2]);
}

/// Samples of a row of macroblocks and of some rows above.
pub struct Strip {
    /// Macroblocks of a row.
    wide: usize,
    luma: Vec<u8>,
    /// By macroblock eight samples of Cb and eight of Cr.
    chroma: Vec<u8>,
    /// A row of each chroma plane.
    cb: Vec<u8>,
    cr: Vec<u8>,
}

/// Bytes that a strip for so many macroblocks takes.
pub fn memory(wide: u64) -> u64 {
    (16 + DELAY as u64) * wide * 16 * 3 / 2 + wide * 16
}

impl Strip {
    pub fn new(wide: usize) -> Result<Self, Failure> {
        let stride = wide * 16;
        Ok(Self {
            wide,
            luma: zeros((16 + DELAY) * stride)?,
            chroma: zeros((16 + DELAY) / 2 * stride)?,
            cb: zeros(wide * 8)?,
            cr: zeros(wide * 8)?,
        })
    }

    /// Puts macroblock `x` in its place.
    pub fn put(&mut self, x: usize, samples: &Samples) {
        let stride = self.wide * 16;
        let rows = self.luma.chunks_exact_mut(stride).skip(DELAY).zip(&samples.luma);
        let chroma = self.chroma.chunks_exact_mut(stride).skip(DELAY / 2).zip(&samples.chroma);
        for (row, samples) in rows.chain(chroma) {
            if let Some(place) = row.get_mut(x * 16..x * 16 + 16) {
                place.copy_from_slice(samples);
            }
        }
    }

    /// Filters macroblock `x`.
    pub fn filter(&mut self, x: usize, edges: Edges) {
        let stride = self.wide * 16;
        let at = DELAY * stride + x * 16;
        edges.luma(&mut Plane { samples: &mut self.luma, stride, at });
        let at = DELAY / 2 * stride + x * 16;
        edges.chroma(&mut Plane { samples: &mut self.chroma, stride, at });
    }

    /// Gives the rows that will not be changed any more, and moves up by a row of macroblocks.
    /// Those from `last` on, if there are such, are below the picture.
    pub fn give(&mut self, first: bool, last: Option<usize>, sink: &mut impl Sink) {
        let stride = self.wide * 16;
        let from = if first { DELAY } else { 0 };
        let to = last.map_or(16, |last| DELAY + last);
        let pairs = self.luma.chunks(2 * stride).zip(self.chroma.chunks_exact(stride));
        for (luma, chroma) in pairs.take(to.div_ceil(2)).skip(from / 2) {
            let (upper, lower) = luma.split_at(stride);
            let cells = chroma.as_chunks::<16>().0.iter();
            let planes =
                self.cb.as_chunks_mut::<8>().0.iter_mut().zip(self.cr.as_chunks_mut::<8>().0);
            for (cell, (cb, cr)) in cells.zip(planes) {
                *cb = core::array::from_fn(|i| cell[i]);
                *cr = core::array::from_fn(|i| cell[i + 8]);
            }
            sink.rows([upper, lower], [&self.cb, &self.cr]);
        }
        self.luma.copy_within(16 * stride.., 0);
        self.chroma.copy_within(8 * stride.., 0);
    }
}
