//! What was measured, as `bench.py` prints it, and what follows from it.

use serde::Deserialize;

/// The whole run.
#[derive(Deserialize)]
pub struct Report {
    /// The day, as in 2026-11-23.
    pub date: String,
    /// Processor, cores and system.
    pub machine: String,
    /// Whether all ran on one core.
    pub pinned: bool,
    /// The machine's load average after each round.
    pub loads: Vec<f64>,
    /// The programs that were compared.
    pub versions: Vec<String>,
    /// Whether there was a tool for SSIMULACRA2.
    pub scored: bool,
    /// Whole transforms, against libvips.
    pub cases: Vec<Case>,
    /// Codecs alone; those of JPEG only where djpeg and cjpeg are.
    pub codecs: Vec<Codec>,
    /// Peaks of linear memory.
    pub memory: Vec<Memory>,
    /// Lossy WebP at many qualities, if it was asked for.
    pub curve: Option<Curve>,
}

/// One picture made into one shape.
#[derive(Deserialize)]
pub struct Case {
    /// The name of the file.
    pub picture: String,
    /// What sort of picture it is.
    pub kind: String,
    /// Its size.
    pub megapixels: f64,
    /// Size and format of the output.
    pub shape: String,
    /// The format alone, as options name it.
    pub format: String,
    /// The ratio that is meant not to be passed.
    pub target: Option<f64>,
    /// Those that were compared.
    pub programs: Programs,
}

/// Those that are compared.
#[derive(Deserialize)]
pub struct Programs {
    /// Selvedge in wasmtime, as it serves.
    pub ours: Outcome,
    /// The same without checks for a deadline.
    pub unchecked: Cost,
    /// Selvedge in V8, as at the edge.
    pub v8: Cost,
    /// libvips.
    pub libvips: Outcome,
}

/// What one program needed.
#[derive(Deserialize)]
pub struct Cost {
    /// CPU milliseconds, one sample a round.
    pub samples: Vec<f64>,
    /// The fewest CPU milliseconds that can be told.
    pub least: f64,
}

/// What one program needed, and made.
#[derive(Deserialize)]
pub struct Outcome {
    /// Its time.
    #[serde(flatten)]
    pub cost: Cost,
    /// Size of the output.
    pub bytes: u64,
    /// Against the reference, in decibels.
    pub psnr: f64,
    /// Against the reference, if there was a tool.
    pub ssimulacra2: Option<f64>,
}

/// A codec alone, by two programs.
#[derive(Deserialize)]
pub struct Codec {
    /// What was done.
    pub work: String,
    /// What sort of picture it was done to.
    pub kind: String,
    /// The other program.
    pub against: String,
    /// Our milliseconds, one sample a round.
    pub ours: Vec<f64>,
    /// The other's.
    pub theirs: Vec<f64>,
    /// The ratio that is meant not to be passed.
    pub target: Option<f64>,
}

/// What a transform held at its peak.
#[derive(Deserialize)]
pub struct Memory {
    /// The name of the file.
    pub picture: String,
    /// What sort of picture it is.
    pub kind: String,
    /// Its size.
    pub megapixels: f64,
    /// MiB beside the source that are meant not to be passed.
    pub target: Option<f64>,
    /// What was used, in bytes.
    pub used: Option<Used>,
    /// Why nothing was.
    pub missing: Option<String>,
}

/// Bytes of linear memory.
#[derive(Deserialize)]
pub struct Used {
    /// Of the source's file.
    pub source: u64,
    /// Most at once, the source included.
    pub peak: u64,
    /// What was forecast for all but the source.
    pub forecast: u64,
}

/// Lossy WebP at many qualities.
#[derive(Deserialize)]
pub struct Curve {
    /// How many pictures each point is the mean of.
    pub photographs: usize,
    /// libwebp's line first.
    pub curves: Vec<Line>,
}

/// One encoder at one effort.
#[derive(Deserialize)]
pub struct Line {
    /// Which.
    pub name: String,
    /// The ratio of bytes that is meant not to be passed.
    pub target: Option<f64>,
    /// By rising quality.
    pub points: Vec<Point>,
}

/// One encoder at one quality.
#[derive(Deserialize)]
pub struct Point {
    /// As options name it.
    pub quality: u8,
    /// Bits a pixel.
    pub bits: f64,
    /// SSIMULACRA2.
    pub score: f64,
    /// Bytes over libwebp's at the same score; `None` if its scores do not reach so far.
    pub bytes: Option<f64>,
    /// Time over libwebp's at the same quality.
    pub time: f64,
}

impl Case {
    /// Our CPU time over that of libvips: the median of the rounds' ratios.
    pub fn median_ratio(&self) -> f64 {
        let (ours, theirs) = (&self.programs.ours.cost, &self.programs.libvips.cost);
        median(ours.samples.iter().zip(&theirs.samples).map(|(ours, theirs)| ours / theirs))
    }

    /// The same of the least disturbed runs.
    pub fn least_ratio(&self) -> f64 {
        self.programs.ours.cost.least / self.programs.libvips.cost.least
    }
}

impl Codec {
    /// Our time over theirs, in the least disturbed runs.
    pub fn least_ratio(&self) -> f64 {
        least(&self.ours) / least(&self.theirs)
    }
}

impl Used {
    /// What was forecast over what was used, the source counted on both sides.
    pub fn forecast_ratio(&self) -> f64 {
        (self.forecast + self.source) as f64 / self.peak as f64
    }
}

/// The smallest.
pub fn least(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::INFINITY, f64::min)
}

/// The greatest.
pub fn most(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::NEG_INFINITY, f64::max)
}

/// The middle one, or the mean of the two in the middle.
pub fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut sorted: Vec<f64> = values.into_iter().collect();
    sorted.sort_by(f64::total_cmp);
    let at = |index: usize| sorted.get(index).copied().unwrap_or(f64::NAN);
    let (below, above) = (sorted.len().saturating_sub(1) / 2, sorted.len() / 2);
    (at(below) + at(above)) / 2.0
}
