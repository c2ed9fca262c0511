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
    /// Codecs alone, against libjpeg-turbo; empty where djpeg and cjpeg are missing.
    pub codecs: Vec<Codec>,
}

/// One picture at one width.
#[derive(Deserialize)]
pub struct Case {
    /// The name of the file.
    pub picture: String,
    /// What sort of picture it is.
    pub kind: String,
    /// Its size.
    pub megapixels: f64,
    /// The width that was asked for.
    pub width: u32,
    /// The two that were compared.
    pub programs: Programs,
}

/// The two that are compared.
#[derive(Deserialize)]
pub struct Programs {
    /// Selvedge.
    pub ours: Outcome,
    /// libvips.
    pub libvips: Outcome,
}

/// What one program needed, and made.
#[derive(Deserialize)]
pub struct Outcome {
    /// CPU milliseconds, one sample a round.
    pub samples: Vec<f64>,
    /// The fewest CPU milliseconds that can be told.
    pub least: f64,
    /// Size of the output.
    pub bytes: u64,
    /// Against the reference, in decibels.
    pub psnr: f64,
    /// Against the reference, if there was a tool.
    pub ssimulacra2: Option<f64>,
}

/// A codec alone, by both programs.
#[derive(Deserialize)]
pub struct Codec {
    /// What was done.
    pub work: String,
    /// What sort of picture it was done to.
    pub kind: String,
    /// Our milliseconds, one sample a round.
    pub ours: Vec<f64>,
    /// Those of libjpeg-turbo.
    pub theirs: Vec<f64>,
}

impl Case {
    /// Our CPU time over that of libvips: the median of the rounds' ratios.
    pub fn median_ratio(&self) -> f64 {
        let pairs = self.programs.ours.samples.iter().zip(&self.programs.libvips.samples);
        median(pairs.map(|(ours, theirs)| ours / theirs))
    }

    /// The same of the least disturbed runs.
    pub fn least_ratio(&self) -> f64 {
        self.programs.ours.least / self.programs.libvips.least
    }
}

impl Codec {
    /// Our time over theirs, in the least disturbed runs.
    pub fn least_ratio(&self) -> f64 {
        least(&self.ours) / least(&self.theirs)
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
