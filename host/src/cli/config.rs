//! `selvedge config`: what a server would be set to.

use std::path::Path;

use super::{Failure, files, settings};

/// Print the settings that `serve` would have with the same flags, and who set each
///
/// Secrets are shown as ***. What is wrong is told on standard error, all of it.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    settings: settings::Args,
}

pub fn run(args: &Args) -> Result<(), Failure> {
    let loaded = args.settings.load()?;
    files::write(Path::new("-"), loaded.print().as_bytes())?;
    super::warn(&loaded.warnings)?;
    loaded.check().map_err(Failure::Wrong)
}
