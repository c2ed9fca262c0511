//! `selvedge rollout`: which component of a running server makes which pictures.

use std::net::SocketAddr;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Subcommand;
use selvedge_plan::rollout::{self, Share};
use selvedge_plan::signature::Keys;
use tokio::runtime;

use super::door::Door;
use super::sign::KeyArgs;
use super::{Failure, files, settings, walk};
use crate::components::State;
use crate::observe::short;
use crate::purge::{self, Purger};

/// Tell or change which component of a running server makes which pictures
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The server's door for its operator
    #[arg(
        long,
        value_name = "ADDR",
        global = true,
        env = "SELVEDGE_ADMIN_LISTEN",
        default_value = "127.0.0.1:9180"
    )]
    admin: SocketAddr,
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Print a header by which a tester gets pictures of one component
    Choose {
        /// The component's digest
        digest: String,
        /// For how long
        #[arg(long, value_name = "N", default_value_t = 60)]
        minutes: u64,
        #[command(flatten)]
        keys: KeyArgs,
    },
    /// Let the candidate make all pictures
    Promote,
    /// Read the configuration again and load what it names
    Reload,
    /// Let the older component make all pictures
    Rollback {
        /// And tell caches to forget what the newer one made
        #[arg(long)]
        purge: bool,
        #[command(flatten)]
        settings: settings::Base,
    },
    /// Give the candidate this share of the sources
    Set {
        /// Such as 1/16, 0 or 1
        share: Share,
    },
    /// Tell what is loaded
    Status,
    Walk(walk::Args),
}

pub fn run(args: &Args) -> Result<(), Failure> {
    if let What::Choose { digest, minutes, keys } = &args.what {
        return choose(digest, *minutes, keys);
    }
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(ask(&Door::new(args.admin)?, &args.what))
}

/// Asks the server, or has it do something, and prints what it says.
async fn ask(door: &Door, what: &What) -> Result<(), Failure> {
    let text = match what {
        What::Walk(args) => return walk::run(door, args).await,
        What::Choose { .. } => return Ok(()),
        What::Promote => door.order("/rollout/promote").await?,
        What::Reload => door.order("/rollout/reload").await?,
        What::Rollback { .. } => door.order("/rollout/rollback").await?,
        What::Set { share } => door.order(&format!("/rollout/set?share={share}")).await?,
        What::Status => door.ask("/rollout").await?,
    };
    files::write(Path::new("-"), text.as_bytes())?;
    let What::Rollback { purge: true, settings } = what else {
        return Ok(());
    };
    let state: State = serde_json::from_str(&text)?;
    let withdrawn = state.candidate.ok_or("the server does not say what was withdrawn")?;
    let purger = Purger::new(&settings.load()?.config.purge)?;
    Ok(purger.purge(&purge::of_component(&withdrawn)).await?)
}

fn choose(component: &str, minutes: u64, keys: &KeyArgs) -> Result<(), Failure> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let until = now.saturating_add(minutes.saturating_mul(60));
    let keys = Keys::parse(keys.text().unwrap_or_default())?;
    let value = rollout::choose(short(component), until, &keys)
        .ok_or("there is no key to sign with: set --keys id:hex or SELVEDGE_KEYS")?;
    files::write(Path::new("-"), format!("{}: {value}\n", rollout::CHOOSE).as_bytes())
}
