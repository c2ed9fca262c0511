//! The component as core modules and JavaScript bindings, which is how V8 can run it.

use std::path::Path;

use anyhow::{Result, ensure};
use js_component_bindgen::{InstantiationMode, TranspileOpts, transpile};

use crate::workspace;

/// Writes `image.js` and the core modules beside it, and gives the names of these.
pub fn write(folder: &Path, component: &[u8]) -> Result<Vec<String>> {
    let options = TranspileOpts {
        name: "image".to_owned(),
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
        workspace::write(&folder.join(name), bytes)?;
    }
    Ok(modules)
}
