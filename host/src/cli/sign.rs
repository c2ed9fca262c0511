//! `selvedge sign`: an address that a server with the same key will serve.

use std::path::Path;

use selvedge_plan::dialects::Dialects;
use selvedge_plan::request::{Signature, Target};
use selvedge_plan::signature::Keys;

use super::{Failure, files};

/// Sign the path of a picture
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The path and query, such as /image/width=400/photo.jpg, in any dialect with a prefix
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
    /// The keys as they were given.
    pub fn text(&self) -> Option<&str> {
        self.keys.as_deref()
    }
}

pub fn run(args: &Args) -> Result<(), Failure> {
    // Without the dialect that takes any path: what is meant for another one would not be told.
    let target = Target::cut(&args.path, &Dialects::parse("next,ipx,weserv,thumbor,imgproxy")?)?;
    if matches!(target.signature, Signature::Own(_)) {
        return Err("the path is signed already: leave out its sig=… part".into());
    }
    // What no server would serve is better not signed.
    target.read()?;
    // Where the dialect has a prefix of ours the signature stands behind it, else before all.
    let (prefix, rest) = match target.prefix {
        "" => ("", args.path.as_str()),
        prefix => (prefix, target.signed),
    };
    let signature = Keys::parse(args.keys.text().unwrap_or_default())?
        .sign(rest)
        .ok_or("there is no key to sign with: set --keys id:hex or SELVEDGE_KEYS")?;
    let signed = format!("{prefix}/{signature}{rest}\n");
    files::write(Path::new("-"), signed.as_bytes())
}
