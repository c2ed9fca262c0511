//! Turning the finished pixels upright: after the resize, where they are few.

use selvedge_plan::orientation::Turn;

use crate::budget::Job;
use crate::failure::Failure;
use crate::raster::{Pixels, Planar, Raster};

/// Applies `turn`.
pub fn orient(pixels: Pixels, turn: Turn, job: &Job<'_>) -> Result<Pixels, Failure> {
    if turn == Turn::NONE {
        return Ok(pixels);
    }
    match pixels {
        Pixels::Packed(raster) => Ok(Pixels::Packed(orient_raster(raster, turn, job)?)),
        Pixels::Planar(planar) => {
            let orient = |plane| orient_raster(plane, turn, job);
            let planes = planar.planes.into_iter().map(orient).collect::<Result<_, _>>()?;
            let (across, down) = planar.chroma;
            let chroma = if turn.swaps() { (down, across) } else { (across, down) };
            Ok(Pixels::Planar(Planar { size: turn.size(planar.size), chroma, planes, ..planar }))
        }
    }
}

fn orient_raster(raster: Raster, turn: Turn, job: &Job<'_>) -> Result<Raster, Failure> {
    let mut samples = job.bytes(raster.samples.len())?;
    match raster.channels.count() {
        1 => turned::<1>(&raster, turn, &mut samples),
        2 => turned::<2>(&raster, turn, &mut samples),
        3 => turned::<3>(&raster, turn, &mut samples),
        _ => turned::<4>(&raster, turn, &mut samples),
    }
    Ok(Raster { size: turn.size(raster.size), channels: raster.channels, samples })
}

fn turned<const N: usize>(raster: &Raster, turn: Turn, samples: &mut [u8]) {
    let (source, _) = raster.samples.as_chunks::<N>();
    let (target, _) = samples.as_chunks_mut::<N>();
    let size = turn.size(raster.size);
    let (width, height) = (size.width as usize, size.height as usize);
    let stride = raster.size.width as usize;
    // Walking right in the upright picture walks along this axis of the source; down, the other.
    let (across, down) = if turn.swaps() { (stride, 1) } else { (1, stride) };
    for (y, row) in target.chunks_exact_mut(width).enumerate() {
        let y = if turn.mirrors_y() { height - 1 - y } else { y };
        for (x, pixel) in row.iter_mut().enumerate() {
            let x = if turn.mirrors_x() { width - 1 - x } else { x };
            *pixel = source[x * across + y * down];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::Budget;
    use crate::raster::Channels;
    use selvedge_plan::geometry::Size;

    #[test]
    fn all_eight_orientations() {
        // Stored: a b c      What each EXIF orientation shows of it (TIFF 6.0, tag 274).
        //         d e f
        for (exif, width, shown) in [
            (1, 3, "abcdef"),
            (2, 3, "cbafed"),
            (3, 3, "fedcba"),
            (4, 3, "defabc"),
            (5, 2, "adbecf"),
            (6, 2, "daebfc"),
            (7, 2, "fcebda"),
            (8, 2, "cfbead"),
        ] {
            let size = Size { width: 3, height: 2 };
            let stored = Raster::new(size, Channels::Grey, b"abcdef".to_vec()).unwrap();
            let mut trace = |_: &'static str| {};
            let job = Job::new(Budget::UNLIMITED, 0, &mut trace);
            let upright = orient_raster(stored, Turn::from_exif(exif), &job).unwrap();
            assert_eq!(upright.size.width, width, "{exif}");
            assert_eq!(upright.samples, shown.as_bytes(), "{exif}");
        }
    }
}
