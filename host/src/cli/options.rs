//! `selvedge options`: every option that an address can have.

use std::path::Path;

use selvedge_plan::options::{Stage, TABLE};
use selvedge_plan::reference;

use super::{Failure, files};

/// List the options that an address can have
#[derive(Debug, clap::Args)]
pub struct Args {
    /// As docs/options.md has it
    #[arg(long)]
    markdown: bool,
    /// The dialects instead, as docs/dialects.md has it
    #[arg(long, conflicts_with = "markdown")]
    dialects: bool,
}

pub fn run(args: &Args) -> Result<(), Failure> {
    let text = match args {
        Args { dialects: true, .. } => reference::dialects(),
        Args { markdown: true, .. } => reference::options(),
        Args { .. } => list(),
    };
    files::write(Path::new("-"), text.as_bytes())
}

/// For people at a terminal.
fn list() -> String {
    let mut text = String::new();
    for stage in Stage::ALL {
        text.push_str(&format!("{}\n", stage.title()));
        for setting in TABLE.iter().filter(|setting| setting.stage == *stage) {
            let (names, expects) = (setting.names.join(", "), setting.expects);
            text.push_str(&format!("  {names}\n      {}\n", setting.doc));
            text.push_str(&format!("      Value: {expects}\n      Absent: {}\n", setting.default));
        }
    }
    text
}
