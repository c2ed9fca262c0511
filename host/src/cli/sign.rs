//! `selvedge sign`: an address that a server with the same key will serve.

use std::path::Path;

use selvedge_plan::request::{PREFIXES, Parts};
use selvedge_plan::signature::Keys;

use super::{Failure, files};

/// Sign the path of a picture
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The path and query, such as /image/width=400/photo.jpg
    #[arg(value_name = "PATH")]
    path: String,
    #[command(flatten)]
    keys: KeyArgs,
}

/// The keys that sign addresses.
#[derive(Debug, clap::Args)]
pub struct KeyArgs {
    /// Keys as id:hex, separated by commas; the first one signs, all verify
    #[arg(long, value_name = "KEYS", env = "SELVEDGE_KEYS", hide_env_values = true)]
    keys: Option<String>,
}

impl KeyArgs {
    /// The keys; none if none were given.
    pub fn read(&self) -> Result<Keys, Failure> {
        Ok(Keys::parse(self.keys.as_deref().unwrap_or_default())?)
    }
}

pub fn run(args: &Args) -> Result<(), Failure> {
    let parts = Parts::cut(&args.path)?;
    if parts.signature.is_some() {
        return Err("the path is signed already: leave out its sig=… part".into());
    }
    // What no server would serve is better not signed.
    parts.read()?;
    let prefix =
        PREFIXES.iter().find(|prefix| args.path.starts_with(*prefix)).copied().unwrap_or_default();
    let signature = args
        .keys
        .read()?
        .sign(parts.signed)
        .ok_or("there is no key to sign with: set --keys id:hex or SELVEDGE_KEYS")?;
    let signed = format!("{prefix}{signature}{}\n", parts.signed);
    files::write(Path::new("-"), signed.as_bytes())
}
