//! The real host.

use std::process::Command;

use anyhow::Result;

use crate::process::Server;
use crate::workspace;

/// Runs a program that knows nothing of its stdin, and ends it when stdin closes. So no server
/// outlives a test, even one that was killed.
const SUPERVISED: &str = r#"
exec 3<&0
"$@" </dev/null 3<&- &
server=$!
(cat <&3; kill "$server") >/dev/null 2>&1 &
exec 3<&-
wait "$server"
"#;

/// Starts `selvedge serve` on a free port, with `source` as a folder or an address, and with more
/// arguments. Without `--keys` among them it serves unsigned addresses.
///
/// # Errors
/// If it does not start, with what it said.
pub fn start(source: &str, args: &[&str]) -> Result<Server> {
    let mut command = Command::new("sh");
    command.args(["-c", SUPERVISED, "sh"]);
    command.arg(workspace::host()?);
    command.args(["serve", "--listen", "127.0.0.1:0", "--log", "json"]);
    command.args(["--source", source]).args(args);
    if !args.contains(&"--keys") {
        command.arg("--dev");
    }
    // Whatever the caller's environment holds, the line that tells the port must come.
    command.env("RUST_LOG", "info").env_remove("SELVEDGE_KEYS");
    Server::start("the origin", command, listening)
}

/// The address in the line that the host logs once it listens.
fn listening(line: &str) -> Option<String> {
    let line: serde_json::Value = serde_json::from_str(line).ok()?;
    let says = line.get("message")?.as_str()?;
    let address = line.get("address")?.as_str()?;
    (says == "listening").then(|| address.to_owned())
}
