//! The component: from a core module to what both engines run.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use flate2::Compression;
use flate2::write::GzEncoder;
use selvedge_plan::key::{CONTRACT_EPOCH, CONTRACT_SECTION};
use sha2::{Digest, Sha256};
use wit_component::{ComponentEncoder, DecodedWasm};

use crate::step::{note, step};
use crate::tools::WASM_TARGET;
use crate::{process, workspace};

/// The only import that the contract allows, whatever its version.
const IMPORT: &str = "selvedge:image/trace@";

/// Most bytes of a component, gzipped: an isolate compiles them when it starts.
const MOST_GZIPPED: usize = 1_200_000;

/// Ends the image component: the name of a custom section, whose content is the digest of what decodes
/// stills. So the one digest that everybody is told stands for both.
const STILLS: &[u8] = b"selvedge:stills";

/// Builds the components and checks what they may reach.
pub fn build() -> Result<()> {
    let stills = make("selvedge-heic-component", &[], &workspace::stills(), Ok)?;
    make("selvedge-component", &[], &workspace::component(), |image| labelled(image, &stills))?;
    Ok(())
}

/// Builds the component that does wrong what a test says, once there is what decodes stills.
pub fn build_drill() -> Result<()> {
    let (stills, drill) = (workspace::read(&workspace::stills())?, ["--features", "drill"]);
    make("selvedge-component", &drill, &workspace::drill(), |image| labelled(image, &stills))?;
    Ok(())
}

/// Makes a component of a crate.
fn make(
    package: &str,
    more: &[&str],
    product: &Path,
    finish: impl FnOnce(Vec<u8>) -> Result<Vec<u8>>,
) -> Result<Vec<u8>> {
    let core = step(&format!("Building the core module of {package}"), || {
        core_module_with(package, more)
    })?;
    step("Making a component of it", || {
        let module = workspace::read(&core)?;
        let component = ComponentEncoder::default().validate(true).module(&module)?.encode()?;
        check_imports(&component)?;
        let component = finish(component)?;
        workspace::write(product, &component)?;
        let gzipped = gzipped(&component)?;
        note(format!(
            "{}: {} bytes, {gzipped} gzipped, SHA-256 {}",
            shown(product),
            component.len(),
            digest(&component),
        ));
        if gzipped > MOST_GZIPPED {
            bail!("expected at most {MOST_GZIPPED} bytes of the component gzipped, got {gzipped}");
        }
        Ok(component)
    })
}

/// The image component with the epoch of its contract, so that a host can tell whether it speaks the same,
/// and what decodes stills for it.
fn labelled(image: Vec<u8>, stills: &[u8]) -> Result<Vec<u8>> {
    let epoch = CONTRACT_EPOCH.to_string();
    let image = section(image, CONTRACT_SECTION.as_bytes(), epoch.as_bytes())?;
    section(image, STILLS, digest(stills).as_bytes())
}

/// A component with a custom section behind it (WebAssembly core specification §5.5.3).
fn section(mut component: Vec<u8>, name: &[u8], content: &[u8]) -> Result<Vec<u8>> {
    // Lengths below 128 are one byte.
    let short = |length: usize| u8::try_from(length).ok().filter(|length| *length < 128);
    let lengths = short(1 + name.len() + content.len()).zip(short(name.len()));
    let (whole, of_name) = lengths.context("a section that is too long")?;
    component.extend([&[0, whole, of_name], name, content].concat());
    Ok(component)
}

/// Builds a crate as a core WebAssembly module and tells where it is.
pub fn core_module(package: &str) -> Result<PathBuf> {
    core_module_with(package, &[])
}

/// The same with more arguments for cargo.
fn core_module_with(package: &str, more: &[&str]) -> Result<PathBuf> {
    let file = format!("{}.wasm", package.replace('-', "_"));
    Ok(build_for(WASM_TARGET, package, more)?.join(file))
}

/// Builds a crate for a WebAssembly target and tells in which folder it is.
pub fn build_for(target: &str, package: &str, more: &[&str]) -> Result<PathBuf> {
    // Panics name their source files. Without the builder's home in them, other builders get the
    // same bytes, and with those the same digest.
    let registry = workspace::cargo_home()?.join("registry").join("src");
    let remap = format!("--remap-path-prefix={}=registry", registry.display());
    let mut cargo = workspace::cargo();
    cargo.arg("--config").arg(format!("target.{target}.rustflags=['{remap}']"));
    cargo.args(["build", "--profile=wasm", "--target", target, "--package", package]);
    cargo.args(more);
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
