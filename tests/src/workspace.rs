//! Where things lie: what was built, the corpus, and a place for files of the tests' own.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

/// The folder of the workspace.
pub fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}

/// The host binary.
///
/// # Errors
/// If it is not built.
pub fn host() -> Result<PathBuf> {
    built(&format!("release/selvedge{}", std::env::consts::EXE_SUFFIX))
}

/// The component.
///
/// # Errors
/// If it is not built.
pub fn component() -> Result<PathBuf> {
    built("selvedge-image.wasm")
}

/// The component for drills.
///
/// # Errors
/// If it is not built.
pub fn drill() -> Result<PathBuf> {
    built("selvedge-drill.wasm")
}

/// The folder of the modules of a Worker with the component for drills.
///
/// # Errors
/// If it is not built.
pub fn drill_bundle() -> Result<PathBuf> {
    built("worker-drill/entry.js").map(|entry| entry.parent().unwrap_or(&entry).to_owned())
}

/// The component as a command.
///
/// # Errors
/// If it is not built.
pub fn command() -> Result<PathBuf> {
    built("selvedge.wasm")
}

/// Random and written requests as a WebAssembly module.
///
/// # Errors
/// If it is not built.
pub fn decisions() -> Result<PathBuf> {
    built("selvedge-decisions.wasm")
}

/// The folder of the Worker's modules.
///
/// # Errors
/// If it is not built.
pub fn bundle() -> Result<PathBuf> {
    built("worker/entry.js").map(|entry| entry.parent().unwrap_or(&entry).to_owned())
}

/// The folder of the package for npm.
///
/// # Errors
/// If it is not built.
pub fn package() -> Result<PathBuf> {
    built("npm/package.json").map(|file| file.parent().unwrap_or(&file).to_owned())
}

/// Builds put what is for use here, whatever CARGO_TARGET_DIR says.
fn built(name: &str) -> Result<PathBuf> {
    let path = root().join("target").join(name);
    ensure!(path.is_file(), "{} is missing: run `cargo xtask build` first", path.display());
    Ok(path)
}

/// The corpus beside the workspace. A clone alone has none.
pub fn corpus() -> Option<PathBuf> {
    let folder = root().parent()?.join("shared/corpus");
    folder.is_dir().then_some(folder)
}

/// A folder for files of the tests. What is put there is the same at every run, so runs at the same
/// time do not disturb each other.
///
/// # Errors
/// If it cannot be made.
pub fn scratch(name: &str) -> Result<PathBuf> {
    let folder = root().join("target/tests").join(name);
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    Ok(folder)
}

/// All files below `folder` in order, without hidden ones.
///
/// # Errors
/// If a folder cannot be read.
pub fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder)
            .with_context(|| format!("cannot read the folder {}", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default();
            if name.as_encoded_bytes().starts_with(b".") {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if path.is_file() {
                files.push(path);
            }
        }
    }
    files.sort_unstable();
    Ok(files)
}
