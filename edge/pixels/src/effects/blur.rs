//! A Gaussian blur, as three boxes one after the other.
//!
//! The standard deviation is the radius that is asked for, as in CSS's `blur()` (W3C Filter Effects 1).
//! A box has a whole number of samples, and one more at each end that counts in part, so that three of
//! them have just the variance that is asked for, however small (Gwosdek et al., "Theoretical
//! foundations of Gaussian convolution by extended box filtering", 2011). The time does not depend on the
//! radius, but for what lies beyond the edges: there the picture goes on as it ends.

use selvedge_plan::geometry::Size;

use crate::budget::zeros;
use crate::channels::{premultiply, unpremultiply};
use crate::failure::Failure;
use crate::raster::{Channels, Raster};

/// Boxes one after the other.
const BOXES: usize = 3;

/// Samples side by side that are blurred at once.
const LANES: usize = 16;

/// One position of so many rows or columns, 8 bits before the point and 8 after it.
type Lanes = [u16; LANES];

/// A blur.
#[derive(Clone, Copy, Debug)]
pub struct Blur {
    /// Whole samples on each side of the middle one.
    radius: usize,
    /// What each of them counts, and what the one after them does.
    inner: f32,
    outer: f32,
}

impl Blur {
    /// With a standard deviation in pixels, above 0.
    pub fn new(deviation: f64) -> Self {
        let variance = deviation * deviation / BOXES as f64;
        // The largest whole box whose variance, (width² - 1) / 12, is not too large.
        let width = libm::sqrt(12.0 * variance + 1.0);
        let radius = libm::floor((width - 1.0) / 2.0);
        let whole = 2.0 * radius + 1.0;
        let share = whole * (3.0 * variance - radius * (radius + 1.0))
            / (6.0 * ((radius + 1.0) * (radius + 1.0) - variance));
        let total = whole + 2.0 * share;
        Self { radius: radius as usize, inner: (1.0 / total) as f32, outer: (share / total) as f32 }
    }

    /// Blurs a picture, each pixel as far as it is seen.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn run(&self, raster: &mut Raster) -> Result<(), Failure> {
        premultiply(raster);
        self.along(raster)?;
        self.down(raster)?;
        unpremultiply(raster);
        Ok(())
    }

    /// Rows, as many at once as have their samples of one column in the lanes.
    fn along(&self, raster: &mut Raster) -> Result<(), Failure> {
        let (count, stride) = (raster.channels.count(), raster.stride());
        let mut strip = Strip::new(raster.size.width as usize, self)?;
        for rows in raster.samples.chunks_mut(stride * (LANES / count)) {
            for (index, row) in rows.chunks_exact(stride).enumerate() {
                for (lanes, pixel) in strip.inside().iter_mut().zip(row.chunks_exact(count)) {
                    widen(lanes, index * count, pixel);
                }
            }
            self.blur(&mut strip);
            for (index, row) in rows.chunks_exact_mut(stride).enumerate() {
                for (lanes, pixel) in strip.ready().iter().zip(row.chunks_exact_mut(count)) {
                    narrow(lanes, index * count, pixel);
                }
            }
        }
        Ok(())
    }

    /// Columns, whichever channels they are of.
    fn down(&self, raster: &mut Raster) -> Result<(), Failure> {
        let stride = raster.stride();
        let mut strip = Strip::new(raster.size.height as usize, self)?;
        for left in (0..stride).step_by(LANES) {
            let right = (left + LANES).min(stride);
            for (lanes, row) in strip.inside().iter_mut().zip(raster.samples.chunks_exact(stride)) {
                widen(lanes, 0, row.get(left..right).unwrap_or_default());
            }
            self.blur(&mut strip);
            let rows = raster.samples.chunks_exact_mut(stride);
            for (lanes, row) in strip.ready().iter().zip(rows) {
                narrow(lanes, 0, row.get_mut(left..right).unwrap_or_default());
            }
        }
        Ok(())
    }

    fn blur(&self, strip: &mut Strip) {
        strip.extend();
        let reach = self.radius + 1;
        let mut length = strip.from.len();
        for _ in 0..BOXES {
            let shorter = length - 2 * reach;
            let (from, to) = (strip.from.get(..length), strip.to.get_mut(..shorter));
            self.average(from.unwrap_or_default(), to.unwrap_or_default());
            core::mem::swap(&mut strip.from, &mut strip.to);
            length = shorter;
        }
    }

    /// One box, from each place that has all its neighbours.
    fn average(&self, from: &[Lanes], to: &mut [Lanes]) {
        let width = 2 * self.radius + 1;
        let mut sums = [0_i32; LANES];
        for lanes in from.iter().skip(1).take(width) {
            add(&mut sums, lanes);
        }
        let after = from.get(width + 1..).unwrap_or_default();
        let ends = from.iter().zip(from.iter().skip(1)).zip(after);
        for (out, ((before, first), after)) in to.iter_mut().zip(ends) {
            for lane in 0..LANES {
                let outside = i32::from(before[lane]) + i32::from(after[lane]);
                let mean = sums[lane] as f32 * self.inner + outside as f32 * self.outer;
                out[lane] = (mean + 0.5) as i32 as u16;
                sums[lane] += i32::from(after[lane]) - i32::from(first[lane]);
            }
        }
    }

    /// Places beyond each end.
    fn margin(&self) -> usize {
        BOXES * (self.radius + 1)
    }

    /// Upper bound of bytes in use besides the picture.
    pub fn memory(&self, size: Size) -> u64 {
        let longest = size.width.max(size.height) as usize + 2 * self.margin();
        2 * (longest * size_of::<Lanes>()) as u64
    }

    /// Work units: about half a nanosecond for each box over each sample, those of the margins too.
    pub fn work(&self, size: Size, channels: Channels) -> u64 {
        let margins = 2 * self.margin() as u64;
        let (width, height) = (u64::from(size.width), u64::from(size.height));
        let along = (width + margins).saturating_mul(height);
        let down = (height + margins).saturating_mul(width);
        (along + down).saturating_mul(channels.count() as u64 * BOXES as u64) / 2
    }
}

/// Some rows or columns, with their margins, and room for them after the next box.
struct Strip {
    from: Vec<Lanes>,
    to: Vec<Lanes>,
    length: usize,
    margin: usize,
}

impl Strip {
    fn new(length: usize, blur: &Blur) -> Result<Self, Failure> {
        let margin = blur.margin();
        let all = length + 2 * margin;
        Ok(Self { from: zeros(all)?, to: zeros(all)?, length, margin })
    }

    /// The places of the picture, before the boxes.
    fn inside(&mut self) -> &mut [Lanes] {
        self.from.get_mut(self.margin..self.margin + self.length).unwrap_or_default()
    }

    /// The same places after the boxes, which have used up the margins.
    fn ready(&self) -> &[Lanes] {
        self.from.get(..self.length).unwrap_or_default()
    }

    /// Fills the margins with the first and the last place.
    fn extend(&mut self) {
        let (margin, length) = (self.margin, self.length);
        if let (Some(first), Some(last)) =
            (self.from.get(margin).copied(), self.from.get(margin + length - 1).copied())
        {
            self.from.iter_mut().take(margin).for_each(|lanes| *lanes = first);
            self.from.iter_mut().skip(margin + length).for_each(|lanes| *lanes = last);
        }
    }
}

fn add(sums: &mut [i32; LANES], lanes: &Lanes) {
    for (sum, lane) in sums.iter_mut().zip(lanes) {
        *sum += i32::from(*lane);
    }
}

fn widen(lanes: &mut Lanes, first: usize, samples: &[u8]) {
    for (lane, sample) in lanes.iter_mut().skip(first).zip(samples) {
        *lane = u16::from(*sample) << 8;
    }
}

fn narrow(lanes: &Lanes, first: usize, samples: &mut [u8]) {
    for (sample, lane) in samples.iter_mut().zip(lanes.iter().skip(first)) {
        *sample = ((u32::from(*lane) + 128) >> 8) as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blurred(deviation: f64, size: Size, channels: Channels, samples: Vec<u8>) -> Vec<u8> {
        let mut raster = Raster::new(size, channels, samples).unwrap();
        Blur::new(deviation).run(&mut raster).unwrap();
        raster.samples
    }

    #[test]
    fn one_colour_stays_that_colour() {
        for deviation in [0.01, 0.5, 1.0, 7.3, 250.0] {
            for (width, height) in [(1, 1), (1, 40), (37, 5)] {
                let size = Size { width, height };
                let samples = [0, 255, 77, 255].repeat(size.pixels() as usize);
                assert_eq!(blurred(deviation, size, Channels::Rgba, samples.clone()), samples);
            }
        }
    }

    #[test]
    fn a_point_spreads_by_the_variance() {
        let size = Size { width: 101, height: 1 };
        for deviation in [0.4, 1.0, 2.5, 6.0, 12.0] {
            let mut samples = vec![0; 101];
            // A bright bar, so that rounding is small beside it: the sum of two variances.
            samples[46..=54].fill(255);
            let out = blurred(deviation, size, Channels::Grey, samples);
            let moment = |power: u32| -> f64 {
                let term =
                    |(x, v): (usize, &u8)| (x as f64 - 50.0).powi(power as i32) * f64::from(*v);
                out.iter().enumerate().map(term).sum()
            };
            let (total, variance) = (moment(0), moment(2) / moment(0));
            let expected = deviation * deviation + (81.0 - 1.0) / 12.0;
            assert!((total / 2_295.0 - 1.0).abs() < 0.02, "{deviation}: {total}");
            assert!((variance / expected - 1.0).abs() < 0.04, "{deviation}: {variance}");
        }
    }

    #[test]
    fn colour_of_transparent_pixels_does_not_bleed() {
        let size = Size { width: 4, height: 4 };
        let samples = [[255, 0, 0, 0], [0, 0, 200, 255]].repeat(8).concat();
        let out = blurred(2.0, size, Channels::Rgba, samples);
        assert!(out.chunks_exact(4).all(|p| p[0] == 0 && p[2].abs_diff(200) <= 2), "{out:?}");
    }
}
