//! What the component can reach: its stopwatch, and nothing else.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use selvedge_tests::tools::note;
use selvedge_tests::workspace;
use sha2::{Digest, Sha256};
use wit_component::DecodedWasm;

#[test]
fn the_only_import_is_trace() -> Result<()> {
    only_import(&workspace::component()?, "selvedge:image/transformer@0.1.0")
}

#[test]
fn so_it_is_of_what_decodes_stills() -> Result<()> {
    let file = workspace::component()?.with_file_name("selvedge-heic.wasm");
    only_import(&file, "selvedge:image/stills@0.1.0")
}

#[test]
fn the_digest_of_the_component_stands_for_both() -> Result<()> {
    let file = workspace::component()?;
    let stills = fs::read(file.with_file_name("selvedge-heic.wasm"))?;
    let digest: String = Sha256::digest(&stills).iter().map(|b| format!("{b:02x}")).collect();
    ensure!(fs::read(&file)?.ends_with(format!("selvedge:stills{digest}").as_bytes()));
    Ok(())
}

fn only_import(file: &Path, export: &str) -> Result<()> {
    let component = fs::read(file)?;
    let DecodedWasm::Component(resolve, world) = wit_component::decode(&component)? else {
        bail!("{}: expected a component", file.display());
    };
    let world = resolve.worlds.get(world).context("it has no world")?;
    let names = |items: Vec<_>| -> Vec<String> {
        items.into_iter().map(|key| resolve.name_world_key(key)).collect()
    };
    let imports = names(world.imports.keys().collect());
    let exports = names(world.exports.keys().collect());
    note(&format!("imports {imports:?}"));
    note(&format!("exports {exports:?}"));
    ensure!(imports == ["selvedge:image/trace@0.1.0"], "{imports:?}");
    ensure!(exports == [export], "{exports:?}");
    Ok(())
}
