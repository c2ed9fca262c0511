//! The Worker's modules: the component's JavaScript bindings, the Rust shell, and the glue between.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use js_component_bindgen::{InstantiationMode, TranspileOpts, transpile};
use wasm_bindgen_cli_support::Bindgen;

use crate::component::{core_module, digest, shown};
use crate::step::{note, step};
use crate::{process, tools, workspace};

/// Written by hand, uploaded as they are.
const SCRIPTS: [&str; 2] = ["entry.js", "glue.js"];

/// Makes `target/worker`.
pub fn build() -> Result<()> {
    let shell = step("Building the Worker's shell", || core_module("selvedge-worker"))?;
    step("Making the Worker's modules", || {
        // Beside the old ones, which may be in use until all the new ones are there.
        let (folder, product) = (workspace::products().join("worker-next"), workspace::bundle());
        clear(&folder)?;
        write_component(&folder)?;
        write_shell(&folder, &shell)?;
        for script in SCRIPTS {
            let source = workspace::root().join("edge/worker").join(script);
            workspace::write(&folder.join(script), workspace::read(&source)?)?;
        }
        clear(&product)?;
        fs::rename(&folder, &product).context("cannot put the Worker's modules in place")?;
        note(shown(&product));
        Ok(())
    })
}

fn clear(folder: &Path) -> Result<()> {
    if folder.is_dir() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot clear {}", shown(folder)))?;
    }
    Ok(())
}

/// The component as core modules and bindings, which is how V8 can run it.
fn write_component(folder: &Path) -> Result<()> {
    let component = workspace::read(&workspace::component())?;
    let options = TranspileOpts {
        name: "image".to_owned(),
        no_typescript: true,
        instantiation_mode: Some(InstantiationMode::Sync),
        nodejs_compat_disabled: true,
        base64_cutoff: 0,
        ..TranspileOpts::default()
    };
    let mut modules = Vec::new();
    for (name, bytes) in transpile(&component, options)?.files {
        if name.ends_with(".wasm") {
            let same = component.windows(bytes.len()).any(|part| part == bytes);
            ensure!(same, "{name} is not byte for byte a part of the component");
            modules.push(name.clone());
        }
        workspace::write(&folder.join(name), bytes)?;
    }
    workspace::write(&folder.join("component.js"), index(&modules, &digest(&component)))
}

/// A module that names the parts of the component, and the whole by its digest.
fn index(modules: &[String], digest: &str) -> String {
    let mut text =
        "// Made by `cargo xtask worker`.\nexport { instantiate } from \"./image.js\";\n"
            .to_owned();
    let mut table = String::new();
    for (i, name) in modules.iter().enumerate() {
        text.push_str(&format!("import module{i} from \"./{name}\";\n"));
        table.push_str(&format!("  \"{name}\": module{i},\n"));
    }
    text.push_str(&format!("export const modules = {{\n{table}}};\n"));
    text.push_str(&format!("export const digest = \"{digest}\";\n"));
    text
}

fn write_shell(folder: &Path, shell: &Path) -> Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(shell)
        .out_name("index")
        .typescript(false)
        .force_enable_abort_handler(true)
        .module(true)?
        .generate(folder)?;
    // workerd knows no source-phase imports; its plain import of a module gives the same.
    let path = folder.join("index.js");
    let script = String::from_utf8(workspace::read(&path)?)?;
    let plain = script.replace("import source ", "import ");
    if plain == script {
        bail!("{}: expected an `import source`, got none", shown(&path));
    }
    workspace::write(&path, plain)
}

/// Has wrangler do everything of a deployment but the upload, and tell the size.
pub fn rehearse() -> Result<()> {
    step("Rehearsing `wrangler deploy`", || {
        let wrangler = "node_modules/wrangler/bin/wrangler.js";
        let mut node = tools::node();
        node.args([wrangler, "deploy", "--dry-run", "--env", "production", "--outdir"]);
        process::run(node.arg(workspace::products().join("worker-upload")))
    })
}
