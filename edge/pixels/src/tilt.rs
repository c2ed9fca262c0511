//! Turning by what a right angle leaves over: the picture on its canvas, about the canvas's centre, on
//! a new canvas that holds all of the old one.

mod inside;

use selvedge_plan::geometry::{Layout, Size};

use crate::budget::Job;
use crate::channels::widen;
use crate::failure::Failure;
use crate::raster::{Channels, Raster};
use inside::{POSITION_BITS, Splines};

/// Work units for a pixel of the new canvas.
pub const WORK: u64 = 60;

/// What of a pixel counts as nothing where the new canvas ends.
const NOTHING: f64 = 1.0 / 256.0;

/// A turn.
#[derive(Clone, Copy, Debug)]
pub struct Tilt {
    sine: f64,
    cosine: f64,
    layout: Layout,
    /// The new canvas.
    pub size: Size,
}

impl Tilt {
    /// Turns what is laid out by so many hundredths of a degree, clockwise.
    pub fn new(hundredths: i32, layout: Layout) -> Self {
        let angle = f64::from(hundredths) * core::f64::consts::PI / 18_000.0;
        let (sine, cosine) = (libm::sin(angle), libm::cos(angle));
        let (width, height) = (f64::from(layout.canvas.width), f64::from(layout.canvas.height));
        let side = |length: f64| libm::ceil(length - NOTHING).max(1.0) as u32;
        let size = Size {
            width: side(width * cosine.abs() + height * sine.abs()),
            height: side(width * sine.abs() + height * cosine.abs()),
        };
        Self { sine, cosine, layout, size }
    }

    /// Turns a picture, around which nothing is seen afterwards.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn run(&self, raster: Raster, job: &Job<'_>) -> Result<Raster, Failure> {
        let opaque = raster.channels == Channels::Rgb;
        let channels = raster.channels.with_alpha();
        let raster = widen(raster, channels, job)?;
        let count = channels.count();
        let mut samples = job.bytes(self.size.pixels() as usize * count)?;
        let splines = opaque.then(Splines::new);
        let width = self.size.width as usize;
        for (y, row) in samples.chunks_exact_mut(width * count).enumerate() {
            let line = self.line(y);
            for (x, pixel) in row.chunks_exact_mut(count).enumerate() {
                let (from_x, from_y) = line.at(x);
                if !is_seen(from_x, raster.size.width) || !is_seen(from_y, raster.size.height) {
                    continue;
                }
                if let Some(splines) = &splines
                    && let Some(found) =
                        splines.pixel(&raster.samples, raster.size.width as usize, (from_x, from_y))
                {
                    pixel.copy_from_slice(&found);
                    continue;
                }
                // In pixels, from edges.
                let [from_x, from_y] = [from_x, from_y].map(|at| at as f64 / ONE + 0.5);
                match count {
                    2 => sample::<2>(&raster, from_x, from_y, pixel),
                    _ => sample::<4>(&raster, from_x, from_y, pixel),
                }
            }
        }
        Ok(Raster { size: self.size, channels, samples })
    }

    /// Where the pixels of a row come from.
    fn line(&self, y: usize) -> Line {
        let Layout { canvas, left, top, .. } = self.layout;
        let middle = |side: u32, before: u32| f64::from(side) / 2.0 - f64::from(before) - 0.5;
        let across = 0.5 - f64::from(self.size.width) / 2.0;
        let down = y as f64 + 0.5 - f64::from(self.size.height) / 2.0;
        let x = across * self.cosine + down * self.sine + middle(canvas.width, left);
        let y = down * self.cosine - across * self.sine + middle(canvas.height, top);
        let fixed = |value: f64| (value * ONE) as i64;
        Line { start: (fixed(x), fixed(y)), step: (fixed(self.cosine), fixed(-self.sine)) }
    }
}

/// Whether a pixel at this position may touch a picture that is so many samples long.
fn is_seen(at: i64, side: u32) -> bool {
    (-1..i64::from(side)).contains(&(at >> POSITION_BITS))
}

/// One, in positions.
const ONE: f64 = (1_u64 << POSITION_BITS) as f64;

/// Positions in the picture along a row of the canvas: right of and below the middle of its first
/// pixel, in fixed point.
#[derive(Clone, Copy, Debug)]
struct Line {
    start: (i64, i64),
    step: (i64, i64),
}

impl Line {
    fn at(self, x: usize) -> (i64, i64) {
        let x = x as i64;
        (self.start.0 + x * self.step.0, self.start.1 + x * self.step.1)
    }
}

/// The pixel at a place of a picture with alpha, by Catmull-Rom splines. Beyond its edges the picture
/// goes on as it ends, but is not seen; a pixel across an edge is seen in part.
fn sample<const N: usize>(raster: &Raster, x: f64, y: f64, to: &mut [u8]) {
    let (width, height) = (raster.size.width, raster.size.height);
    let inside = |place: f64, side: u32| {
        ((place + 0.5).clamp(0.0, 1.0)) * ((f64::from(side) - place + 0.5).clamp(0.0, 1.0))
    };
    let seen = (inside(x, width) * inside(y, height)) as f32;
    if seen == 0.0 {
        return;
    }
    let (left, across) = taps(x);
    let (top, down) = taps(y);
    let (pixels, _) = raster.samples.as_chunks::<N>();
    let clamped = |place: i64, side: u32| place.clamp(0, i64::from(side) - 1) as usize;
    let columns: [usize; 4] = core::array::from_fn(|i| clamped(left + i as i64, width));
    let mut sums = [0.0_f32; N];
    for (index, of_row) in down.into_iter().enumerate() {
        let row = clamped(top + index as i64, height) * width as usize;
        for (column, of_column) in columns.into_iter().zip(across) {
            let Some(pixel) = pixels.get(row + column) else { continue };
            let alpha = f32::from(pixel[N - 1]);
            let weight = of_row * of_column;
            for (sum, sample) in sums.iter_mut().zip(&pixel[..N - 1]) {
                *sum += f32::from(*sample) * alpha * weight;
            }
            sums[N - 1] += alpha * weight;
        }
    }
    let alpha = sums[N - 1];
    let rounded = |value: f32| (value + 0.5).clamp(0.0, 255.0) as u8;
    if alpha > 0.0 {
        for (sample, sum) in to.iter_mut().zip(&sums[..N - 1]) {
            *sample = rounded(sum / alpha);
        }
        to[N - 1] = rounded(alpha.min(255.0) * seen);
    }
}

/// The first of four samples around a place, and what each of them counts.
fn taps(place: f64) -> (i64, [f32; 4]) {
    let before = libm::floor(place - 0.5);
    (before as i64 - 1, spline((place - 0.5 - before) as f32))
}

/// The weights of the two samples before a place and the two after it.
fn spline(t: f32) -> [f32; 4] {
    let (squared, cubed) = (t * t, t * t * t);
    [
        -0.5 * t + squared - 0.5 * cubed,
        1.0 - 2.5 * squared + 1.5 * cubed,
        0.5 * t + 2.0 * squared - 1.5 * cubed,
        -0.5 * squared + 0.5 * cubed,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::Budget;
    use crate::raster::Channels;
    use selvedge_plan::geometry::Region;

    fn layout(width: u32, height: u32) -> Layout {
        let size = Size { width, height };
        Layout { region: Region::whole(size), scaled: size, canvas: size, left: 0, top: 0 }
    }

    fn tilted(hundredths: i32, width: u32, height: u32) -> Raster {
        let size = Size { width, height };
        let samples = (0..size.pixels()).map(|i| (i * 7 % 251) as u8).collect();
        let raster = Raster::new(size, Channels::Grey, samples).unwrap();
        let mut trace = |_: &'static str| {};
        let job = Job::new(Budget::UNLIMITED, 0, &mut trace);
        Tilt::new(hundredths, layout(width, height)).run(raster, &job).unwrap()
    }

    #[test]
    fn the_canvas_holds_the_corners() {
        for (angle, width, height) in [(0, 40, 30), (4_500, 50, 50), (-3_000, 50, 46)] {
            let size = Tilt::new(angle, layout(40, 30)).size;
            assert_eq!(size, Size { width, height }, "{angle}");
        }
        let thin = Tilt::new(4_499, layout(1, 1)).size;
        assert_eq!(thin, Size { width: 2, height: 2 });
    }

    #[test]
    fn nothing_moves_without_an_angle() {
        let still = tilted(0, 5, 4);
        let grey: Vec<u8> = still.samples.chunks_exact(2).map(|pixel| pixel[0]).collect();
        assert_eq!(grey, (0..20).map(|i| i * 7).collect::<Vec<u8>>());
        assert!(still.samples.chunks_exact(2).all(|pixel| pixel[1] == 255));
    }

    #[test]
    fn what_is_seen_is_as_large_as_before() {
        for angle in [-4_500, -1_234, 1, 77, 3_000] {
            let turned = tilted(angle, 60, 40);
            let seen: u64 = turned.samples.chunks_exact(2).map(|pixel| u64::from(pixel[1])).sum();
            assert!(seen.abs_diff(60 * 40 * 255) < 255 * 30, "{angle}: {seen}");
        }
    }

    #[test]
    fn it_turns_clockwise() {
        // A bright pixel in the middle of the right side comes down.
        let size = Size { width: 9, height: 9 };
        let mut samples = vec![0; 81];
        samples[4 * 9 + 8] = 255;
        let raster = Raster::new(size, Channels::Grey, samples).unwrap();
        let mut trace = |_: &'static str| {};
        let job = Job::new(Budget::UNLIMITED, 0, &mut trace);
        let turned = Tilt::new(4_500, layout(9, 9)).run(raster, &job).unwrap();
        let brightest =
            turned.samples.chunks_exact(2).enumerate().max_by_key(|(_, pixel)| pixel[0]);
        let at = brightest.unwrap().0 as u32;
        let (x, y) = (at % turned.size.width, at / turned.size.width);
        assert!(x > turned.size.width / 2 && y > turned.size.height / 2, "{x} {y}");
    }
}
