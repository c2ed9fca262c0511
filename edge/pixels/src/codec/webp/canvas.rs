//! From the decoded rows of a frame to the rows of its canvas, in packed pixels.

use super::header::Picture;
use crate::budget::Job;
use crate::failure::Failure;
use crate::raster::Channels;
use crate::reduce::Reduce;
use crate::simd::U8x16;

/// Whatever takes the decoded rows of a picture.
pub trait Rows {
    /// Takes the next one: pixels of alpha, red, green and blue from the top bits down.
    fn row(&mut self, pixels: &[u32]);
}

/// A canvas under way. What the frame does not cover is transparent.
pub struct Canvas<'a> {
    way: &'a mut Reduce,
    channels: Channels,
    row: Vec<u8>,
    /// Bytes of `row` that the frame covers.
    covered: core::ops::Range<usize>,
    /// Rows that are still to come above the frame's, and below.
    above: u32,
    below: u32,
}

impl<'a> Canvas<'a> {
    pub fn new(
        picture: &Picture<'_>,
        way: &'a mut Reduce,
        channels: Channels,
        job: &Job<'_>,
    ) -> Result<Self, Failure> {
        let count = channels.count();
        let row = job.bytes(picture.canvas.width as usize * count)?;
        let start = picture.place.0 as usize * count;
        let above = picture.place.1;
        way.begin(channels, job)?;
        Ok(Self {
            way,
            channels,
            row,
            covered: start..start + picture.size.width as usize * count,
            above,
            below: picture.canvas.height.saturating_sub(above + picture.size.height),
        })
    }

    /// Ends the picture, after all rows of the frame.
    pub fn finish(mut self) {
        self.blank(self.below);
    }

    fn blank(&mut self, rows: u32) {
        self.row.fill(0);
        for _ in 0..rows {
            self.way.row(&self.row);
        }
    }
}

impl Rows for Canvas<'_> {
    fn row(&mut self, pixels: &[u32]) {
        if self.above > 0 {
            self.blank(self.above);
            self.above = 0;
        }
        if !self.way.wants(1) {
            return;
        }
        let covered = self.row.get_mut(self.covered.clone()).unwrap_or_default();
        if self.channels == Channels::Rgba {
            to_rgba(pixels, covered);
        } else {
            to_rgb(pixels, covered);
        }
        self.way.row(&self.row);
    }
}

/// Puts red first.
fn to_rgba(pixels: &[u32], out: &mut [u8]) {
    let (fours, rest) = pixels.as_chunks::<4>();
    let (places, last) = out.as_chunks_mut::<16>();
    for (four, place) in fours.iter().zip(places) {
        let four = U8x16::load_words(four);
        four.pick::<2, 1, 0, 3, 6, 5, 4, 7, 10, 9, 8, 11, 14, 13, 12, 15>(four).store(place);
    }
    for (pixel, place) in rest.iter().zip(last.as_chunks_mut().0) {
        let [blue, green, red, alpha] = pixel.to_le_bytes();
        *place = [red, green, blue, alpha];
    }
}

/// Drops alpha.
fn to_rgb(pixels: &[u32], mut out: &mut [u8]) {
    let (mut fours, _) = pixels.as_chunks::<4>();
    // Twelve bytes at a time are made, and sixteen written.
    while let ([four, rest @ ..], Some(place)) = (fours, out.first_chunk_mut()) {
        let four = U8x16::load_words(four);
        four.pick::<2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, 0, 0, 0, 0>(four).store(place);
        out = out.get_mut(12..).unwrap_or_default();
        fours = rest;
    }
    let left = pixels.len().saturating_sub(out.len() / 3);
    for (place, pixel) in out.as_chunks_mut().0.iter_mut().zip(pixels.iter().skip(left)) {
        let [blue, green, red, _] = pixel.to_le_bytes();
        *place = [red, green, blue];
    }
}
