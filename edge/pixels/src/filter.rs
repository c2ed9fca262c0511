//! The final filter: Lanczos to shrink, Catmull-Rom to enlarge, row by row.
//!
//! Rows come in as the decoder and the box yield them; of these only as many are kept as one row
//! of the output needs. Columns are filtered first, since that needs no shuffling of lanes and is
//! the larger part; then each of the few rows that are left is filtered along itself.

use selvedge_plan::geometry::Size;

use crate::budget::Job;
use crate::failure::Failure;
use crate::raster::{Channels, Raster};
use crate::simd::{I16x8, I32x4, sums};

/// Fractional bits of a weight.
const WEIGHT_BITS: u32 = 14;

/// Fractional bits of a sample between the two directions. With these a sum of weighted samples
/// that overshoots by half still fits 16 bits.
const SAMPLE_BITS: u32 = 6;

/// A rectangle in samples of a raster, edges between samples included. It may stand out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CropBox {
    pub left: f64,
    pub top: f64,
    pub width: f64,
    pub height: f64,
}

/// The weights along one axis.
struct Taps {
    /// For each output, its first input, and how many it has.
    spans: Vec<(u32, u32)>,
    /// `stride` weights for each output, the unused ones zero.
    weights: Vec<i16>,
    /// The largest number of inputs, rounded up to whole vectors.
    stride: usize,
}

impl Taps {
    /// Weights that bring `length` of `from` inputs, from `start` on, to `to` outputs.
    fn new(from: u32, start: f64, length: f64, to: u32) -> Self {
        let scale = length / f64::from(to);
        let stretch = scale.max(1.0);
        let shrinks = scale > 1.0;
        let radius = if shrinks { 3.0 } else { 2.0 };
        let span = |index: u32| {
            let centre = start + (f64::from(index) + 0.5) * scale;
            let last = f64::from(from - 1);
            let low = libm::ceil(centre - radius * stretch - 0.5).clamp(0.0, last);
            let high = libm::floor(centre + radius * stretch - 0.5).clamp(low, last);
            (centre, low as u32, (high - low) as u32 + 1)
        };
        let longest = (0..to).map(|index| span(index).2).max().unwrap_or(1) as usize;
        let stride = longest.next_multiple_of(8);
        let mut spans = Vec::with_capacity(to as usize);
        let mut weights = vec![0; stride * to as usize];
        let mut exact = vec![0.0; longest];
        for (index, weights) in (0..to).zip(weights.chunks_exact_mut(stride)) {
            let (centre, low, count) = span(index);
            let exact = exact.get_mut(..count as usize).unwrap_or_default();
            let first = (f64::from(low) + 0.5 - centre) / stretch;
            if shrinks {
                lanczos3(first, 1.0 / stretch, exact);
            } else {
                for (offset, weight) in (0..count).zip(exact.iter_mut()) {
                    *weight = catmull_rom(first + f64::from(offset));
                }
            }
            round(exact, weights);
            spans.push((low, count));
        }
        Self { spans, weights, stride }
    }

    fn of(&self, output: usize) -> (usize, &[i16]) {
        let start = self.spans.get(output).map_or(0, |span| span.0 as usize);
        (
            start,
            self.weights.get(output * self.stride..(output + 1) * self.stride).unwrap_or_default(),
        )
    }

    /// The largest number of inputs of an output.
    fn longest(&self) -> usize {
        self.spans.iter().map(|span| span.1 as usize).max().unwrap_or(1)
    }
}

/// Rounds weights so that they sum up to one exactly: what is over goes to the largest.
fn round(exact: &[f64], weights: &mut [i16]) {
    let one = f64::from(1 << WEIGHT_BITS);
    let sum: f64 = exact.iter().sum();
    // Far beyond an edge all weights may vanish: then the nearest sample is what there is.
    let scale = if sum.abs() > 1e-9 { one / sum } else { 0.0 };
    let mut rest = 1 << WEIGHT_BITS;
    for (weight, exact) in weights.iter_mut().zip(exact) {
        *weight = libm::rint(exact * scale) as i16;
        rest -= i32::from(*weight);
    }
    if let Some(weight) = weights.iter_mut().max_by_key(|weight| **weight) {
        *weight = (i32::from(*weight) + rest) as i16;
    }
}

/// sinc(x) sinc(x / 3) for |x| < 3 (Duchon 1979), at `first` and on in steps of `step`.
///
/// The sine is libm's on every target, so that all builds have the same weights; it is taken once,
/// and turned on from there by the angle of a step.
fn lanczos3(first: f64, step: f64, weights: &mut [f64]) {
    let pi = core::f64::consts::PI;
    let (mut wide, mut narrow) = (Angle::new(first * pi), Angle::new(first * pi / 3.0));
    let (wide_step, narrow_step) = (Angle::new(step * pi), Angle::new(step * pi / 3.0));
    let mut x = first;
    for weight in weights {
        let square = (x * pi) * (x * pi / 3.0);
        *weight = match x.abs() {
            // Next to the centre both quotients are one to the last bit but a few.
            near if near < 1e-6 => 1.0,
            far if far >= 3.0 => 0.0,
            _ => wide.sine * narrow.sine / square,
        };
        x += step;
        wide = wide.turned(wide_step);
        narrow = narrow.turned(narrow_step);
    }
}

/// The sine and cosine of an angle.
#[derive(Clone, Copy)]
struct Angle {
    sine: f64,
    cosine: f64,
}

impl Angle {
    fn new(radians: f64) -> Self {
        Self { sine: libm::sin(radians), cosine: libm::cos(radians) }
    }

    /// This angle and another one.
    fn turned(self, by: Self) -> Self {
        Self {
            sine: self.sine * by.cosine + self.cosine * by.sine,
            cosine: self.cosine * by.cosine - self.sine * by.sine,
        }
    }
}

/// The cubic through four points with B = 0, C = 1/2 (Mitchell and Netravali 1988).
fn catmull_rom(x: f64) -> f64 {
    let x = x.abs();
    if x < 1.0 {
        (1.5 * x - 2.5) * x * x + 1.0
    } else if x < 2.0 {
        ((-0.5 * x + 2.5) * x - 4.0) * x + 2.0
    } else {
        0.0
    }
}

/// A filter under way.
pub struct Filter {
    across: Taps,
    down: Taps,
    /// The last rows that came, weighted by their alpha, in a ring.
    ring: Vec<i16>,
    /// Rows of the ring.
    depth: usize,
    /// Samples of a row, and what fills up its last vectors.
    stride: usize,
    came: usize,
    given: usize,
    /// One row filtered down, and one channel of it.
    row: Vec<i16>,
    channel: Vec<i16>,
    /// One row of one channel filtered across.
    line: Vec<i16>,
    out: Raster,
}

impl Filter {
    /// A filter from `crop` of rows of size `from` to `to`.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn new(
        from: Size,
        crop: CropBox,
        to: Size,
        channels: Channels,
        job: &Job<'_>,
    ) -> Result<Self, Failure> {
        let across = Taps::new(from.width, crop.left, crop.width, to.width);
        let down = Taps::new(from.height, crop.top, crop.height, to.height);
        let depth = down.longest();
        let stride = (from.width as usize * channels.count()).next_multiple_of(16);
        let samples = job.bytes(to.pixels() as usize * channels.count())?;
        Ok(Self {
            ring: job.words(depth * stride)?,
            row: job.words(stride + across.stride)?,
            channel: job.words(from.width as usize + across.stride)?,
            line: job.words((to.width as usize).next_multiple_of(4) * channels.count())?,
            across,
            down,
            depth,
            stride,
            came: 0,
            given: 0,
            out: Raster { size: to, channels, samples },
        })
    }

    /// Takes the next row, and gives all rows of the output that need no more.
    pub fn push(&mut self, row: &[u8]) {
        let at = self.came % self.depth * self.stride;
        if let Some(place) = self.ring.get_mut(at..at + self.stride) {
            widen(row, place, self.out.channels);
        }
        self.came += 1;
        while let Some((first, count)) = self.down.spans.get(self.given).copied() {
            if self.came < (first + count) as usize {
                break;
            }
            self.filter_down(first as usize, count as usize);
            self.filter_across();
            self.given += 1;
        }
    }

    /// The filtered raster, if all its rows were given.
    pub fn finish(self) -> Option<Raster> {
        (self.given == self.out.size.height as usize).then_some(self.out)
    }

    fn filter_down(&mut self, first: usize, count: usize) {
        let (_, weights) = self.down.of(self.given);
        let half = I32x4::splat(1 << (WEIGHT_BITS - 1));
        let row = |index: usize| {
            let at = (first + index) % self.depth * self.stride;
            self.ring.get(at..at + self.stride).unwrap_or_default()
        };
        // Pairs of rows; an odd last one goes with itself at a weight of zero.
        let pairs: Vec<(&[i16], &[i16], I16x8)> = weights
            .chunks(2)
            .take(count.div_ceil(2))
            .enumerate()
            .map(|(index, weights)| {
                let (a, b) = (2 * index, (2 * index + 1).min(count - 1));
                let w = [weights.first(), weights.get(1)].map(|w| w.copied().unwrap_or(0));
                (row(a), row(b), I16x8::load(&[w[0], w[1], w[0], w[1], w[0], w[1], w[0], w[1]]))
            })
            .collect();
        for (chunk, place) in self.row.as_chunks_mut::<16>().0.iter_mut().enumerate() {
            let at = chunk * 16;
            let mut total = [half; 4];
            for (a, b, weights) in &pairs {
                let (Some(a), Some(b)) = (
                    a.get(at..).and_then(|rest| rest.first_chunk::<16>()),
                    b.get(at..).and_then(|rest| rest.first_chunk::<16>()),
                ) else {
                    continue;
                };
                let (a, b) = (a.as_chunks::<8>().0, b.as_chunks::<8>().0);
                let (a0, b0) = (I16x8::load(&a[0]), I16x8::load(&b[0]));
                let (a1, b1) = (I16x8::load(&a[1]), I16x8::load(&b[1]));
                total[0] = total[0].add(a0.interleave_low(b0).dot(*weights));
                total[1] = total[1].add(a0.interleave_high(b0).dot(*weights));
                total[2] = total[2].add(a1.interleave_low(b1).dot(*weights));
                total[3] = total[3].add(a1.interleave_high(b1).dot(*weights));
            }
            let [t0, t1, t2, t3] = total.map(|total| total.shr(WEIGHT_BITS));
            let (places, _) = place.as_chunks_mut::<8>();
            t0.narrow(t1).store(&mut places[0]);
            t2.narrow(t3).store(&mut places[1]);
        }
    }

    fn filter_across(&mut self) {
        let channels = self.out.channels;
        let count = channels.count();
        let width = self.out.size.width as usize;
        let stride = self.out.stride();
        let padded = width.next_multiple_of(4);
        for channel in 0..count {
            let source = if count == 1 {
                &self.row
            } else {
                let samples = self.row.iter().skip(channel).step_by(count);
                for (place, sample) in self.channel.iter_mut().zip(samples) {
                    *place = *sample;
                }
                &self.channel
            };
            let line = &mut self.line[channel * padded..(channel + 1) * padded];
            // The usual numbers of taps as constants, so that the loops over them unroll.
            match self.across.stride {
                8 => across::<1>(&self.across, source, line),
                16 => across::<2>(&self.across, source, line),
                24 => across::<3>(&self.across, source, line),
                32 => across::<4>(&self.across, source, line),
                _ => across::<0>(&self.across, source, line),
            }
        }
        let at = self.given * stride;
        let Some(out) = self.out.samples.get_mut(at..at + stride) else { return };
        narrow(&self.line, padded, out, channels);
    }
}

/// Filters a line of one channel: four outputs at a time, `VECTORS` vectors of taps each, or as many
/// as there are if that is 0.
fn across<const VECTORS: usize>(taps: &Taps, source: &[i16], line: &mut [i16]) {
    let half = I32x4::splat(1 << (WEIGHT_BITS - 3));
    let length = if VECTORS == 0 { taps.stride } else { VECTORS * 8 };
    let outputs = taps.spans.chunks(4).zip(taps.weights.chunks(length * 4));
    for (places, (spans, weights)) in line.as_chunks_mut::<4>().0.iter_mut().zip(outputs) {
        // What starts at a quarter of a half each sums up to the half that rounds.
        let mut totals = [half; 4];
        for ((total, (start, _)), weights) in
            totals.iter_mut().zip(spans).zip(weights.chunks_exact(length))
        {
            let start = *start as usize;
            let Some(window) = source.get(start..start + length) else { continue };
            let vectors = window.as_chunks::<8>().0.iter().zip(weights.as_chunks::<8>().0);
            for (samples, weights) in vectors {
                *total = total.add(I16x8::load(samples).dot(I16x8::load(weights)));
            }
        }
        let total = sums(totals).shr(WEIGHT_BITS);
        let mut lanes = [0; 8];
        total.narrow(total).store(&mut lanes);
        places.copy_from_slice(&lanes[..4]);
    }
}

/// Samples with their fraction; colours weighted by alpha.
fn widen(row: &[u8], place: &mut [i16], channels: Channels) {
    if !channels.has_alpha() {
        for (place, sample) in place.iter_mut().zip(row) {
            *place = i16::from(*sample) << SAMPLE_BITS;
        }
        return;
    }
    let count = channels.count();
    for (place, pixel) in place.chunks_exact_mut(count).zip(row.chunks_exact(count)) {
        let alpha = i32::from(pixel[count - 1]);
        for (place, sample) in place.iter_mut().zip(&pixel[..count - 1]) {
            *place = ((((i32::from(*sample) * alpha) << SAMPLE_BITS) + 127) / 255) as i16;
        }
        place[count - 1] = (alpha as i16) << SAMPLE_BITS;
    }
}

/// A line of each channel back to packed samples, colours no longer weighted by alpha.
fn narrow(line: &[i16], padded: usize, out: &mut [u8], channels: Channels) {
    let rounded = |value: i16| {
        ((i32::from(value) + (1 << (SAMPLE_BITS - 1))) >> SAMPLE_BITS).clamp(0, 255) as u8
    };
    let count = channels.count();
    if !channels.has_alpha() {
        for (channel, line) in line.chunks_exact(padded).enumerate() {
            for (place, value) in out.iter_mut().skip(channel).step_by(count).zip(line) {
                *place = rounded(*value);
            }
        }
        return;
    }
    for (x, pixel) in out.chunks_exact_mut(count).enumerate() {
        let value = |channel: usize| line.get(channel * padded + x).copied().unwrap_or(0);
        let alpha = i32::from(value(count - 1));
        for (channel, place) in pixel.iter_mut().enumerate() {
            *place = if channel == count - 1 {
                rounded(alpha as i16)
            } else if alpha <= 0 {
                0
            } else {
                ((i32::from(value(channel)) * 255 + alpha / 2) / alpha).clamp(0, 255) as u8
            };
        }
    }
}

/// Bytes that a filter allocates, its output included.
pub fn memory(from: Size, crop: CropBox, to: Size, channels: Channels) -> u64 {
    let count = channels.count() as u64;
    let taps = |length: f64, to: u32| {
        let scale = (length / f64::from(to)).max(1.0);
        (6.0 * scale) as u64 + 3
    };
    let (across, down) = (taps(crop.width, to.width) + 8, taps(crop.height, to.height) + 8);
    let weights = (across * 2 + 8) * u64::from(to.width) + (down * 2 + 8) * u64::from(to.height);
    let row = (u64::from(from.width) + 16) * count * 2;
    to.pixels() * count + (down + 2) * row + weights + u64::from(to.width) * count * 2 + (4 << 10)
}

/// Work units: about a nanosecond for every four products.
pub fn work(from: Size, crop: CropBox, to: Size, channels: Channels) -> u64 {
    let taps = |length: f64, to: u32| 6 * ((length / f64::from(to)).max(1.0) as u64 + 1);
    let down = u64::from(from.width) * u64::from(to.height) * taps(crop.height, to.height);
    let across = to.pixels() * taps(crop.width, to.width);
    (across + down) * channels.count() as u64 / 4
}
