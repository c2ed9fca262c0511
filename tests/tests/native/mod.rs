//! The native build of the pipeline, called directly.

use anyhow::{Context, Result, bail};
use selvedge_pixels::{Budget, Failure, Job, Picture, Raster, Source};
use selvedge_plan::{Client, Options, Plan};

/// What came of a transform.
#[derive(Debug, PartialEq, Eq)]
pub struct Made {
    /// The file, or the samples.
    pub bytes: Vec<u8>,
    pub width: u32,
    pub height: u32,
    pub channels: usize,
    pub warnings: Vec<String>,
}

/// The plan that a text means.
pub fn plan(options: &str) -> Result<Plan> {
    Ok(Plan::new(&Options::parse(options)?, &Client::default())?)
}

/// Transforms a source without a budget.
pub fn transformed(source: Source, options: &str) -> Result<Result<Made, Failure>> {
    let mut trace = |_: &'static str| {};
    let mut job = Job::new(Budget::UNLIMITED, 0, &mut trace);
    let rendition = match selvedge_pixels::transform(source, Vec::new(), &plan(options)?, &mut job)
    {
        Ok(rendition) => rendition,
        Err(failure) => return Ok(Err(failure)),
    };
    let (bytes, channels) = match rendition.picture {
        Picture::Encoded(bytes) => (bytes, 0),
        Picture::Pixels(Raster { samples, channels, .. }) => (samples, channels.count()),
    };
    let (width, height) = (rendition.size.width, rendition.size.height);
    Ok(Ok(Made { bytes, width, height, channels, warnings: job.warnings() }))
}

/// The pixels of a file by a plan, as grey or RGB.
pub fn pixels(file: &[u8], options: &str) -> Result<Made> {
    let options = format!("{options},format=pixels");
    let source = Source::Encoded(file.to_vec());
    let made = transformed(source, options.trim_start_matches(','))?;
    made.map_err(|failure| anyhow::anyhow!("{failure:?}")).context(options)
}

/// The failure of a file by a plan.
pub fn failure(file: &[u8], options: &str) -> Result<Failure> {
    match transformed(Source::Encoded(file.to_vec()), options)? {
        Ok(made) => bail!("{options}: expected a failure, got {} × {}", made.width, made.height),
        Err(failure) => Ok(failure),
    }
}
