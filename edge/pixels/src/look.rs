//! What only pixels tell: how far a surround reaches, and where the eye goes. The source is decoded
//! once more for each of them, with next to nothing held: row by row for the surround, and scaled
//! down for the eye. What is found is said in numbers, and the plan goes on as if it had them from the
//! start. Of an animation the first frame is looked at.

use selvedge_plan::Plan;
use selvedge_plan::geometry::{self, FRACTION_BITS, Region, Size};
use selvedge_plan::options::edges::Edges;
use selvedge_plan::options::effects::Effects;
use selvedge_plan::options::fit::Fit;
use selvedge_plan::options::gravity::{Gravity, Point};
use selvedge_plan::options::page::Page;
use selvedge_plan::options::trim::{self, Rectangle, Trim};
use selvedge_plan::orientation::Turn;
use selvedge_plan::plan::Output;

use crate::anim::Film;
use crate::budget::Job;
use crate::channels::widen;
use crate::codec::{Form, Header, Planes};
use crate::failure::Failure;
use crate::forecast::{Blueprint, Forecast};
use crate::pipeline;
use crate::raster::{Channels, Raster};
use crate::reduce::{Reduce, Way};
use crate::saliency::{self, Interest};
use crate::surround::{self, Bounds, Surround};

/// Longest side of the picture in which the eye goes about.
const GLANCE: u32 = 128;

/// A source that can be decoded more than once.
pub enum Seen<'a> {
    /// A file, and what its header says. For a forecast its beginning is enough.
    File(&'a [u8], &'a Header),
    /// Pixels, upright.
    Pixels(&'a Raster),
}

impl Seen<'_> {
    /// What a plan makes of it.
    ///
    /// # Errors
    /// As [`Blueprint::new`].
    pub fn blueprint(&self, plan: &Plan) -> Result<Blueprint, Failure> {
        match self {
            Self::File(file, header) => Blueprint::new(header, Film::of(file, header, plan)?, plan),
            Self::Pixels(raster) => {
                Blueprint::of_pixels(raster.size, self.form(), Turn::NONE, plan)
            }
        }
    }

    /// The same, and what it takes with all looks.
    ///
    /// # Errors
    /// As [`Blueprint::new`].
    pub fn forecast(&self, plan: &Plan) -> Result<(Blueprint, Forecast), Failure> {
        let blueprint = self.blueprint(plan)?;
        let mut forecast = blueprint.forecast();
        let mut add = |memory: u64, work: u64| {
            forecast.memory = forecast.memory.max(memory);
            forecast.work = forecast.work.saturating_add(work);
        };
        if let Some(Trim::Border(_)) = plan.trim {
            add(self.search_memory(), self.search_work());
        }
        if interest(plan).is_some() {
            let blueprint = self.blueprint(&glance(plan))?;
            let Forecast { size, memory, .. } = blueprint.forecast();
            let packed = size.pixels() * Channels::Rgba.count() as u64;
            add(memory + packed + saliency::memory(size), blueprint.decode_work());
        }
        Ok((blueprint, forecast))
    }

    /// Decodes it into ways.
    ///
    /// # Errors
    /// Any [`Failure`] of a decoder.
    pub fn read(&self, ways: &mut [Reduce], job: &Job<'_>) -> Result<(), Failure> {
        match self {
            Self::File(file, header) => (header.format.codec().decode)(file, header, ways, job),
            Self::Pixels(raster) => {
                for way in ways {
                    way.begin(raster.channels, job)?;
                    raster.rows().for_each(|row| way.row(row));
                }
                Ok(())
            }
        }
    }

    fn size(&self) -> Size {
        match self {
            Self::File(_, header) => header.size,
            Self::Pixels(raster) => raster.size,
        }
    }

    fn form(&self) -> Form {
        match self {
            Self::File(_, header) => header.form,
            Self::Pixels(raster) => Form::Packed(raster.channels),
        }
    }

    fn turn(&self) -> Turn {
        match self {
            Self::File(_, header) => header.turn(),
            Self::Pixels(_) => Turn::NONE,
        }
    }

    fn search_memory(&self) -> u64 {
        let Self::File(_, header) = self else { return 0 };
        let denominators = vec![1; self.planes().len()];
        (header.format.codec().decode_memory)(header, &denominators) + (64 << 10)
    }

    fn search_work(&self) -> u64 {
        let pixels = self.size().pixels();
        let Self::File(_, header) = self else { return pixels };
        pixels.saturating_mul(header.format.codec().decode_work.saturating_add(1))
    }

    /// The planes that it is decoded to; packed pixels count as one.
    fn planes(&self) -> Vec<Plane> {
        let (of_full, planes) = match self.form() {
            Form::Packed(_) => ((1, 1), vec![(1, 1)]),
            Form::Planes(planes) => (planes.largest(), planes.each().collect()),
        };
        planes.into_iter().map(|factors| Plane { factors, of_full }).collect()
    }
}

/// How large a plane is beside the picture.
#[derive(Clone, Copy, Debug)]
struct Plane {
    /// Its sampling factors across and down, and those of the full size: 2 and 3 are a plane of which
    /// two samples cover three pixels.
    factors: (u32, u32),
    of_full: (u32, u32),
}

impl Plane {
    /// Its size in samples, if that of the picture is `full`.
    fn size(self, full: Size) -> Size {
        let side = |full: u32, factor: u32, of: u32| (full * factor).div_ceil(of);
        Size {
            width: side(full.width, self.factors.0, self.of_full.0),
            height: side(full.height, self.factors.1, self.of_full.1),
        }
    }

    /// Bounds among its samples in pixels of the picture. The outermost samples of a smaller plane are
    /// mixed with the surround, and say less than those of the larger one.
    fn in_full_size(self, bounds: Bounds, full: Size) -> Option<Bounds> {
        let span = |start: u32, end: u32, factor: u32, of: u32, side: u32| {
            let mixed = u32::from(factor < of);
            let (start, end) = (start + mixed, end.saturating_sub(mixed));
            (start * of / factor, (end * of).div_ceil(factor).min(side))
        };
        let Bounds { left, top, right, bottom } = bounds;
        let ((a, d), (across, down)) = (self.factors, self.of_full);
        let (left, right) = span(left, right, a, across, full.width);
        let (top, bottom) = span(top, bottom, d, down, full.height);
        (left < right && top < bottom).then_some(Bounds { left, top, right, bottom })
    }
}

/// The plan with what only pixels tell in numbers; `None` if it asks for nothing of that kind.
///
/// # Errors
/// Any [`Failure`].
pub fn settle(seen: &Seen<'_>, plan: &Plan, job: &mut Job<'_>) -> Result<Option<Plan>, Failure> {
    let mut settled = None;
    if let Some(Trim::Border(border)) = plan.trim {
        job.step("look", seen.search_work())?;
        let trim = search(seen, border, job)?.map(Trim::Rectangle);
        settled = Some(Plan { trim, ..plan.clone() });
    }
    let so_far = settled.as_ref().unwrap_or(plan);
    if let Some(interest) = interest(so_far) {
        let gravity = Gravity::Point(focus(seen, so_far, interest, job)?);
        settled = Some(Plan { gravity, ..so_far.clone() });
    }
    Ok(settled)
}

fn interest(plan: &Plan) -> Option<Interest> {
    match plan.gravity {
        Gravity::Auto => Some(Interest::Attention),
        Gravity::Entropy => Some(Interest::Detail),
        Gravity::Face | Gravity::Point(_) => None,
    }
}

/// What lies inside the surround of the upright picture; `None` if all is alike, or nothing is.
fn search(
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

/// The plan for a small picture of what a plan cuts from.
fn glance(plan: &Plan) -> Plan {
    Plan {
        trim: plan.trim.filter(|trim| matches!(trim, Trim::Rectangle(_))),
        rotate: plan.rotate.right(),
        width: Some(GLANCE),
        height: Some(GLANCE),
        fit: Fit::ScaleDown,
        gravity: Gravity::CENTRE,
        crop: None,
        effects: Effects::default(),
        background: None,
        radius: None,
        padding: None,
        border: None,
        draw: Vec::new(),
        output: Output::Pixels,
        anim: false,
        page: Page::FIRST,
        ..plan.clone()
    }
}

/// The point that brings what is most interesting into the plan's cut.
fn focus(
    seen: &Seen<'_>,
    plan: &Plan,
    interest: Interest,
    job: &mut Job<'_>,
) -> Result<Point, Failure> {
    let blueprint = seen.blueprint(&glance(plan))?;
    job.step("look", blueprint.decode_work())?;
    let raster = widen(pipeline::upright(seen, &blueprint, job)?, Channels::Rgba, job)?;
    let all = blueprint.layout.region;
    let turned = seen.turn().then(plan.turn()).size(seen.size());
    let centred = Plan { gravity: Gravity::CENTRE, crop: None, ..plan.clone() };
    let cut = geometry::layout(turned, &centred)?.region;
    let side = |cut: u64, all: u64, small: u32| {
        ((cut * u64::from(small) + all / 2) / all.max(1)).clamp(1, u64::from(small)) as u32
    };
    let window = Size {
        width: side(cut.width, all.width, raster.size.width),
        height: side(cut.height, all.height, raster.size.height),
    };
    let (x, y) = saliency::window(&raster, window, interest)?;
    let part = |at: u32, small: u32, window: u32| match small - window {
        0 => Point::ONE / 2,
        spare => (at * Point::ONE + spare / 2) / spare,
    };
    let point = Point::new(
        part(x, raster.size.width, window.width),
        part(y, raster.size.height, window.height),
    );
    Ok(point.unwrap_or(Point::CENTRE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planes_may_have_two_samples_for_three_pixels() {
        let plane = Plane { factors: (2, 1), of_full: (3, 2) };
        let full = Size { width: 100, height: 31 };
        assert_eq!(plane.size(full), Size { width: 67, height: 16 });
        let bounds = Bounds { left: 9, top: 1, right: 41, bottom: 16 };
        let expected = Bounds { left: 15, top: 4, right: 60, bottom: 30 };
        assert_eq!(plane.in_full_size(bounds, full), Some(expected));
        let thin = Bounds { left: 9, top: 1, right: 11, bottom: 16 };
        assert_eq!(plane.in_full_size(thin, full), None);
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
