//! The URL builders of other languages, over the vectors of all of them.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use selvedge_tests::{tools, workspace};
use serde_json::Value;

const VECTORS: &str = include_str!("../vectors/clients.jsonl");

/// Has a program print an address for each line that it is given, and compares.
fn builds_the_vectors(mut program: Command) -> Result<()> {
    let mut child = program.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    child.stdin.take().context("stdin")?.write_all(VECTORS.as_bytes())?;
    let output = child.wait_with_output()?;
    ensure!(output.status.success(), "{program:?}");
    let printed = String::from_utf8(output.stdout)?;
    ensure!(printed.lines().count() == VECTORS.lines().count(), "{printed}");
    for (vector, got) in VECTORS.lines().zip(printed.lines()) {
        let parsed: Value = serde_json::from_str(vector)?;
        let expected = parsed.get("url").and_then(Value::as_str).unwrap_or_default();
        ensure!(got == expected, "{vector}: got {got}");
    }
    Ok(())
}

fn clients() -> std::path::PathBuf {
    workspace::root().join("clients")
}

#[test]
fn javascript_builds_the_vectors() -> Result<()> {
    let mut node = Command::new("node");
    node.arg(clients().join("js/check.mjs"));
    builds_the_vectors(node)
}

#[test]
fn python_builds_the_vectors() -> Result<()> {
    let Some(python) = tools::program("python3", "python3")? else {
        return Ok(());
    };
    builds_the_vectors(script(&python, &clients().join("python/check.py")))
}

/// Without leaving compiled modules in the tree.
fn script(python: &Path, path: &Path) -> Command {
    let mut command = Command::new(python);
    command.arg("-B").arg(path);
    command
}
