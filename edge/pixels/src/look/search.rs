//! How far a surround reaches.

use selvedge_plan::geometry::{FRACTION_BITS, Region, Size};
use selvedge_plan::options::edges::Edges;
use selvedge_plan::options::trim::{self, Rectangle};
use selvedge_plan::orientation::Turn;

use super::Seen;
use crate::budget::Job;
use crate::codec::{Form, Planes};
use crate::failure::Failure;
use crate::reduce::{Reduce, Way};
use crate::surround::{self, Bounds, Surround};

/// What lies inside the surround of the upright picture; `None` if all is alike, or nothing is.
pub fn search(
    seen: &Seen<'_>,
    border: trim::Surround,
    job: &Job<'_>,
) -> Result<Option<Rectangle>, Failure> {
    let tolerance = border.tolerance.unwrap_or(surround::TOLERANCE);
    let planes = seen.planes();
    let colours: Vec<Option<[u8; 4]>> = match border.colour {
        None => vec![None; planes.len()],
        Some(colour) => {
            let samples = match seen.form() {
                Form::Packed(channels) => {
                    surround::in_channels(channels, colour).map(|colour| vec![Some(colour)])
                }
                Form::Planes(Planes { space, .. }) => surround::in_planes(space, colour)
                    .map(|planes| planes.into_iter().map(Some).collect()),
            };
            // A surround of a colour that the picture cannot have.
            let Some(samples) = samples else { return Ok(None) };
            samples
        }
    };
    let size = seen.size();
    let ways = planes.iter().zip(colours).map(|(plane, colour)| {
        Reduce::search(Way::whole(plane.size(size)), Surround::new(colour, tolerance))
    });
    let mut ways: Vec<Reduce> = ways.collect();
    seen.read(&mut ways, job)?;

    let mut found: Option<Bounds> = None;
    for (way, plane) in ways.into_iter().zip(&planes) {
        if let Some(bounds) = way.found()?.and_then(|bounds| plane.in_full_size(bounds, size)) {
            found = Some(found.map_or(bounds, |found| found.with(bounds)));
        }
    }
    let keep = border.keep.unwrap_or(0);
    Ok(found.map(|found| rectangle(found, keep, seen.turn(), size)))
}

/// Bounds of the stored picture as edges of the upright one.
fn rectangle(found: Bounds, keep: u32, turn: Turn, stored: Size) -> Rectangle {
    let (left, top) = (found.left.saturating_sub(keep), found.top.saturating_sub(keep));
    let right = found.right.saturating_add(keep).min(stored.width);
    let bottom = found.bottom.saturating_add(keep).min(stored.height);
    let fixed = |pixels: u32| u64::from(pixels) << FRACTION_BITS;
    let region = Region {
        x: fixed(left),
        y: fixed(top),
        width: fixed(right - left),
        height: fixed(bottom - top),
    };
    let upright = turn.size(stored);
    let region = turn.inverse().source_region(region, upright);
    let pixels = |fixed: u64| (fixed >> FRACTION_BITS) as u32;
    let edges = Edges {
        top: pixels(region.y),
        right: upright.width - pixels(region.x + region.width),
        bottom: upright.height - pixels(region.y + region.height),
        left: pixels(region.x),
    };
    Rectangle { edges, ..Rectangle::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_of_a_stored_picture_lie_on_the_same_pixels_of_the_upright_one() {
        let stored = Size { width: 100, height: 60 };
        let found = Bounds { left: 10, top: 5, right: 70, bottom: 40 };
        for (exif, top, right, bottom, left) in [
            (1, 4, 29, 19, 9),
            (2, 4, 9, 19, 29),
            (3, 19, 9, 4, 29),
            (4, 19, 29, 4, 9),
            (5, 9, 19, 29, 4),
            (6, 9, 4, 29, 19),
            (7, 29, 4, 9, 19),
            (8, 29, 19, 9, 4),
        ] {
            let Rectangle { edges, .. } = rectangle(found, 1, Turn::from_exif(exif), stored);
            assert_eq!(edges, Edges { top, right, bottom, left }, "{exif}");
        }
    }
}
