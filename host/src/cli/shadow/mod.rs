//! `selvedge shadow`: what came of shadow runs.

pub mod page;

use std::path::{Path, PathBuf};

use clap::Subcommand;

use super::{Failure, Shared, files};
use crate::shadow::{Cases, Ledger, Summary};
use crate::transform::Limits;

/// Tell how the pictures of two components compare
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Print a table of all runs of late, and write a page with the pictures of the worst
    Report {
        /// The folder of a server's shadow runs
        #[arg(long, value_name = "DIR", env = "SELVEDGE_SHADOW_FOLDER")]
        folder: PathBuf,
        /// Where the page goes
        #[arg(long, short, value_name = "HTML")]
        output: Option<PathBuf>,
    },
}

pub fn run(shared: &Shared, args: &Args) -> Result<(), Failure> {
    shared.start_log();
    let What::Report { folder, output } = &args.what;
    let named = |error| format!("{}: {error}", folder.display());
    let summary = Summary::of(&Ledger::read(folder).map_err(named)?);
    if let Some(path) = output {
        let limits = Limits::default();
        let transformer = shared.transformer(1, &limits)?;
        let cases = Cases::read(folder).map_err(named)?;
        files::write(path, page::page(&summary, &cases, &transformer, &limits).as_bytes())?;
    }
    files::write(Path::new("-"), summary.to_string().as_bytes())
}
