//! The native build of the pipeline, called directly.

use anyhow::{Context, Result, bail, ensure};
use selvedge_pixels::{Budget, Failure, Job, Picture, Raster, Source};
use selvedge_plan::{Client, Options, Plan};
use selvedge_tests::netpbm::Netpbm;

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

/// How far two pictures are apart.
#[derive(Clone, Copy, Debug)]
pub struct Distance {
    pub most: u8,
    pub mean: f64,
    /// Samples that are apart by more than rounding explains.
    pub far: usize,
}

/// What rounding in the transform and in the conversion of colours adds up to.
const ROUNDING: u8 = 3;

/// How far samples are apart.
pub fn distance<'a>(pairs: impl Iterator<Item = (&'a u8, &'a u8)>) -> Distance {
    let (mut most, mut far, mut sum, mut count) = (0, 0, 0_u64, 0_u64);
    for (a, b) in pairs {
        let apart = a.abs_diff(*b);
        most = most.max(apart);
        far += usize::from(apart > ROUNDING);
        sum += u64::from(apart);
        count += 1;
    }
    Distance { most, far, mean: sum as f64 / count.max(1) as f64 }
}

impl Made {
    /// How far pixels are from those of a reference.
    pub fn distance(&self, reference: &Netpbm) -> Result<Distance> {
        let size = (reference.width, reference.height);
        ensure!((self.width, self.height) == size, "expected {size:?}: {self:?}");
        let reference = reference.rgba.iter().flat_map(|pixel| pixel.iter().take(self.channels));
        Ok(distance(self.bytes.iter().zip(reference)))
    }
}
