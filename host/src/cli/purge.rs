//! `selvedge purge`: tells caches to forget pictures.

use std::path::Path;

use tokio::runtime;

use super::{Failure, Shared, files, settings};
use crate::component::ComponentFile;
use crate::components::is_digest;
use crate::purge::{self, Purger};

/// Tell caches to forget what a component made, or what was made of a source
///
/// The component is named by --component: its digest, the first 16 digits of that, or its file. The
/// caches are those of the section [purge] of the configuration.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What was made of this source, as it stands in addresses, instead of by a component
    #[arg(long, value_name = "SOURCE")]
    source: Option<String>,
    /// Only tell what would be sent
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    settings: settings::Base,
}

pub fn run(shared: &Shared, args: &Args) -> Result<(), Failure> {
    shared.start_log();
    let tag = match (&args.source, &shared.component) {
        (Some(source), _) => purge::of_source(source)?,
        (None, Some(name)) => {
            match name.to_str().filter(|name| is_digest(name) && name.len() >= 16) {
                Some(digest) => purge::of_component(digest),
                None => purge::of_component(ComponentFile::open(Some(name))?.digest()),
            }
        }
        (None, None) => return Err(Failure::Usage("expected --component or --source".to_owned())),
    };
    let config = args.settings.load()?.config.purge;
    if !config.is_set() {
        return Err("no cache is set: see purge.cloudflare_zone and purge.webhook".into());
    }
    let purger = Purger::new(&config)?;
    if args.dry_run {
        return files::write(Path::new("-"), (purger.rehearsal(&tag).join("\n") + "\n").as_bytes());
    }
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(purger.purge(&tag))?;
    files::write(Path::new("-"), format!("purged {tag}\n").as_bytes())
}
