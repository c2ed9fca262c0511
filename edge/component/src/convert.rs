//! Between the contract's types and those of the pipeline.

use selvedge_pixels as pixels;
use selvedge_plan::geometry::Size;
use selvedge_plan::orientation::Turn;

use crate::exports::selvedge::image::transformer::{
    Budget, CodePoints, Colours, Decoded, Excess, Failure, Forecast, Header, Planes, Raster, Source,
};

/// A failure of the pipeline as the contract has it.
pub fn to_failure(failure: pixels::Failure) -> Failure {
    let excess = |excess: pixels::Excess| Excess {
        what: excess.what.into_owned(),
        limit: excess.limit,
        actual: excess.actual,
    };
    match failure {
        pixels::Failure::BadOption(why) => Failure::BadOption(why),
        pixels::Failure::Malformed(why) => Failure::Malformed(why),
        pixels::Failure::OverBudget(what) => Failure::OverBudget(excess(what)),
        pixels::Failure::TooLarge(what) => Failure::TooLarge(excess(what)),
        pixels::Failure::Truncated(why) => Failure::Truncated(why),
        pixels::Failure::Unsupported(what) => Failure::Unsupported(what),
    }
}

/// A header as the contract has it: upright.
pub fn to_header(header: &pixels::Header, profile: Option<String>) -> Header {
    let upright = header.turn().size(header.size);
    Header {
        media_type: header.format.media_type().to_owned(),
        width: upright.width,
        height: upright.height,
        orientation: header.orientation,
        alpha: header.form.channels().has_alpha(),
        depth: header.depth,
        progressive: header.progressive,
        profile,
    }
}

/// A forecast as the contract has it, with the `base` that the component itself takes.
pub fn to_forecast(forecast: &pixels::Forecast, base: u64) -> Forecast {
    Forecast {
        media_type: forecast.media_type.to_owned(),
        width: forecast.size.width,
        height: forecast.size.height,
        memory: forecast.memory.saturating_add(base),
        work: forecast.work,
    }
}

/// A budget as the pipeline has it.
pub fn to_job_budget(budget: &Budget) -> pixels::Budget {
    pixels::Budget { memory: budget.memory, work: budget.work }
}

/// A source as the pipeline has it.
pub fn from_source(source: Source) -> Result<pixels::Source, pixels::Failure> {
    match source {
        Source::Encoded(file) => Ok(pixels::Source::Encoded(file)),
        Source::Pixels(Decoded { raster, colours }) => {
            let Raster { width, height, channels, samples } = raster;
            let channels = pixels::Channels::from_count(channels).ok_or_else(|| {
                pixels::Failure::Malformed(format!("expected 1 to 4 channels, got {channels}"))
            })?;
            let raster = pixels::Raster::new(Size { width, height }, channels, samples)?;
            Ok(pixels::Source::Pixels(raster, from_colours(colours)))
        }
        Source::Planes(planes) => {
            let Planes { width, height, luma, blue, red, orientation, colours } = planes;
            let planar = pixels::Planar::halved(Size { width, height }, [luma, blue, red])?;
            let turn = Turn::from_exif(orientation.into());
            Ok(pixels::Source::Planes(planar, turn, from_colours(colours)))
        }
    }
}

/// What pixels are tagged with, as the pipeline has it.
pub fn from_colours(colours: Colours) -> pixels::Tag {
    match colours {
        Colours::Coded(CodePoints { primaries, transfer }) => {
            pixels::Tag::CodePoints { primaries, transfer }
        }
        Colours::Profile(profile) => pixels::Tag::Profile(profile),
        Colours::Srgb => pixels::Tag::Srgb,
    }
}

/// Pixels as the contract has them.
pub fn to_raster(raster: pixels::Raster) -> Raster {
    Raster {
        width: raster.size.width,
        height: raster.size.height,
        channels: raster.channels.count() as u8,
        samples: raster.samples,
    }
}
