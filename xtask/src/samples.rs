//! The sample images, which the project draws itself.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::component::shown;
use crate::step::{note, step};
use crate::workspace;

/// Draws the samples and tells their folder.
pub fn write() -> Result<PathBuf> {
    step("Drawing the sample images", || {
        let folder = workspace::products().join("samples");
        if is_fresh(&folder) {
            note("as they were drawn before");
            return Ok(folder);
        }
        let files = selvedge_tests::samples::write(&folder)?;
        note(format!("{}: {} files", shown(&folder), files.len()));
        Ok(folder)
    })
}

/// Whether the samples were drawn by this very program, which then need not do it again.
fn is_fresh(folder: &Path) -> bool {
    let changed = |path: &Path| fs::metadata(path)?.modified();
    let program = std::env::current_exe().and_then(|program| changed(&program));
    matches!((changed(folder), program), (Ok(drawn), Ok(built)) if drawn > built)
}
