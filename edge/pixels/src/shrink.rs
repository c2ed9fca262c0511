//! The integer box shrink: takes rows as a decoder yields them, gives a small raster.
//!
//! It leaves at least a factor of two for the filter that follows, so the box is never what one
//! sees. With it a source never has to be in memory as a whole.

use selvedge_plan::geometry::{FRACTION_BITS, Region, Size};

use crate::budget::Job;
use crate::failure::Failure;
use crate::raster::{Channels, Raster};

/// What is left for the filter after the shrink.
const LEFT_FOR_FILTER: u64 = 2;

/// Largest box side: 128² samples of 255 × 255 still fit 32 bits.
const LARGEST_BOX: u64 = 128;

/// A rectangle in pixels of a raster, edges between pixels included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CropBox {
    pub left: f64,
    pub top: f64,
    pub width: f64,
    pub height: f64,
}

/// How a region of a stored picture of size `source` comes down to about `scaled`.
pub struct Shrink {
    source: Size,
    region: Region,
    scaled: Size,
    denominator: u32,
    state: Option<State>,
}

/// The part that depends on what the decoder yields.
struct State {
    rows: Size,
    channels: Channels,
    window: Window,
    crop: CropBox,
    /// Index of the next row.
    y: u32,
    /// Rows summed up in `sums`.
    summed: u32,
    sums: Vec<u32>,
    out: Raster,
    /// Bytes of `out` that are filled.
    filled: usize,
}

/// The pixels that matter of the rows, and the box they are averaged by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    pub x0: u32,
    pub x1: u32,
    pub y0: u32,
    pub y1: u32,
    pub box_x: u32,
    pub box_y: u32,
}

impl Window {
    /// The size of the shrunk raster.
    pub fn size(&self) -> Size {
        Size {
            width: (self.x1 - self.x0).div_ceil(self.box_x),
            height: (self.y1 - self.y0).div_ceil(self.box_y),
        }
    }
}

impl Shrink {
    /// A shrink of `region` in a picture of `source` pixels towards `scaled`, from a decoder that
    /// scales down by one of `denominators` itself.
    pub fn new(source: Size, region: Region, scaled: Size, denominators: &[u32]) -> Self {
        let largest = largest_box(1, region.width, scaled.width).min(largest_box(
            1,
            region.height,
            scaled.height,
        ));
        let possible = denominators.iter().copied().filter(|d| *d <= largest);
        let denominator = possible.max().unwrap_or(1);
        Self { source, region, scaled, denominator, state: None }
    }

    /// By how much the decoder is to scale down itself.
    pub fn denominator(&self) -> u32 {
        self.denominator
    }

    /// What is taken of the decoder's rows, and the part of the result that counts.
    pub fn window(&self) -> (Window, CropBox) {
        let denominator = self.denominator;
        let Region { x, y, width, height } = self.region;
        let one = u64::from(denominator) << FRACTION_BITS;
        let last = |side: u32| u64::from(side.div_ceil(denominator));
        // Narrowing is safe: a region lies inside its source, whose sides have 32 bits.
        let window = Window {
            x0: (x / one) as u32,
            x1: (x + width).div_ceil(one).min(last(self.source.width)) as u32,
            y0: (y / one) as u32,
            y1: (y + height).div_ceil(one).min(last(self.source.height)) as u32,
            box_x: largest_box(denominator, width, self.scaled.width),
            box_y: largest_box(denominator, height, self.scaled.height),
        };
        let (scale_x, scale_y) =
            ((one * u64::from(window.box_x)) as f64, (one * u64::from(window.box_y)) as f64);
        let crop = CropBox {
            left: (x - u64::from(window.x0) * one) as f64 / scale_x,
            top: (y - u64::from(window.y0) * one) as f64 / scale_y,
            width: width as f64 / scale_x,
            height: height as f64 / scale_y,
        };
        (window, crop)
    }

    /// Says what rows will come: the stored picture over the denominator, rounded up.
    pub fn begin(&mut self, channels: Channels, job: &Job<'_>) -> Result<(), Failure> {
        let (window, crop) = self.window();
        let size = window.size();
        let count = channels.count();
        let length = size.pixels() as usize * count;
        let out = Raster { size, channels, samples: job.bytes(length)? };
        let rows = Size {
            width: self.source.width.div_ceil(self.denominator),
            height: self.source.height.div_ceil(self.denominator),
        };
        let sums = vec![0; size.width as usize * count];
        self.state =
            Some(State { rows, channels, window, crop, y: 0, summed: 0, sums, out, filled: 0 });
        Ok(())
    }

    /// Whether any of the next `rows` rows matters. If not, they are passed over.
    pub fn wants(&mut self, rows: u32) -> bool {
        let Some(state) = &mut self.state else { return false };
        let wanted = state.y < state.window.y1 && state.y + rows > state.window.y0;
        if !wanted {
            state.y += rows;
        }
        wanted
    }

    /// Takes the next row.
    pub fn row(&mut self, row: &[u8]) {
        if let Some(state) = &mut self.state {
            state.row(row);
        }
    }

    /// Takes all rows at once. Where nothing is shrunk or left out they are not even copied.
    pub fn whole(&mut self, raster: Raster, job: &Job<'_>) -> Result<(), Failure> {
        let (window, crop) = self.window();
        let unshrunk = window.box_x == 1 && window.box_y == 1;
        if unshrunk && window.size() == raster.size {
            let (rows, channels) = (raster.size, raster.channels);
            let (y, filled) = (rows.height, raster.samples.len());
            let sums = Vec::new();
            self.state = Some(State {
                rows,
                channels,
                window,
                crop,
                y,
                summed: 0,
                sums,
                out: raster,
                filled,
            });
            return Ok(());
        }
        self.begin(raster.channels, job)?;
        for row in raster.rows() {
            self.row(row);
        }
        Ok(())
    }

    /// The shrunk raster, and the part of it that is to be scaled.
    ///
    /// # Errors
    /// [`Failure::Truncated`] if rows are missing.
    pub fn finish(self) -> Result<(Raster, CropBox), Failure> {
        match self.state {
            Some(state) if state.y >= state.rows.height.min(state.window.y1) => {
                Ok((state.out, state.crop))
            }
            _ => Err(Failure::truncated("picture data")),
        }
    }
}

fn largest_box(denominator: u32, region: u64, scaled: u32) -> u32 {
    let target = (u64::from(scaled) * LEFT_FOR_FILTER * u64::from(denominator)) << FRACTION_BITS;
    (region / target.max(1)).clamp(1, LARGEST_BOX) as u32
}

impl State {
    fn row(&mut self, row: &[u8]) {
        let y = self.y;
        self.y += 1;
        let Window { x0, x1, y0, y1, box_x, box_y } = self.window;
        let count = self.channels.count();
        let Some(row) = row.get(x0 as usize * count..x1 as usize * count) else {
            return;
        };
        if y < y0 || y >= y1 {
            return;
        }
        if box_x == 1 && box_y == 1 {
            self.put(row);
            return;
        }
        match self.channels {
            Channels::Grey => sum::<1>(&mut self.sums, row, box_x as usize),
            Channels::GreyAlpha => sum_alpha::<2>(&mut self.sums, row, box_x as usize),
            Channels::Rgb => sum::<3>(&mut self.sums, row, box_x as usize),
            Channels::Rgba => sum_alpha::<4>(&mut self.sums, row, box_x as usize),
        }
        self.summed += 1;
        if self.summed == box_y || y + 1 == y1 {
            self.flush();
        }
    }

    fn put(&mut self, row: &[u8]) {
        let end = self.filled + row.len();
        if let Some(place) = self.out.samples.get_mut(self.filled..end) {
            place.copy_from_slice(row);
        }
        self.filled = end;
    }

    /// Turns the sums into a row of averages.
    fn flush(&mut self) {
        let Window { x0, x1, box_x, .. } = self.window;
        let count = self.channels.count();
        let cells = self.out.size.width;
        let end = self.filled + self.out.stride();
        let Some(place) = self.out.samples.get_mut(self.filled..end) else {
            return;
        };
        let pairs = place.chunks_exact_mut(count).zip(self.sums.chunks_exact(count));
        for (cell, (out, sums)) in (0..cells).zip(pairs) {
            // The last cell may be narrower.
            let width = box_x.min(x1 - x0 - cell * box_x);
            average(out, sums, width * self.summed, self.channels.has_alpha());
        }
        self.filled = end;
        self.summed = 0;
        self.sums.fill(0);
    }
}

fn sum<const N: usize>(sums: &mut [u32], row: &[u8], width: usize) {
    for (sums, cell) in sums.chunks_exact_mut(N).zip(row.chunks(N * width)) {
        for pixel in cell.chunks_exact(N) {
            for (sum, sample) in sums.iter_mut().zip(pixel) {
                *sum += u32::from(*sample);
            }
        }
    }
}

/// Sums colours weighted by their alpha, and the alpha itself.
fn sum_alpha<const N: usize>(sums: &mut [u32], row: &[u8], width: usize) {
    for (sums, cell) in sums.chunks_exact_mut(N).zip(row.chunks(N * width)) {
        for pixel in cell.chunks_exact(N) {
            let alpha = u32::from(pixel[N - 1]);
            for (sum, sample) in sums.iter_mut().zip(&pixel[..N - 1]) {
                *sum += u32::from(*sample) * alpha;
            }
            sums[N - 1] += alpha;
        }
    }
}

fn average(out: &mut [u8], sums: &[u32], pixels: u32, alpha: bool) {
    let weight = match sums.last() {
        Some(0) if alpha => {
            out.fill(0);
            return;
        }
        Some(total) if alpha => *total,
        _ => pixels,
    };
    for (out, sum) in out.iter_mut().zip(sums) {
        *out = ((u64::from(*sum) + u64::from(weight / 2)) / u64::from(weight.max(1))) as u8;
    }
    if let (true, Some(out), Some(sum)) = (alpha, out.last_mut(), sums.last()) {
        *out = ((sum + pixels / 2) / pixels.max(1)) as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::Budget;

    fn shrunk(source: Raster, scaled: Size) -> (Raster, CropBox) {
        let mut trace = |_: &'static str| {};
        let job = Job::new(Budget::UNLIMITED, 0, &mut trace);
        let mut shrink = Shrink::new(source.size, Region::whole(source.size), scaled, &[]);
        shrink.whole(source, &job).unwrap();
        shrink.finish().unwrap()
    }

    fn raster(width: u32, height: u32, channels: Channels, samples: Vec<u8>) -> Raster {
        Raster::new(Size { width, height }, channels, samples).unwrap()
    }

    #[test]
    fn boxes_are_averaged_and_the_last_one_may_be_smaller() {
        // 5 × 4 to about 1 × 1: boxes of 2 × 2, the last column 1 wide.
        let samples = vec![0, 2, 10, 10, 7, 4, 6, 10, 10, 9, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1];
        let source = raster(5, 4, Channels::Grey, samples);
        let (out, crop) = shrunk(source, Size { width: 1, height: 1 });
        assert_eq!(out.size, Size { width: 3, height: 2 });
        assert_eq!(out.samples, [3, 10, 8, 1, 1, 1]);
        assert_eq!(crop, CropBox { left: 0.0, top: 0.0, width: 2.5, height: 2.0 });
    }

    #[test]
    fn colour_of_transparent_pixels_does_not_bleed() {
        let samples = [[255, 0, 0, 0], [0, 0, 200, 255]].repeat(8).concat();
        let source = raster(4, 4, Channels::Rgba, samples);
        let (out, _) = shrunk(source, Size { width: 1, height: 1 });
        assert_eq!(out.samples[..4], [0, 0, 200, 128]);
    }

    #[test]
    fn at_least_twice_the_target_is_left() {
        let size = |width, height| Size { width, height };
        for (side, target, denominator) in
            [(6_000, 800, 2), (6_000, 376, 4), (6_000, 375, 8), (100, 51, 1), (100, 200, 1)]
        {
            let whole = Region::whole(size(side, side));
            let target_size = size(target, target);
            let shrink = Shrink::new(size(side, side), whole, target_size, &[2, 4, 8]);
            assert_eq!(shrink.denominator(), denominator, "{side} to {target}");
            let (window, _) = shrink.window();
            assert!(window.size().width >= (target * 2).min(side));
        }
    }
}
