//! `selvedge probe`: what the header of a picture says.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{Failure, Shared, files};
use crate::transform::Limits;

/// Print what a picture's header says, as JSON
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The picture; `-` is standard input
    #[arg(value_name = "IN")]
    input: PathBuf,
}

/// What is printed.
#[derive(Serialize)]
struct Report {
    media_type: String,
    width: u32,
    height: u32,
    orientation: u8,
    alpha: bool,
    depth: u8,
    progressive: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    profile: Option<String>,
    bytes: usize,
}

pub fn run(shared: &Shared, args: &Args) -> Result<(), Failure> {
    shared.start_log();
    let bytes = files::read(&args.input)?;
    let limits = Limits::default();
    let header = shared.transformer(1, &limits)?.probe(&bytes, &limits)?;
    let report = Report {
        media_type: header.media_type,
        width: header.width,
        height: header.height,
        orientation: header.orientation,
        alpha: header.alpha,
        depth: header.depth,
        progressive: header.progressive,
        profile: header.profile,
        bytes: bytes.len(),
    };
    let text = serde_json::to_string_pretty(&report)?;
    files::write(Path::new("-"), format!("{text}\n").as_bytes())
}
