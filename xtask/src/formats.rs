//! What becomes of what, and its digests.

use anyhow::Result;

use crate::{process, workspace};

/// Builds all, then makes every format of every other at both sides, and writes the tables of it.
pub fn run() -> Result<()> {
    crate::build()?;
    let mut cargo = workspace::cargo();
    cargo.args(["run", "--quiet", "--release", "--package", "selvedge-tests", "--bin", "formats"]);
    process::run(&mut cargo)
}
