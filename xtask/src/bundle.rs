//! The Worker's modules: the component's JavaScript bindings, the Rust shell, and the glue between.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use crate::component::{core_module, digest, shown};
use crate::step::{note, step};
use crate::{bindings, workspace};

/// Written by hand, uploaded as they are.
const SCRIPTS: [&str; 5] = ["entry.js", "glue.js", "http.js", "stills.js", "stopwatch.js"];

/// Makes `target/worker`.
pub fn build() -> Result<()> {
    build_with(&workspace::component(), &workspace::bundle())
}

/// Makes the same with the component for drills.
pub fn build_drill() -> Result<()> {
    build_with(&workspace::drill(), &workspace::drill_bundle())
}

fn build_with(component: &Path, product: &Path) -> Result<()> {
    let shell = step("Building the Worker's shell", || core_module("selvedge-worker"))?;
    step("Making the Worker's modules", || {
        // Beside the old ones, which may be in use until all the new ones are there.
        let folder = workspace::products().join("worker-next");
        workspace::clear(&folder)?;
        write_component(&folder, component)?;
        write_shell(&folder, &shell)?;
        for script in SCRIPTS {
            let source = workspace::root().join("edge/worker").join(script);
            workspace::write(&folder.join(script), workspace::read(&source)?)?;
        }
        workspace::clear(product)?;
        fs::rename(&folder, product).context("cannot put the Worker's modules in place")?;
        note(shown(product));
        Ok(())
    })
}

fn write_component(folder: &Path, component: &Path) -> Result<()> {
    let component = workspace::read(component)?;
    let stills = workspace::read(&workspace::stills())?;
    let image = index("image", &bindings::write(folder, "image", &component)?);
    let heic = index("heic", &bindings::write(folder, "heic", &stills)?);
    let digest = format!("export const digest = \"{}\";\n", digest(&component));
    workspace::write(&folder.join("component.js"), [image, digest].concat())?;
    workspace::write(&folder.join("decoder.js"), heic)
}

/// A module that names the parts of a component.
fn index(name: &str, modules: &[String]) -> String {
    let mut text = format!(
        "// Made by `cargo xtask worker`.\nexport {{ instantiate }} from \"./{name}.js\";\n"
    );
    let mut table = String::new();
    for (i, name) in modules.iter().enumerate() {
        text.push_str(&format!("import module{i} from \"./{name}\";\n"));
        table.push_str(&format!("  \"{name}\": module{i},\n"));
    }
    text.push_str(&format!("export const modules = {{\n{table}}};\n"));
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
