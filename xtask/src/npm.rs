//! The package for npm: the component, its bindings, and what is written by hand around them.

use anyhow::Result;

use crate::component::shown;
use crate::step::{note, step};
use crate::{bindings, workspace};

const FILES: [&str; 6] =
    ["README.md", "index.d.ts", "node.js", "package.json", "selvedge.js", "web.js"];

/// Makes `target/npm`.
pub fn build() -> Result<()> {
    step("Making the package for npm", || {
        let folder = workspace::package();
        workspace::clear(&folder)?;
        let cores = bindings::write(&folder, &workspace::read(&workspace::component())?)?;
        let names: Vec<String> = cores.iter().map(|name| format!("\"{name}\"")).collect();
        let names = format!("export const cores = [{}];\n", names.join(", "));
        workspace::write(&folder.join("cores.js"), names)?;
        for file in FILES {
            let source = workspace::root().join("clients/npm").join(file);
            workspace::write(&folder.join(file), workspace::read(&source)?)?;
        }
        note(shown(&folder));
        Ok(())
    })
}
