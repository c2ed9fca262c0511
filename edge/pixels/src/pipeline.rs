//! The pipeline as a list.

use selvedge_plan::Plan;
use selvedge_plan::geometry::Size;
use selvedge_plan::orientation::Turn;

use crate::budget::Job;
use crate::codec::{Format, Header};
use crate::compose::compose;
use crate::failure::Failure;
use crate::forecast::{Blueprint, Forecast};
use crate::orient::orient;
use crate::raster::Raster;
use crate::resize::resize;

/// What is transformed.
pub enum Source {
    /// A file.
    Encoded(Vec<u8>),
    /// Pixels that something else decoded, upright.
    Pixels(Raster),
}

/// What comes out.
pub enum Picture {
    /// A file of [`Rendition::media_type`].
    Encoded(Vec<u8>),
    /// Pixels, for something else to encode.
    Pixels(Raster),
}

/// A finished transform.
pub struct Rendition {
    /// The picture.
    pub picture: Picture,
    /// Its media type.
    pub media_type: &'static str,
    /// Its size.
    pub size: Size,
}

/// Reads the header of a file from its first bytes.
///
/// # Errors
/// [`Failure::Unsupported`], [`Failure::Malformed`], [`Failure::Truncated`] or
/// [`Failure::TooLarge`].
pub fn probe(head: &[u8]) -> Result<Header, Failure> {
    let format = Format::sniff(head)?;
    (format.codec().probe)(head)
}

/// Tells what a transform of the file that begins with `head` will give and need.
///
/// # Errors
/// As [`probe`], and [`Failure::TooLarge`] if the output would pass a limit.
pub fn estimate(head: &[u8], plan: &Plan) -> Result<Forecast, Failure> {
    Ok(Blueprint::new(&probe(head)?, plan)?.forecast())
}

/// Transforms a source by a plan, within the budget of the job.
///
/// # Errors
/// Any [`Failure`].
pub fn transform(source: Source, plan: &Plan, job: &mut Job<'_>) -> Result<Rendition, Failure> {
    let (blueprint, shrunk, crop) = match source {
        Source::Encoded(file) => {
            job.step("probe", 0)?;
            let header = probe(&file)?;
            let blueprint = Blueprint::new(&header, plan)?;
            let forecast = blueprint.forecast();
            job.admit(forecast.memory, forecast.work)?;

            job.step("decode", blueprint.decode_work())?;
            let mut shrink = blueprint.shrink();
            (header.format.codec().decode)(&file, &header, &mut shrink, job)?;
            let (shrunk, crop) = shrink.finish()?;
            // `file` ends here: from now on the source takes no memory.
            (blueprint, shrunk, crop)
        }
        Source::Pixels(raster) => {
            let blueprint = Blueprint::of_pixels(raster.size, raster.channels, Turn::NONE, plan)?;
            let forecast = blueprint.forecast();
            job.admit(forecast.memory, forecast.work)?;

            job.step("shrink", raster.size.pixels())?;
            let mut shrink = blueprint.shrink();
            shrink.whole(raster, job)?;
            let (shrunk, crop) = shrink.finish()?;
            (blueprint, shrunk, crop)
        }
    };

    job.step("resize", blueprint.resize_work())?;
    let scaled = resize(shrunk, crop, blueprint.scaled_as_stored(), job)?;

    job.step("compose", blueprint.compose_work())?;
    let upright = orient(scaled, blueprint.turn, job)?;
    let composed = compose(upright, &blueprint.layout, blueprint.background, job)?;

    let size = composed.size;
    let Some(format) = blueprint.format else {
        let media_type = "application/octet-stream";
        return Ok(Rendition {
            picture: Picture::Pixels(composed),
            media_type,
            size,
        });
    };
    job.step("encode", blueprint.encode_work())?;
    let codec = format.codec();
    let encode = codec.encode.as_ref().ok_or_else(|| {
        Failure::Unsupported(format!("{} is read, but not written", codec.media_type))
    })?;
    let file = (encode.run)(&composed, plan.quality)?;
    Ok(Rendition {
        picture: Picture::Encoded(file),
        media_type: codec.media_type,
        size,
    })
}
