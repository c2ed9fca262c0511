//! Where the eye goes.

use selvedge_plan::Plan;
use selvedge_plan::geometry::{self, Size};
use selvedge_plan::options::effects::Effects;
use selvedge_plan::options::fit::Fit;
use selvedge_plan::options::gravity::{Gravity, Point};
use selvedge_plan::options::page::Page;
use selvedge_plan::options::trim::Trim;
use selvedge_plan::plan::Output;

use super::Seen;
use crate::budget::Job;
use crate::channels::widen;
use crate::failure::Failure;
use crate::pipeline;
use crate::raster::Channels;
use crate::saliency::{self, Interest};

/// Largest picture in which the eye goes about.
pub const GLANCE: Size = Size { width: 128, height: 128 };

/// The plan for a small picture of what a plan cuts from.
pub fn glance(plan: &Plan) -> Plan {
    Plan {
        trim: plan.trim.filter(|trim| matches!(trim, Trim::Rectangle(_))),
        rotate: plan.rotate.right(),
        width: Some(GLANCE.width),
        height: Some(GLANCE.height),
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
pub fn focus(
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
