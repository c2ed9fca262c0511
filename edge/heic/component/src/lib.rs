//! The guest: the decoder of HEIC behind the contract in `wit/`, and nothing else.

use exports::selvedge::image::stills::{
    Budget, CodePoints, Colours, Excess, Failure, Forecast, Guest, Outline, Planes,
};
use selvedge_allocator::Counting;
use selvedge_heic::{Decoded, decode, read};
use selvedge_pixels::{self as pixels, Job, Tag};

#[allow(unsafe_code, missing_docs, reason = "generated: the canonical ABI passes pointers")]
mod bindings {
    wit_bindgen::generate!({ path: "../../../wit", world: "heic" });
    use super::Component;
    export!(Component with_types_in self);
}
use bindings::exports;
use bindings::selvedge::image::trace;

#[global_allocator]
static ALLOCATOR: Counting = Counting::new();

struct Component;

impl Guest for Component {
    fn estimate(head: Vec<u8>) -> Result<Forecast, Failure> {
        let still = read(&head).map_err(to_failure)?;
        let outline = Outline {
            width: still.size().width,
            height: still.size().height,
            grey: still.is_grey(),
            orientation: still.orientation(),
            colours: to_colours(still.outlined().map_err(to_failure)?),
        };
        Ok(Forecast {
            outline,
            memory: still.memory().saturating_add(ALLOCATOR.begin(u64::MAX).base()),
            work: still.work(),
        })
    }

    fn decode(file: Vec<u8>, budget: Budget) -> Result<Planes, Failure> {
        let counting = ALLOCATOR.begin(budget.memory);
        let mut step = |name: &'static str| trace::step(name);
        let budget = pixels::Budget { memory: budget.memory, work: budget.work };
        let mut job = Job::new(budget, counting.used(), &mut step);
        decode(&file, &mut job).map(to_planes).map_err(to_failure)
    }
}

fn to_planes(Decoded { planar, orientation, tag }: Decoded) -> Planes {
    let mut planes = planar.planes.into_iter().map(|plane| plane.samples);
    let mut next = || planes.next().unwrap_or_default();
    Planes {
        width: planar.size.width,
        height: planar.size.height,
        luma: next(),
        blue: next(),
        red: next(),
        orientation,
        colours: to_colours(tag),
    }
}

fn to_colours(tag: Tag) -> Colours {
    match tag {
        Tag::CodePoints { primaries, transfer } => {
            Colours::Coded(CodePoints { primaries, transfer })
        }
        Tag::Profile(profile) => Colours::Profile(profile),
        Tag::Srgb => Colours::Srgb,
    }
}

fn to_failure(failure: pixels::Failure) -> Failure {
    let excess = |excess: pixels::Excess| Excess {
        what: excess.what.into_owned(),
        limit: excess.limit,
        actual: excess.actual,
    };
    match failure {
        pixels::Failure::Malformed(why) => Failure::Malformed(why),
        pixels::Failure::OverBudget(what) => Failure::OverBudget(excess(what)),
        pixels::Failure::TooLarge(what) => Failure::TooLarge(excess(what)),
        pixels::Failure::Truncated(why) => Failure::Truncated(why),
        // There are no options to be bad.
        pixels::Failure::BadOption(what) | pixels::Failure::Unsupported(what) => {
            Failure::Unsupported(what)
        }
    }
}
