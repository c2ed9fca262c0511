//! Selvedge against libvips, libjpeg-turbo and libwebp, on the machine at hand.

mod curve;
mod curve_plot;
mod memory;
mod page;
mod plot;
mod python;
mod readme;
mod report;
mod svg;
mod transforms;

use std::path::PathBuf;
use std::thread::available_parallelism;

use anyhow::{Context, Result, bail};
use clap::Args;
use serde_json::json;

use crate::component::shown;
use crate::step::{note, step};
use crate::{bundle, component, host, process, samples, tools, workspace};
use report::{Case, Report};
use transforms::{FORMATS, JPEG, WEBP};

/// Photographs, pictures with alpha and animations that may lie beside the project.
const BESIDE: [&str; 3] = ["../shared/corpus/gif", "../shared/corpus/jpeg", "../shared/corpus/png"];

/// Quality of JPEG, in libjpeg's meaning, and of WebP, in libwebp's.
const QUALITY: u8 = 80;

#[derive(Args)]
pub struct Options {
    /// Folders with JPEGs, of which one is taken of each kind (20 MP or more, 12 MP, 12 MP
    /// progressive and 1080p), with PNGs that have soft edges, and with GIFs that move [default:
    /// those beside the project if there are any, else generated]
    dirs: Vec<PathBuf>,
    /// How often each program has its turn
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// How many seconds a turn takes, about
    #[arg(long, default_value_t = 1.0)]
    seconds: f64,
    /// The core that all programs run on, where programs can be kept on one [default: the last]
    #[arg(long)]
    core: Option<usize>,
    /// Only rows whose names contain this, such as `1080p to 800`, `WebP`, `codecs JPEG` or
    /// `memory`; implies --draft
    #[arg(long, value_name = "PART")]
    only: Option<String>,
    /// Write to target/bench, and leave docs/bench and the README as they are
    #[arg(long)]
    draft: bool,
    /// Also bytes of lossy WebP at equal scores over all photographs: some minutes more
    #[arg(long)]
    webp_curve: bool,
}

/// Builds what is measured, measures it, and writes the pages and the plots.
pub fn run(options: &Options) -> Result<()> {
    if let Some(folder) = options.dirs.iter().find(|folder| !folder.is_dir()) {
        bail!("expected a folder with pictures, got {}", folder.display());
    }
    tools::ensure()?;
    component::build()?;
    bundle::build()?;
    host::build()?;
    let folders = if options.dirs.is_empty() { pictures()? } else { options.dirs.clone() };
    let python = step("Looking for libvips and libwebp (from PyPI)", python::with_libraries)?;
    let core = options.core.unwrap_or_else(|| available_parallelism().map_or(0, |n| n.get() - 1));
    let job = json!({
        "selvedge": workspace::host(),
        "worker": workspace::bundle(),
        "folders": folders,
        "quality": QUALITY,
        "core": core,
        "seconds": options.seconds,
        "rounds": options.rounds,
        "only": options.only,
        "webp_curve": options.webp_curve,
    });
    let report = step("Measuring, many minutes: leave the machine alone", || {
        let script = workspace::root().join("xtask").join("bench").join("bench.py");
        let json = process::output(python.command().arg(script).arg(job.to_string()))?;
        serde_json::from_slice::<Report>(&json).context("bench.py printed another report")
    })?;
    step("Writing the report", || {
        let is_draft = options.draft || options.only.is_some();
        let folder = if is_draft { workspace::products() } else { workspace::root().join("docs") };
        for (name, text) in files(&report) {
            let path = folder.join("bench").join(name);
            workspace::write(&path, text)?;
            note(shown(&path));
        }
        if is_draft { Ok(()) } else { readme::update(&report) }
    })
}

/// The report's files, but for those of what was not measured.
fn files(report: &Report) -> Vec<(&'static str, String)> {
    let mut files = Vec::new();
    let families = [("jpeg.md", JPEG), ("webp.md", WEBP), ("formats.md", FORMATS)];
    for (name, family) in families {
        if report.cases_of(&family).next().is_some() || report.codecs_of(&family).next().is_some() {
            files.push((name, transforms::markdown(report, &family, QUALITY)));
        }
    }
    let jpegs: Vec<&Case> = report.cases_of(&JPEG).collect();
    if !jpegs.is_empty() {
        files.push(("jpeg.svg", plot::svg(report, &jpegs)));
    }
    if !report.memory.is_empty() {
        files.push(("memory.md", memory::markdown(report)));
    }
    if let Some(curve) = &report.curve {
        files.push(("webp-curve.md", curve::markdown(report, curve)));
        files.push(("webp.svg", curve_plot::svg(report, curve)));
    }
    files
}

/// The pictures beside the project, else those that the project draws.
fn pictures() -> Result<Vec<PathBuf>> {
    let beside = BESIDE.map(|folder| workspace::root().join(folder));
    if beside.iter().all(|folder| folder.is_dir()) {
        Ok(beside.into())
    } else {
        Ok(vec![samples::write()?])
    }
}
