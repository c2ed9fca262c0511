//! Selvedge against libvips and libjpeg-turbo, on the machine at hand.

mod plot;
mod python;
mod report;
mod table;

use std::path::PathBuf;
use std::thread::available_parallelism;

use anyhow::{Context, Result, bail};
use clap::Args;
use serde_json::json;

use crate::component::shown;
use crate::step::{note, step};
use crate::{component, host, process, samples, tools, workspace};
use report::Report;

/// Photographs that may lie beside the project.
const BESIDE: &str = "../shared/corpus/jpeg";

/// Pixels that a picture is shrunk to in width.
const WIDTHS: [u32; 2] = [400, 800];

/// JPEG quality, in libjpeg's meaning.
const QUALITY: u8 = 80;

#[derive(Args)]
pub struct Options {
    /// A folder with JPEGs, of which one is taken of each kind: 20 MP or more, 12 MP, 12 MP
    /// progressive and 1080p [default: those beside the project if there are any, else generated]
    dir: Option<PathBuf>,
    /// How often each program has its turn
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// How many seconds a turn takes, about
    #[arg(long, default_value_t = 1.0)]
    seconds: f64,
    /// The core that all programs run on, where programs can be kept on one [default: the last]
    #[arg(long)]
    core: Option<usize>,
}

/// Builds what is measured, measures it, and writes the table and the plot.
pub fn run(options: &Options) -> Result<()> {
    let given = options.dir.as_deref();
    if let Some(folder) = given.filter(|folder| !folder.is_dir()) {
        bail!("expected a folder with JPEGs, got {}", folder.display());
    }
    tools::ensure()?;
    component::build()?;
    host::build()?;
    let folder = match given {
        Some(folder) => folder.to_owned(),
        None => photographs()?,
    };
    let python = step("Looking for libvips (pyvips from PyPI)", python::with_pyvips)?;
    let core = options.core.unwrap_or_else(|| available_parallelism().map_or(0, |n| n.get() - 1));
    let job = json!({
        "selvedge": workspace::host(),
        "folder": folder,
        "widths": WIDTHS,
        "quality": QUALITY,
        "core": core,
        "seconds": options.seconds,
        "rounds": options.rounds,
    });
    let report = step("Measuring, some minutes: leave the machine alone", || {
        let script = workspace::root().join("xtask").join("bench").join("bench.py");
        let json = process::output(python.command().arg(script).arg(job.to_string()))?;
        serde_json::from_slice::<Report>(&json).context("bench.py printed another report")
    })?;
    step("Writing the report", || {
        let table = table::markdown(&report, QUALITY);
        print!("\n{table}");
        for (name, text) in [("jpeg.md", table), ("jpeg.svg", plot::svg(&report))] {
            let path = workspace::root().join("docs").join("bench").join(name);
            workspace::write(&path, text)?;
            note(shown(&path));
        }
        Ok(())
    })
}

/// The photographs beside the project, else pictures that the project draws.
fn photographs() -> Result<PathBuf> {
    let beside = workspace::root().join(BESIDE);
    if beside.is_dir() { Ok(beside) } else { samples::write() }
}
