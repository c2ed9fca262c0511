//! The real Worker, in workerd.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::process::Server;
use crate::workspace;

/// Starts the Worker on a free port, with variables as `NAME=value` and with the files of `bucket`
/// in its bucket. Unless `KEYS` is among the variables it serves unsigned addresses.
///
/// # Errors
/// If it does not start, with what it said.
pub fn start(vars: &[&str], bucket: Option<&Path>) -> Result<Server> {
    start_with(vars, bucket, &[])
}

/// The same, with more flags for `dev.mjs`.
///
/// # Errors
/// If it does not start, with what it said.
pub fn start_with(vars: &[&str], bucket: Option<&Path>, flags: &[&str]) -> Result<Server> {
    let mut command = Command::new("node");
    command.current_dir(workspace::root());
    command.args(["edge/worker/dev.mjs", "--port", "0", "--bundle"]);
    command.arg(workspace::bundle()?);
    for var in vars {
        command.args(["--var", var]);
    }
    if !vars.iter().any(|var| var.starts_with("KEYS=")) {
        command.args(["--var", "UNSIGNED=true"]);
    }
    if let Some(bucket) = bucket {
        command.arg("--r2").arg(bucket);
    }
    command.args(flags);
    Server::start("the edge", command, ready)
}

/// The address in the line that the script prints once the Worker serves.
fn ready(line: &str) -> Option<String> {
    let address = line.strip_prefix("ready http://")?;
    Some(address.trim_end_matches('/').to_owned())
}
