//! From planes of different sizes to rows of pixels, where pixels are scaled instead of planes.

use selvedge_plan::geometry::Size;

use crate::budget::Job;
use crate::codec::Planes;
use crate::colour::rgb;
use crate::failure::Failure;
use crate::raster::{Channels, Raster, Space};
use crate::reduce::Reduce;

/// Fractional bits of a place between samples.
const BITS: u32 = 8;

/// Work units for each pixel.
pub const WORK: u64 = 8;

/// Where a sample lies among those of a smaller plane: the one before, and how far it is to the next.
type Place = (usize, u32);

/// Gives the rows of a picture of `size`, whose planes these are, to its way.
///
/// # Errors
/// [`Failure::OverBudget`].
pub fn join(
    rasters: &[Raster],
    planes: &Planes,
    size: Size,
    way: &mut Reduce,
    job: &Job<'_>,
) -> Result<(), Failure> {
    way.begin(Channels::Rgb, job)?;
    let (across, down) = planes.largest();
    let columns: Vec<Vec<Place>> = planes
        .each()
        .zip(rasters)
        .map(|((a, _), raster)| {
            (0..size.width).map(|x| place(x, a, across, raster.size.width)).collect()
        })
        .collect();
    let width = size.width as usize;
    let mut rows = [job.bytes(width)?, job.bytes(width)?, job.bytes(width)?];
    let mut joined = job.bytes(width * 3)?;
    for y in 0..size.height {
        if !way.wants(1) {
            continue;
        }
        let sources = planes.each().zip(rasters).zip(&columns);
        for ((((_, d), raster), columns), row) in sources.zip(&mut rows) {
            fill(row, raster, columns, place(y, d, down, raster.size.height));
        }
        let [first, second, third] = &rows;
        let samples = first.iter().zip(second).zip(third);
        for (pixel, ((a, b), c)) in joined.as_chunks_mut().0.iter_mut().zip(samples) {
            let triple = [*a, *b, *c];
            *pixel = if planes.space == Space::YCbCr { rgb(triple) } else { triple };
        }
        way.row(&joined);
    }
    Ok(())
}

/// Bytes that joining takes for so many pixels a row, besides its way.
pub fn memory(wide: u64) -> u64 {
    wide * (6 + 3 * size_of::<Place>() as u64)
}

/// Where sample `at` of the full size lies in a plane that has `part` samples for `all`; samples lie in
/// the middle of what they stand for.
fn place(at: u32, part: u32, all: u32, length: u32) -> Place {
    let half = i64::from(1_u32 << (BITS - 1));
    let exact = (i64::from(2 * at + 1) * i64::from(part) * half) / i64::from(all) - half;
    let last = i64::from(length.saturating_sub(1)) << BITS;
    let exact = exact.clamp(0, last) as u64;
    ((exact >> BITS) as usize, (exact & ((1 << BITS) - 1)) as u32)
}

/// One row of a plane at the full width.
fn fill(row: &mut [u8], raster: &Raster, columns: &[Place], (y, down): Place) {
    let stride = raster.stride();
    let line = |y: usize| raster.samples.get(y * stride..(y + 1) * stride).unwrap_or_default();
    let above = line(y);
    let below = if down == 0 { above } else { line(y + 1) };
    let one = 1 << BITS;
    if down == 0 && columns.len() == stride {
        row.iter_mut().zip(above).for_each(|(place, sample)| *place = *sample);
        return;
    }
    let mixed = |x: usize| {
        let sample = |line: &[u8]| u32::from(line.get(x).copied().unwrap_or_default());
        sample(above) * (one - down) + sample(below) * down
    };
    for (place, (x, right)) in row.iter_mut().zip(columns) {
        let left = mixed(*x) * (one - right);
        let sum = if *right == 0 { left } else { left + mixed(x + 1) * right };
        *place = ((sum + one * one / 2) >> (2 * BITS)) as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_lie_in_the_middle_of_what_they_stand_for() {
        // Two for each one: a quarter and three quarters of the way.
        let places: Vec<Place> = (0..5).map(|at| place(at, 1, 2, 3)).collect();
        assert_eq!(places, [(0, 0), (0, 64), (0, 192), (1, 64), (1, 192)]);
        assert_eq!(place(5, 1, 2, 3), (2, 0), "there is none behind the last");
        assert!((0..9).all(|at| place(at, 1, 1, 9) == (at as usize, 0)));
        assert_eq!(place(1, 2, 3, 8), (0, 128));
    }

    #[test]
    fn slopes_stay_slopes() {
        let size = Size { width: 4, height: 1 };
        let raster = Raster { size, channels: Channels::Grey, samples: vec![0, 80, 160, 240] };
        let columns: Vec<Place> = (0..8).map(|at| place(at, 1, 2, 4)).collect();
        let mut row = [0; 8];
        fill(&mut row, &raster, &columns, (0, 0));
        assert_eq!(row, [0, 20, 60, 100, 140, 180, 220, 240]);
    }
}
