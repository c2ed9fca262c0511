//! Rounded corners, cut out of alpha.

use selvedge_plan::geometry::Size;
use selvedge_plan::options::radius::Radius;

use crate::budget::Job;
use crate::channels::widen;
use crate::failure::Failure;
use crate::raster::Raster;

/// Lines that a row of pixels is looked at in; between them, and along each, coverage is exact.
const LINES: usize = 16;

/// Rounds the corners of a picture, which has alpha afterwards.
///
/// # Errors
/// [`Failure::OverBudget`].
pub fn round(raster: Raster, radius: Radius, job: &Job<'_>) -> Result<Raster, Failure> {
    let channels = raster.channels.with_alpha();
    let mut raster = widen(raster, channels, job)?;
    let radii = radii(radius, raster.size);
    let (stride, count) = (raster.stride(), channels.count());
    let height = raster.size.height as usize;
    for (index, row) in raster.samples.chunks_exact_mut(stride).enumerate() {
        let [top_left, top_right, bottom_right, bottom_left] = radii;
        let below = height - 1 - index;
        for (radius, from_edge, mirrored) in [
            (top_left, index, false),
            (top_right, index, true),
            (bottom_right, below, true),
            (bottom_left, below, false),
        ] {
            let Some(edges) = edges(radius, from_edge) else { continue };
            // What is round ends with the last pixel that one of the edges runs through.
            let reach = edges.iter().fold(0.0, |most: f64, edge| most.max(*edge));
            for x in 0..(libm::ceil(reach) as usize).min(stride / count) {
                let at = if mirrored { stride - x * count - 1 } else { (x + 1) * count - 1 };
                if let Some(alpha) = row.get_mut(at) {
                    *alpha = libm::floor(f64::from(*alpha) * covered(&edges, x) + 0.5) as u8;
                }
            }
        }
    }
    Ok(raster)
}

/// The radii of the four corners, clockwise from the top left: all smaller by one factor if two of
/// them do not fit a side (CSS Backgrounds 3 §4.5).
fn radii(radius: Radius, size: Size) -> [f64; 4] {
    let (width, height) = (f64::from(size.width), f64::from(size.height));
    let corners = match radius {
        Radius::Max => return [width.min(height) / 2.0; 4],
        Radius::Corners(corners) => corners.map(f64::from),
    };
    let [a, b, c, d] = corners;
    let factor = [(a + b, width), (c + d, width), (a + d, height), (b + c, height)]
        .into_iter()
        .filter(|(both, side)| both > side)
        .fold(1.0, |factor: f64, (both, side)| factor.min(side / both));
    corners.map(|radius| radius * factor)
}

/// Where the circle of a corner begins in each line of a row, from the side; `None` for a row beyond
/// it.
fn edges(radius: f64, row: usize) -> Option<[f64; LINES]> {
    let row = row as f64;
    (row < radius).then(|| {
        core::array::from_fn(|line| {
            let up = (radius - row - (line as f64 + 0.5) / LINES as f64).max(0.0);
            radius - libm::sqrt((radius * radius - up * up).max(0.0))
        })
    })
}

/// How much of the pixel `x` lies inside.
fn covered(edges: &[f64; LINES], x: usize) -> f64 {
    let right = x as f64 + 1.0;
    edges.iter().map(|edge| (right - edge).clamp(0.0, 1.0)).sum::<f64>() / LINES as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::Budget;
    use crate::raster::Channels;

    fn rounded(radius: Radius, width: u32, height: u32) -> Vec<u8> {
        let size = Size { width, height };
        let white = Raster::new(size, Channels::Grey, vec![255; size.pixels() as usize]).unwrap();
        let mut trace = |_: &'static str| {};
        let job = Job::new(Budget::UNLIMITED, 0, &mut trace);
        let raster = round(white, radius, &job).unwrap();
        assert_eq!(raster.channels, Channels::GreyAlpha);
        raster.samples.chunks_exact(2).map(|pixel| pixel[1]).collect()
    }

    #[test]
    fn a_circle_has_its_area() {
        for side in [2, 7, 40, 101] {
            let alpha = rounded(Radius::Max, side, side);
            let area = alpha.iter().map(|a| f64::from(*a) / 255.0).sum::<f64>();
            let expected = core::f64::consts::PI * f64::from(side * side) / 4.0;
            assert!((area - expected).abs() < 0.01 * expected, "{side}: {area} {expected}");
        }
    }

    #[test]
    fn each_corner_has_its_radius() {
        let alpha = rounded(Radius::Corners([4, 0, 2, 1]), 8, 8);
        let at = |x: usize, y: usize| alpha[y * 8 + x];
        assert_eq!((at(0, 0), at(7, 0), at(4, 0), at(0, 4)), (0, 255, 255, 255));
        // A circle of radius 1 leaves pi/4 of its pixel.
        assert!(at(0, 7).abs_diff(200) <= 1);
        assert!(at(7, 7) < 200 && at(7, 7) > 0 && at(6, 6) > 200);
    }

    #[test]
    fn radii_that_do_not_fit_shrink_alike() {
        let size = Size { width: 10, height: 100 };
        assert_eq!(radii(Radius::Corners([20, 20, 0, 5]), size), [5.0, 5.0, 0.0, 1.25]);
        assert_eq!(radii(Radius::Max, size), [5.0; 4]);
    }
}
