//! Edge against origin, byte by byte.

use std::path::Path;

use anyhow::Result;

use crate::{process, workspace};

/// Builds all, then compares every image below `dir`, or generated ones.
pub fn run(dir: Option<&Path>) -> Result<()> {
    crate::build()?;
    let mut cargo = workspace::cargo();
    cargo.args(["run", "--quiet", "--release", "--package", "selvedge-tests"]);
    process::run(cargo.args(["--bin", "conformance", "--"]).args(dir))
}
