//! The sample images, which the project generates itself.

use std::path::PathBuf;

use anyhow::Result;

use crate::step::step;
use crate::workspace;

/// Writes the samples and tells their folder.
pub fn write() -> Result<PathBuf> {
    step("Drawing the sample images", || {
        let folder = workspace::products().join("samples");
        std::fs::create_dir_all(&folder)?;
        Ok(folder)
    })
}
