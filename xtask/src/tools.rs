//! The tools that a build takes: what can be installed is, what cannot is named.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::step::{note, step};
use crate::{process, workspace};

/// The oldest Node.js that the pinned workerd tools run on.
const NODE_MAJOR: u32 = 20;

/// The target of everything that runs as WebAssembly.
pub const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// The target of what runs as a command.
pub const WASI_TARGET: &str = "wasm32-wasip2";

/// Makes sure of all of them.
pub fn ensure() -> Result<()> {
    step("Looking for the tools", || {
        ensure_target(WASM_TARGET)?;
        ensure_target(WASI_TARGET)?;
        ensure_node()?;
        ensure_packages()
    })
}

fn ensure_target(target: &str) -> Result<()> {
    let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    let sysroot = process::output(rustc.args(["--print", "sysroot"]))?;
    let sysroot = String::from_utf8(sysroot)?;
    if Path::new(sysroot.trim()).join("lib/rustlib").join(target).is_dir() {
        return Ok(());
    }
    note(format!("installing the Rust target {target}"));
    process::run(Command::new("rustup").args(["target", "add", target])).with_context(|| {
        format!(
            "the Rust target {target} is missing: install Rust by https://rustup.rs, or the \
             target by the package manager that Rust came from"
        )
    })
}

fn ensure_node() -> Result<()> {
    let advice = format!(
        "install Node.js {NODE_MAJOR} or newer with npm, from https://nodejs.org or by your \
         package manager (Debian: `apt-get install nodejs npm`)"
    );
    let node = version("node").with_context(|| advice.clone())?;
    let npm = version("npm").with_context(|| advice.clone())?;
    let major = node.trim_start_matches('v').split('.').next().unwrap_or_default();
    if !major.parse().is_ok_and(|major: u32| major >= NODE_MAJOR) {
        bail!("expected Node.js {NODE_MAJOR} or newer, got {node}: {advice}");
    }
    note(format!("Node.js {node}, npm {npm}"));
    Ok(())
}

fn version(program: &str) -> Result<String> {
    let version = process::output(Command::new(program).arg("--version"))?;
    Ok(String::from_utf8_lossy(&version).trim().to_owned())
}

/// `npm ci`, unless the installed packages are those of the lock file.
fn ensure_packages() -> Result<()> {
    let changed = |name: &str| fs::metadata(workspace::root().join(name))?.modified();
    let locked = changed("package-lock.json").context("package-lock.json")?;
    // npm writes this file last.
    if changed("node_modules/.package-lock.json").is_ok_and(|installed| installed >= locked) {
        return Ok(());
    }
    note("installing workerd and wrangler by npm");
    let mut npm = Command::new("npm");
    process::run(npm.args(["ci", "--no-audit", "--no-fund"]).current_dir(workspace::root()))
}

/// A Node.js that finds the installed packages, and reports to nobody.
pub fn node() -> Command {
    let mut node = Command::new("node");
    node.current_dir(workspace::root()).env("WRANGLER_SEND_METRICS", "false");
    node
}
