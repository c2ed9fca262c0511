//! The component as a command: what it calls is the component itself, and nobody hears its steps.

use anyhow::{Context, Result};
use wac_graph::types::Package;
use wac_graph::{CompositionGraph, EncodeOptions, NodeId};
use wit_component::ComponentEncoder;

use crate::component::{build_for, core_module, shown};
use crate::step::{note, step};
use crate::tools::WASI_TARGET;
use crate::workspace;

/// Makes `target/selvedge.wasm`.
pub fn build() -> Result<()> {
    let (quiet, caller) = step("Building the command around the component", || {
        let quiet = workspace::read(&core_module("selvedge-quiet")?)?;
        let caller = build_for(WASI_TARGET, "selvedge-command", &[])?.join("selvedge-command.wasm");
        Ok((quiet, workspace::read(&caller)?))
    })?;
    step("Putting the command together", || {
        let quiet = ComponentEncoder::default().validate(true).module(&quiet)?.encode()?;
        let image = workspace::read(&workspace::component())?;
        workspace::write(&workspace::command(), compose(quiet, image, caller)?)?;
        note(shown(&workspace::command()));
        Ok(())
    })
}

/// One component in another.
struct Part {
    node: NodeId,
    exports: Vec<String>,
}

/// Gives each what it imports of the one before; what is left are the imports of WASI.
fn compose(quiet: Vec<u8>, image: Vec<u8>, caller: Vec<u8>) -> Result<Vec<u8>> {
    let mut graph = CompositionGraph::new();
    let quiet = instantiate(&mut graph, "selvedge:quiet", quiet)?;
    let image = instantiate(&mut graph, "selvedge:component", image)?;
    let caller = instantiate(&mut graph, "selvedge:caller", caller)?;
    connect(&mut graph, &quiet, &image, "selvedge:image/trace@")?;
    connect(&mut graph, &image, &caller, "selvedge:image/transformer@")?;
    let run = caller.export("wasi:cli/run@")?;
    let node = graph.alias_instance_export(caller.node, run)?;
    graph.export(node, run)?;
    Ok(graph.encode(EncodeOptions::default())?)
}

fn instantiate(graph: &mut CompositionGraph, name: &str, bytes: Vec<u8>) -> Result<Part> {
    let package = Package::from_bytes(name, None, bytes, graph.types_mut())?;
    let exports = graph.types()[package.ty()].exports.keys().cloned().collect();
    let package = graph.register_package(package)?;
    Ok(Part { node: graph.instantiate(package), exports })
}

/// Gives `to` what `from` exports under the name that begins so, whatever the version.
fn connect(graph: &mut CompositionGraph, from: &Part, to: &Part, name: &str) -> Result<()> {
    let name = from.export(name)?;
    let node = graph.alias_instance_export(from.node, name)?;
    Ok(graph.set_instantiation_argument(to.node, name, node)?)
}

impl Part {
    fn export(&self, name: &str) -> Result<&str> {
        let found = self.exports.iter().find(|known| known.starts_with(name));
        found.map(String::as_str).with_context(|| format!("expected an export {name}…, got none"))
    }
}
