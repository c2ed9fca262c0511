//! The guest: the pixel pipeline behind the contract in `wit/`, and nothing else.

mod convert;
#[cfg(feature = "drill")]
mod drill;

use convert::{to_failure, to_job_budget};
use exports::selvedge::image::transformer::{
    Budget, Failure, Forecast, Guest, Header, Outline, Picture, Rendition, Source,
};
use selvedge_allocator::Counting;
use selvedge_pixels::Job;
use selvedge_plan::geometry::Size;
use selvedge_plan::orientation::Turn;
use selvedge_plan::{Client, Options, Plan};

#[allow(unsafe_code, missing_docs, reason = "generated: the canonical ABI passes pointers")]
mod bindings {
    wit_bindgen::generate!({ path: "../../wit", world: "image" });
    use super::Component;
    export!(Component with_types_in self);
}
use bindings::exports;
use bindings::selvedge::image::trace;

#[global_allocator]
static ALLOCATOR: Counting = Counting::new();

struct Component;

impl Guest for Component {
    fn probe(head: Vec<u8>) -> Result<Header, Failure> {
        let header = selvedge_pixels::probe(&head).map_err(to_failure)?;
        Ok(convert::to_header(&header, selvedge_pixels::profile_name(&head)))
    }

    fn estimate(head: Vec<u8>, options: String) -> Result<Forecast, Failure> {
        let plan = plan(&options)?;
        let forecast = selvedge_pixels::estimate(&head, &plan).map_err(to_failure)?;
        Ok(convert::to_forecast(&forecast, ALLOCATOR.begin(u64::MAX).base()))
    }

    fn estimate_planes(outline: Outline, options: String) -> Result<Forecast, Failure> {
        let plan = plan(&options)?;
        let Outline { width, height, grey, orientation, colours } = outline;
        let (size, turn) = (Size { width, height }, Turn::from_exif(orientation.into()));
        let tag = convert::from_colours(colours);
        let forecast = selvedge_pixels::estimate_planes(size, grey, turn, &tag, &plan);
        let forecast = forecast.map_err(to_failure)?;
        Ok(convert::to_forecast(&forecast, ALLOCATOR.begin(u64::MAX).base()))
    }

    fn transform(
        source: Source,
        overlays: Vec<Vec<u8>>,
        options: String,
        budget: Budget,
    ) -> Result<Rendition, Failure> {
        #[cfg(feature = "drill")]
        let options = drill::obey(&source, &overlays, options, budget);
        once(source, overlays, &options, budget)
    }
}

/// One transform.
fn once(
    source: Source,
    overlays: Vec<Vec<u8>>,
    options: &str,
    budget: Budget,
) -> Result<Rendition, Failure> {
    let counting = ALLOCATOR.begin(budget.memory);
    let plan = plan(options)?;
    let source = convert::from_source(source).map_err(to_failure)?;
    let mut step = |name: &'static str| trace::step(name);
    let mut job = Job::new(to_job_budget(&budget), counting.used(), &mut step);
    let rendition =
        selvedge_pixels::transform(source, overlays, &plan, &mut job).map_err(to_failure)?;
    let (memory, work) = (counting.peak(), job.work());
    Ok(Rendition {
        media_type: rendition.media_type.to_owned(),
        width: rendition.size.width,
        height: rendition.size.height,
        memory,
        work,
        warnings: job.warnings(),
        picture: match rendition.picture {
            selvedge_pixels::Picture::Encoded(file) => Picture::Encoded(file),
            selvedge_pixels::Picture::Pixels(raster) => Picture::Pixels(convert::to_raster(raster)),
        },
    })
}

/// A canonical text has nothing left to negotiate; of any other, `auto` means what every client can
/// show.
fn plan(options: &str) -> Result<Plan, Failure> {
    Options::parse(options)
        .and_then(|options| Plan::new(&options, &Client::default()))
        .map_err(|problem| Failure::BadOption(problem.detail))
}
