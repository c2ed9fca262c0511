//! The native host.

use std::fs;

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
        let (product, folder) = (workspace::host(), workspace::cargo_target()?);
        let built = folder.join("release").join(product.file_name().unwrap_or_default());
        if folder != workspace::products() {
            product.parent().map_or(Ok(()), fs::create_dir_all)?;
            fs::copy(&built, &product)
                .with_context(|| format!("cannot copy {}", built.display()))?;
        }
        Ok(())
    })
}
