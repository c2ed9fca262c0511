//! Decoded lossy rows on their ways: as planes, or with alpha as pixels.

use selvedge_plan::geometry::Size;

use super::alpha::Alpha;
use super::canvas::Rows;
use super::vp8::decode::{self, Sink};
use super::{range, upsample};
use crate::budget::{Job, zeros};
use crate::failure::Failure;
use crate::raster::Channels;
use crate::reduce::Reduce;

/// From this box on the loop filter is left out: what it evens out is averaged anyway, and nothing is
/// predicted from filtered samples. Of 100 (SSIMULACRA2) outputs change by 0.2 on average, the worst
/// by 0.8.
const SMOOTH_ENOUGH: u32 = 4;

/// Upper bound of what decoding allocates for a picture so wide, without alpha.
pub fn memory(wide: u64) -> u64 {
    decode::memory(wide) + 10 * (wide + 16)
}

/// Decodes into the ways of luma, Cb and Cr.
pub fn to_planes(
    stream: &[u8],
    size: Size,
    ways: &mut [Reduce],
    job: &Job<'_>,
) -> Result<(), Failure> {
    for way in ways.iter_mut() {
        way.begin(Channels::Grey, job)?;
    }
    let [luma, cb, cr] = ways else {
        return Err(Failure::malformed("pixels where planes were expected"));
    };
    let (wide, high) = (size.width as usize, size.height as usize);
    let row = job.bytes(wide.next_multiple_of(16))?;
    let smooth = !luma.averages(SMOOTH_ENOUGH);
    let mut planes = Planes { luma, chroma: [cb, cr], wide, left: high, row };
    decode::decode(stream, (wide, high), smooth, &mut planes)
}

struct Planes<'a> {
    luma: &'a mut Reduce,
    chroma: [&'a mut Reduce; 2],
    wide: usize,
    /// Rows of luma that are still to come.
    left: usize,
    row: Vec<u8>,
}

impl Sink for Planes<'_> {
    fn rows(&mut self, luma: [&[u8]; 2], chroma: [&[u8]; 2]) {
        for row in luma.into_iter().take(self.left) {
            if self.luma.wants(1) {
                range::luma(row, &mut self.row);
                self.luma.row(self.row.get(..self.wide).unwrap_or_default());
            }
        }
        for (way, row) in self.chroma.iter_mut().zip(chroma) {
            if way.wants(1) {
                range::chroma(row, &mut self.row);
                way.row(self.row.get(..self.wide.div_ceil(2)).unwrap_or_default());
            }
        }
        self.left = self.left.saturating_sub(2);
    }
}

/// Decodes to pixels, with the alpha of a chunk if there is one.
pub fn to_pixels(
    stream: &[u8],
    alpha: Option<&[u8]>,
    size: Size,
    canvas: &mut impl Rows,
) -> Result<(), Failure> {
    let (wide, high) = (size.width as usize, size.height as usize);
    let mut pixels = Pixels {
        canvas,
        alpha: alpha.map(|chunk| Alpha::new(chunk, (wide, high))).transpose()?,
        held: zeros(wide)?,
        chroma: [zeros(wide.div_ceil(2))?, zeros(wide.div_ceil(2))?],
        row: zeros(wide)?,
        y: 0,
        high,
        failure: None,
    };
    decode::decode(stream, (wide, high), true, &mut pixels)?;
    pixels.finish()
}

struct Pixels<'a, R> {
    canvas: &'a mut R,
    alpha: Option<Alpha<'a>>,
    /// The last row of luma, if it waits for the chroma below it.
    held: Vec<u8>,
    /// The last row of Cb and of Cr.
    chroma: [Vec<u8>; 2],
    row: Vec<u32>,
    /// The next row.
    y: usize,
    high: usize,
    /// What went wrong with alpha.
    failure: Option<Failure>,
}

impl<R: Rows> Sink for Pixels<'_, R> {
    fn rows(&mut self, [first, second]: [&[u8]; 2], chroma: [&[u8]; 2]) {
        let [cb, cr] = &self.chroma;
        let before = if self.y == 0 { chroma } else { [cb.as_slice(), cr.as_slice()] };
        if self.y > 0 {
            upsample::row(&self.held, before, chroma, &mut self.row);
            put(self.canvas, self.alpha.as_mut(), &mut self.row, &mut self.failure);
            self.y += 1;
        }
        upsample::row(first, chroma, before, &mut self.row);
        put(self.canvas, self.alpha.as_mut(), &mut self.row, &mut self.failure);
        self.y += 1;
        let held = self.chroma.iter_mut().chain([&mut self.held]);
        for (held, row) in held.zip(chroma.into_iter().chain([second])) {
            let count = held.len();
            held.copy_from_slice(row.get(..count).unwrap_or_default());
        }
    }
}

/// Gives a row its alpha and puts it on the canvas.
fn put(
    canvas: &mut impl Rows,
    alpha: Option<&mut Alpha<'_>>,
    row: &mut [u32],
    failure: &mut Option<Failure>,
) {
    match alpha.map(Alpha::next_row) {
        Some(Ok(alpha)) => {
            for (pixel, alpha) in row.iter_mut().zip(alpha) {
                *pixel = *pixel & 0x00ff_ffff | u32::from(*alpha) << 24;
            }
        }
        Some(Err(why)) => *failure = Some(why),
        None => {}
    }
    canvas.row(row);
}

impl<R: Rows> Pixels<'_, R> {
    /// Gives the row that waited for chroma that does not come.
    fn finish(mut self) -> Result<(), Failure> {
        if self.y < self.high {
            let [cb, cr] = &self.chroma;
            let chroma = [cb.as_slice(), cr.as_slice()];
            upsample::row(&self.held, chroma, chroma, &mut self.row);
            put(self.canvas, self.alpha.as_mut(), &mut self.row, &mut self.failure);
        }
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        Ok(())
    }
}
