//! Where things lie.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::process;

/// The folder of the workspace.
pub fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}

/// The folder of everything that is made for use, whatever CARGO_TARGET_DIR says.
pub fn products() -> PathBuf {
    root().join("target")
}

/// The component for drills.
pub fn drill() -> PathBuf {
    products().join("selvedge-drill.wasm")
}

/// The component.
pub fn component() -> PathBuf {
    products().join("selvedge-image.wasm")
}

/// The component that decodes HEIC.
pub fn stills() -> PathBuf {
    products().join("selvedge-heic.wasm")
}

/// The component as a command, for any engine of WASI components.
pub fn command() -> PathBuf {
    products().join("selvedge.wasm")
}

/// What decides requests in WebAssembly, for comparison.
pub fn decisions() -> PathBuf {
    products().join("selvedge-decisions.wasm")
}

/// The folder of the Worker's modules.
pub fn bundle() -> PathBuf {
    products().join("worker")
}

/// The folder of the modules of a Worker with the component for drills.
pub fn drill_bundle() -> PathBuf {
    products().join("worker-drill")
}

/// The folder of the package for npm.
pub fn package() -> PathBuf {
    products().join("npm")
}

/// The native host.
pub fn host() -> PathBuf {
    products().join("release").join(format!("selvedge{}", std::env::consts::EXE_SUFFIX))
}

/// The cargo that runs this task.
pub fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root());
    // What cargo tells this program of its own package: some build scripts (ring's) have their crate built
    // anew when it changes, so that each turn from `cargo xtask` to `cargo` would cost minutes.
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_MANIFEST_") || text.starts_with("CARGO_PKG_") {
            cargo.env_remove(&name);
        }
    }
    cargo
}

/// The folder into which cargo builds; not always that of [`products`].
pub fn cargo_target() -> Result<PathBuf> {
    let mut metadata = cargo();
    metadata.args(["metadata", "--format-version=1", "--no-deps", "--offline"]);
    let metadata: serde_json::Value = serde_json::from_slice(&process::output(&mut metadata)?)?;
    let folder = metadata.get("target_directory").and_then(|folder| folder.as_str());
    Ok(folder.context("cargo metadata names no target_directory")?.into())
}

/// The folder where cargo keeps the sources of dependencies.
pub fn cargo_home() -> Result<PathBuf> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    home.or_else(|| Some(std::env::home_dir()?.join(".cargo")))
        .context("neither CARGO_HOME nor a home folder is known")
}

/// Takes away a folder with all that is in it, if it is there.
pub fn clear(folder: &Path) -> Result<()> {
    if folder.is_dir() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot clear {}", folder.display()))?;
    }
    Ok(())
}

/// Reads a file, and names it if that fails.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

/// Writes a file below folders that are made if need be, and names it if that fails.
pub fn write(path: &Path, bytes: impl AsRef<[u8]>) -> Result<()> {
    path.parent()
        .map_or(Ok(()), fs::create_dir_all)
        .and_then(|()| fs::write(path, bytes))
        .with_context(|| format!("cannot write {}", path.display()))
}
