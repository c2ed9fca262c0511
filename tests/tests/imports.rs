//! What the component can reach: its stopwatch, and nothing else.

use std::fs;

use anyhow::{Context, Result, bail, ensure};
use selvedge_tests::tools::note;
use selvedge_tests::workspace;
use wit_component::DecodedWasm;

#[test]
fn the_only_import_is_trace() -> Result<()> {
    let file = workspace::component()?;
    let component = fs::read(&file)?;
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
    ensure!(exports == ["selvedge:image/transformer@0.1.0"], "{exports:?}");
    Ok(())
}
