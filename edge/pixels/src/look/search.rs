//! How far a surround reaches.
//!
//! It is searched for as finely as the plan decodes afterwards, so what is left of the surround is at
//! most about half a pixel of the output, and the search takes no more than the transform. A first
//! search is as fine as all of the picture would be decoded; if what it finds is so small that it
//! will be decoded more finely, a second one is as fine as that.

use selvedge_plan::Plan;
use selvedge_plan::geometry::{FRACTION_BITS, Region, Size};
use selvedge_plan::options::edges::Edges;
use selvedge_plan::options::trim::{self, Rectangle, Trim};
use selvedge_plan::orientation::Turn;

use super::Seen;
use super::plane::Plane;
use crate::budget::Job;
use crate::codec::{Form, Planes};
use crate::failure::Failure;
use crate::forecast::SLACK;
use crate::reduce::{Reduce, Way};
use crate::ringing;
use crate::surround::{self, Bounds, Surround};

/// The plan with what lies inside the surround as numbers.
pub fn trimmed(
    seen: &Seen<'_>,
    border: trim::Surround,
    plan: &Plan,
    job: &mut Job<'_>,
) -> Result<Plan, Failure> {
    let all = seen.blueprint(plan)?.denominators();
    let once = searched(seen, border, &all, plan, job)?;
    let found = seen.blueprint(&once)?.denominators();
    let is_finer = found.iter().zip(&all).any(|(found, all)| found < all);
    if is_finer { searched(seen, border, &found, plan, job) } else { Ok(once) }
}

fn searched(
    seen: &Seen<'_>,
    border: trim::Surround,
    denominators: &[u32],
    plan: &Plan,
    job: &mut Job<'_>,
) -> Result<Plan, Failure> {
    job.step("look", work(seen))?;
    let trim = search(seen, border, denominators, job)?.map(Trim::Rectangle);
    Ok(Plan { trim, ..plan.clone() })
}

/// How often it is searched at most.
pub const TIMES: u64 = 2;

/// Work units of one search.
pub fn work(seen: &Seen<'_>) -> u64 {
    let pixels = seen.size().pixels();
    let Seen::File(_, header) = seen else { return pixels };
    let decode = header.format.codec().decode_work.saturating_add(1);
    pixels.saturating_mul(decode).saturating_add(seen.beyond_header().1)
}

/// Upper bound of bytes that the finest search allocates.
pub fn memory(seen: &Seen<'_>) -> u64 {
    let blocks = |plane: &Plane| ringing::memory(2, plane.size(seen.size()).width.into());
    let planes = Plane::all(&seen.planes(), &[]);
    seen.finest_decode_memory() + planes.iter().map(blocks).sum::<u64>() + SLACK
}

/// What lies inside the surround of the upright picture; `None` if all is alike, or nothing is.
fn search(
    seen: &Seen<'_>,
    border: trim::Surround,
    denominators: &[u32],
    job: &Job<'_>,
) -> Result<Option<Rectangle>, Failure> {
    let tolerance = border.tolerance.unwrap_or(surround::TOLERANCE);
    let planes = Plane::all(&seen.planes(), denominators);
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
        let way = Way::whole(plane.size(size));
        Reduce::search(way, plane.denominator, Surround::new(colour, tolerance))
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
    use crate::budget::Budget;
    use crate::pipeline::{self, Picture, Source};
    use crate::raster::{Channels, Raster};
    use crate::tag::Tag;
    use selvedge_plan::{Client, Options};

    fn plan(options: &str) -> Plan {
        Plan::new(&Options::parse(options).unwrap(), &Client::default()).unwrap()
    }

    #[test]
    fn edges_are_found_as_finely_as_is_decoded() {
        let (full, mut trace) = (Size { width: 640, height: 480 }, |_: &'static str| {});
        let mut job = Job::new(Budget::UNLIMITED, 0, &mut trace);
        for shift in 0..8 {
            // Edges at all places of a block, and all of them at once.
            let (left, top, right, bottom) =
                (100 + shift, 80 + 3 * shift, 500 + shift, 400 - shift);
            let pixel = |i: u32| {
                let inside =
                    (left..right).contains(&(i % 640)) && (top..bottom).contains(&(i / 640));
                if inside { [30, 20, 90] } else { [250, 250, 255] }
            };
            let samples = (0..640 * 480).flat_map(pixel).collect();
            let raster = Raster::new(full, Channels::Rgb, samples).unwrap();
            for encoding in ["baseline-jpeg,quality=85", "jpeg,quality=95"] {
                let encode = plan(&format!("format={encoding}"));
                let source = Source::Pixels(raster.clone(), Tag::Srgb);
                let rendition = pipeline::transform(source, Vec::new(), &encode, &mut job);
                let Picture::Encoded(file) = rendition.unwrap().picture else { panic!("a file") };
                let header = pipeline::probe(&file).unwrap();
                let seen = Seen::File(&file, &header);
                // Some of them find a part that is decoded more finely than the whole.
                for (width, finest) in
                    [(24, 8), (40, 4), (50, 4), (80, 2), (100, 2), (150, 1), (600, 1)]
                {
                    let asked = plan(&format!("trim=border,width={width}"));
                    let settled = trimmed(&seen, trim::Surround::default(), &asked, &mut job);
                    let settled = settled.unwrap();
                    let denominators = seen.blueprint(&settled).unwrap().denominators();
                    assert_eq!(denominators.first(), Some(&finest), "{width}");
                    let Some(Trim::Rectangle(Rectangle { edges, .. })) = settled.trim else {
                        panic!("{width}: nothing was found");
                    };
                    // A sample of which less than a quarter is inside counts as outside. At full
                    // size quantisation has left something in the rest of the block.
                    let most = if finest == 1 { 7 } else { finest };
                    for (got, there) in [
                        (edges.left, left),
                        (edges.top, top),
                        (edges.right, 640 - right),
                        (edges.bottom, 480 - bottom),
                    ] {
                        let what = format!("{encoding} {width} {shift}: {got} for {there}");
                        assert!(got.abs_diff(there) <= most, "{what}");
                    }
                }
            }
        }
    }

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
