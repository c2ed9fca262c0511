//! The final filter: Lanczos to shrink, Catmull-Rom to enlarge, row by row.
//!
//! Rows come in as the decoder and the box yield them; of these only as many are kept as one row
//! of the output needs. Columns are filtered first, since that needs no shuffling of lanes and is
//! the larger part; then each of the few rows that are left is filtered along itself.

mod kernel;
mod light;
mod packed;
mod taps;

use selvedge_plan::geometry::Size;

use crate::budget::Job;
use crate::failure::Failure;
use crate::raster::{Channels, Raster};
use crate::simd::I16x8;
use light::Light;
use taps::Taps;

/// A rectangle in samples of a raster, edges between samples included. It may stand out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CropBox {
    pub left: f64,
    pub top: f64,
    pub width: f64,
    pub height: f64,
}

/// A filter under way.
pub struct Filter {
    /// If light is summed up.
    light: Option<Light>,
    across: Taps,
    down: Taps,
    /// The last rows that came, weighted by their alpha, in a ring of pairs: an even row and the odd
    /// one after it, sample by sample, since that is how they are multiplied.
    ring: Vec<i16>,
    /// Pairs of the ring.
    depth: usize,
    /// The even row whose partner has not come, and room for that.
    even: Vec<i16>,
    odd: Vec<i16>,
    /// Samples of a row, and what fills up its last vectors.
    stride: usize,
    came: usize,
    /// How many rows there will be.
    rows: usize,
    given: usize,
    /// One row filtered down, and one channel of it.
    row: Vec<i16>,
    channel: Vec<i16>,
    /// One row of each channel filtered across.
    line: Vec<i16>,
    out: Raster,
}

impl Filter {
    /// A filter from `crop` of rows of size `from` to `to`, of the light of samples if it is `linear`.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn new(
        from: Size,
        crop: CropBox,
        to: Size,
        channels: Channels,
        linear: bool,
        job: &Job<'_>,
    ) -> Result<Self, Failure> {
        let across = Taps::new(from.width, crop.left, crop.width, to.width);
        let down = Taps::new(from.height, crop.top, crop.height, to.height);
        let depth = down.pairs();
        let stride = (from.width as usize * channels.count()).next_multiple_of(16);
        let samples = job.bytes(to.pixels() as usize * channels.count())?;
        Ok(Self {
            light: linear.then(Light::new).transpose()?,
            ring: job.words(depth * 2 * stride)?,
            even: job.words(stride)?,
            odd: job.words(stride)?,
            row: job.words(stride + across.stride)?,
            channel: job.words(from.width as usize + across.stride)?,
            line: job.words((to.width as usize).next_multiple_of(4) * channels.count())?,
            across,
            down,
            depth,
            stride,
            came: 0,
            rows: from.height as usize,
            given: 0,
            out: Raster { size: to, channels, samples },
        })
    }

    /// Takes the next row, and gives all rows of the output that need no more.
    pub fn push(&mut self, row: &[u8]) {
        let is_even = self.came.is_multiple_of(2);
        self.came += 1;
        let channels = self.out.channels;
        if is_even {
            widen(self.light.as_ref(), row, &mut self.even, channels);
            // The last row may have no partner; whatever stands in for it has no weight.
            if self.came < self.rows {
                return;
            }
        } else {
            widen(self.light.as_ref(), row, &mut self.odd, channels);
        }
        let at = (self.came - 1) / 2 % self.depth * 2 * self.stride;
        if let Some(place) = self.ring.get_mut(at..at + 2 * self.stride) {
            kernel::interleave(&self.even, &self.odd, place);
        }
        while let Some((first, count, _)) = self.down.of(self.given)
            && first + count <= self.came
        {
            self.filter_down();
            self.filter_across();
            self.given += 1;
        }
    }

    /// The filtered raster, if all its rows were given.
    pub fn finish(self) -> Option<Raster> {
        (self.given == self.out.size.height as usize).then_some(self.out)
    }

    fn filter_down(&mut self) {
        let Some((first, count, weights)) = self.down.of(self.given) else { return };
        let weight = |row: usize| {
            row.checked_sub(first)
                .filter(|index| *index < count)
                .and_then(|index| weights.get(index))
        };
        let pairs: Vec<kernel::Pair> = (first / 2..=(first + count - 1) / 2)
            .map(|pair| {
                let [a, b] = [2 * pair, 2 * pair + 1].map(|row| weight(row).copied().unwrap_or(0));
                (pair % self.depth * 2 * self.stride, I16x8::load(&[a, b, a, b, a, b, a, b]))
            })
            .collect();
        kernel::down(&self.ring, &pairs, self.row.get_mut(..self.stride).unwrap_or_default());
    }

    fn filter_across(&mut self) {
        let channels = self.out.channels;
        let count = channels.count();
        let padded = (self.out.size.width as usize).next_multiple_of(4);
        for (channel, line) in self.line.chunks_exact_mut(padded).enumerate() {
            let source = if count == 1 {
                &self.row
            } else {
                packed::channel(&self.row, count, channel, &mut self.channel);
                &self.channel
            };
            kernel::across(&self.across, source, line);
        }
        let stride = self.out.stride();
        let at = self.given * stride;
        let Some(out) = self.out.samples.get_mut(at..at + stride) else { return };
        match &self.light {
            Some(light) => light.narrow(&self.line, padded, out, channels),
            None => kernel::narrow(&self.line, padded, out, channels),
        }
    }
}

fn widen(light: Option<&Light>, row: &[u8], place: &mut [i16], channels: Channels) {
    match light {
        Some(light) => light.widen(row, place, channels),
        None => kernel::widen(row, place, channels),
    }
}

/// Bytes that a filter allocates, its output included.
pub fn memory(from: Size, crop: CropBox, to: Size, channels: Channels, linear: bool) -> u64 {
    let light = if linear { light::MEMORY } else { 0 };
    let count = channels.count() as u64;
    let taps = |length: f64, to: u32| {
        let scale = (length / f64::from(to)).max(1.0);
        (6.0 * scale) as u64 + 3
    };
    let (across, down) = (taps(crop.width, to.width) + 8, taps(crop.height, to.height) + 8);
    let weights = (across * 2 + 8) * u64::from(to.width) + (down * 2 + 8) * u64::from(to.height);
    let row = (u64::from(from.width) + 16) * count * 2;
    light
        + to.pixels() * count
        + (down + 6) * row
        + weights
        + u64::from(to.width) * count * 2
        + (4 << 10)
}

/// Work units: about a nanosecond for every four products.
pub fn work(from: Size, crop: CropBox, to: Size, channels: Channels) -> u64 {
    let taps = |length: f64, to: u32| 6 * ((length / f64::from(to)).max(1.0) as u64 + 1);
    let down = u64::from(from.width) * u64::from(to.height) * taps(crop.height, to.height);
    let across = to.pixels() * taps(crop.width, to.width);
    (across + down) * channels.count() as u64 / 4
}
