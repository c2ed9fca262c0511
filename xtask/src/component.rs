//! The component: from a core module to what both engines run.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};
use wit_component::{ComponentEncoder, DecodedWasm};

use crate::step::{note, step};
use crate::tools::WASM_TARGET;
use crate::{process, strip, workspace};

/// The only import that the contract allows, whatever its version.
const IMPORT: &str = "selvedge:image/trace@";

/// Builds the component and checks what it may reach.
pub fn build() -> Result<()> {
    let core = step("Building the component's core module", || core_module("selvedge-component"))?;
    step("Making the component", || {
        let module = strip::bindgen(&workspace::read(&core)?)?;
        let component = ComponentEncoder::default().validate(true).module(&module)?.encode()?;
        check_imports(&component)?;
        workspace::write(&workspace::component(), &component)?;
        note(format!(
            "{}: {} bytes, {} gzipped, SHA-256 {}",
            shown(&workspace::component()),
            component.len(),
            gzipped(&component)?,
            digest(&component),
        ));
        Ok(())
    })
}

/// Builds a crate as a core WebAssembly module and tells where it is.
pub fn core_module(package: &str) -> Result<PathBuf> {
    let file = format!("{}.wasm", package.replace('-', "_"));
    Ok(build_for(WASM_TARGET, package)?.join(file))
}

/// Builds a crate for a WebAssembly target and tells in which folder it is.
pub fn build_for(target: &str, package: &str) -> Result<PathBuf> {
    // Panics name their source files. Without the builder's home in them, other builders get the
    // same bytes, and with those the same digest.
    let registry = workspace::cargo_home()?.join("registry").join("src");
    let remap = format!("--remap-path-prefix={}=registry", registry.display());
    let mut cargo = workspace::cargo();
    cargo.arg("--config").arg(format!("target.{target}.rustflags=['{remap}']"));
    cargo.args(["build", "--profile=wasm", "--target", target, "--package", package]);
    process::run(&mut cargo)?;
    Ok(workspace::cargo_target()?.join(target).join("wasm"))
}

/// SHA-256 in hexadecimal: the component's name in headers, at edge and origin.
pub fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A path as people want to read it.
pub fn shown(path: &Path) -> String {
    path.strip_prefix(workspace::root()).unwrap_or(path).display().to_string()
}

/// The component gets nothing from outside, so its output depends on nothing outside.
fn check_imports(component: &[u8]) -> Result<()> {
    let DecodedWasm::Component(resolve, world) = wit_component::decode(component)? else {
        bail!("expected a component, got a WIT package");
    };
    let world = resolve.worlds.get(world).context("the component has no world")?;
    for import in world.imports.keys() {
        let import = resolve.name_world_key(import);
        note(format!("imports {import}"));
        if !import.starts_with(IMPORT) {
            bail!("expected no import but {IMPORT}…, got {import}");
        }
    }
    Ok(())
}

fn gzipped(bytes: &[u8]) -> Result<usize> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(bytes)?;
    Ok(gzip.finish()?.len())
}
