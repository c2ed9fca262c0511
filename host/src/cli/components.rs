//! `selvedge components`: the folder of components by their digests.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use clap::Subcommand;

use super::{Failure, files};
use crate::component::ComponentFile;
use crate::components::{Archive, in_use};

/// List, add and remove components in a folder
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder
    #[arg(
        long,
        value_name = "DIR",
        global = true,
        env = "SELVEDGE_COMPONENTS_FOLDER",
        default_value = "components"
    )]
    folder: PathBuf,
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Add a component, if it is of this program's contract
    Add {
        /// The component
        file: PathBuf,
        /// Only if this is its SHA-256
        #[arg(long, value_name = "DIGEST")]
        sha256: Option<String>,
    },
    /// Remove all but the newest, and those that a server has in use here
    Gc {
        /// How many are kept
        #[arg(long, value_name = "N", default_value_t = 3)]
        keep: usize,
        /// Only tell which
        #[arg(long)]
        dry_run: bool,
    },
    /// Tell digests, bytes and times, the newest first
    List,
}

pub fn run(args: &Args) -> Result<(), Failure> {
    let archive = Archive::new(&args.folder);
    let used = in_use(&args.folder);
    let mut told = String::new();
    let mut tell = |entry: &crate::components::Entry| {
        let added = humantime::format_rfc3339_seconds(entry.added);
        let used = if used.contains(&entry.digest) { "in use" } else { "" };
        // Writing to a string cannot fail.
        let _ = writeln!(told, "{}  {:>9}  {added}  {used}", entry.digest, entry.size);
    };
    match &args.what {
        What::Add { file, sha256 } => {
            let component = ComponentFile::open(Some(file))?;
            archive.add(&component, sha256.as_deref())?;
            told = format!("{}\n", component.digest());
        }
        What::Gc { keep, dry_run: true } => archive.old(*keep, &used)?.iter().for_each(tell),
        What::Gc { keep, dry_run: false } => archive.collect(*keep, &used)?.iter().for_each(tell),
        What::List => archive.list()?.iter().for_each(&mut tell),
    }
    files::write(Path::new("-"), told.as_bytes())
}
