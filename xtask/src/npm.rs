//! The package for npm: the component, its bindings, and what is written by hand around them.

use anyhow::Result;

use crate::component::shown;
use crate::step::{note, step};
use crate::{bindings, workspace};

const FILES: [&str; 6] =
    ["README.md", "index.d.ts", "node.js", "package.json", "selvedge.js", "web.js"];

/// What the Worker has too.
const SHARED: &str = "stills.js";

/// Makes `target/npm`.
pub fn build() -> Result<()> {
    step("Making the package for npm", || {
        let folder = workspace::package();
        workspace::clear(&folder)?;
        let image = bindings::write(&folder, "image", &workspace::read(&workspace::component())?)?;
        let heic = bindings::write(&folder, "heic", &workspace::read(&workspace::stills())?)?;
        let cores = [names("cores", &image), names("stillCores", &heic)].concat();
        workspace::write(&folder.join("cores.js"), cores)?;
        let shared = workspace::root().join("edge/worker").join(SHARED);
        workspace::write(&folder.join(SHARED), workspace::read(&shared)?)?;
        for file in FILES {
            let source = workspace::root().join("clients/npm").join(file);
            workspace::write(&folder.join(file), workspace::read(&source)?)?;
        }
        note(shown(&folder));
        Ok(())
    })
}

/// A list of core modules, as JavaScript.
fn names(list: &str, modules: &[String]) -> String {
    let quoted: Vec<String> = modules.iter().map(|name| format!("\"{name}\"")).collect();
    format!("export const {list} = [{}];\n", quoted.join(", "))
}
