//! The component as core modules and JavaScript bindings, which is how V8 can run it.

use std::path::Path;

use anyhow::{Result, ensure};
use js_component_bindgen::{InstantiationMode, TranspileOpts, transpile};

use crate::workspace;

/// Writes `<name>.js` and the core modules beside it, and gives the names of these.
pub fn write(folder: &Path, name: &str, component: &[u8]) -> Result<Vec<String>> {
    let script = format!("{name}.js");
    let options = TranspileOpts {
        name: name.to_owned(),
        no_typescript: true,
        instantiation_mode: Some(InstantiationMode::Sync),
        nodejs_compat_disabled: true,
        base64_cutoff: 0,
        ..TranspileOpts::default()
    };
    let mut modules = Vec::new();
    for (name, bytes) in transpile(component, options)?.files {
        if name.ends_with(".wasm") {
            let same = component.windows(bytes.len()).any(|part| part == bytes);
            ensure!(same, "{name} is not byte for byte a part of the component");
            modules.push(name.clone());
        }
        let bytes = if name == script { without_environment(bytes)? } else { bytes };
        workspace::write(&folder.join(name), bytes)?;
    }
    Ok(modules)
}

/// The bindings without their look at a variable of the environment, whether to tell of every call: Deno asks
/// its user for leave to read it.
fn without_environment(script: Vec<u8>) -> Result<Vec<u8>> {
    const LOOK: &str = "if (!globalThis?.process?.env?.JCO_DEBUG) { return; }";
    let script = String::from_utf8(script)?;
    ensure!(script.matches(LOOK).count() == 1, "bindings: expected one look at JCO_DEBUG");
    Ok(script.replace(LOOK, "return;").into_bytes())
}
