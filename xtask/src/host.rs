//! The native host.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::step::step;
use crate::{process, workspace};

/// Builds `target/release/selvedge`.
pub fn build() -> Result<()> {
    build_by(&["build", "--release", "--package", "selvedge"])
}

/// Builds `target/release/selvedge` by this command of cargo.
pub fn build_by(command: &[&str]) -> Result<()> {
    step("Building the host (the first time, some minutes: an engine is in it)", || {
        process::run(workspace::cargo().args(command))?;
        take(&workspace::host())
    })
}

/// Copies what cargo built for release to where it is looked for, if that is another folder.
pub fn take(product: &Path) -> Result<()> {
    let folder = workspace::cargo_target()?;
    if folder != workspace::products() {
        let built = folder.join("release").join(product.file_name().unwrap_or_default());
        product.parent().map_or(Ok(()), fs::create_dir_all)?;
        fs::copy(&built, product).with_context(|| format!("cannot copy {}", built.display()))?;
    }
    Ok(())
}
