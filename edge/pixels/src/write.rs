//! From the finished pixels to a file.

use crate::budget::Job;
use crate::codec::{Format, Run};
use crate::colour;
use crate::failure::Failure;
use crate::forecast::{Blueprint, Written};
use crate::pipeline::packed;
use crate::placeholder;
use crate::raster::{Pixels, Planar, Raster};

/// Writes a file of the finished pixels, with all that it carries.
///
/// # Errors
/// [`Failure::Unsupported`] for a format that is only read, [`Failure::OverBudget`].
pub fn write(
    pixels: Pixels,
    format: Format,
    blueprint: &Blueprint,
    job: &Job<'_>,
) -> Result<Vec<u8>, Failure> {
    let codec = format.codec();
    let encode = blueprint.encode.ok_or_else(|| {
        Failure::Unsupported(format!("{} is read, but not written", codec.media_type))
    })?;
    let whole = |file: Vec<u8>| match blueprint.written {
        Written::DataUrl(_) => placeholder::data_url(codec.media_type, &file),
        written => blueprint.carried.put(written, file),
    };
    let style = blueprint.style;
    match encode.run {
        Run::Packed(run) => {
            let raster = packed(pixels, job)?;
            match blueprint.ceiling {
                None => whole(run(&raster, style)?),
                Some(ceiling) => ceiling.keep(style, job, |style| whole(run(&raster, style)?)),
            }
        }
        Run::Planar { run, .. } => {
            let (planar, alpha) = match pixels {
                Pixels::Planar(planar) => (planar, None),
                Pixels::Packed(raster) => colour::unpack(raster, blueprint.chroma, job)?,
            };
            match blueprint.ceiling {
                None => whole(run(planar, alpha, style)?),
                Some(ceiling) => ceiling.keep(style, job, |style| {
                    let planes = planar.planes.iter().map(|plane| copied(plane, job));
                    let planes = planes.collect::<Result<_, _>>()?;
                    let alpha = alpha.as_ref().map(|alpha| copied(alpha, job)).transpose()?;
                    whole(run(Planar { planes, ..planar }, alpha, style)?)
                }),
            }
        }
    }
}

/// An encoder takes its planes away, and may be asked again.
fn copied(plane: &Raster, job: &Job<'_>) -> Result<Raster, Failure> {
    let mut samples = job.bytes(plane.samples.len())?;
    samples.copy_from_slice(&plane.samples);
    Ok(Raster { size: plane.size, channels: plane.channels, samples })
}
