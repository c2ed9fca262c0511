//! Taking out of a core module what a component cannot have.
//!
//! A crate that `rav1e` needs depends on wasm-bindgen for this target. What that leaves behind is for
//! its own tool, which would make JavaScript of it: functions that describe types, exported whether
//! or not anyone wants them, and the imports that only they call.

use anyhow::Result;
use walrus::{Module, passes};

/// Beginnings of the names of its exports.
const EXPORTS: [&str; 4] =
    ["__wbindgen_", "__externref_", "__abort_handler", "__instance_terminated"];

/// Its custom section.
const SECTION: &str = "__wasm_bindgen_unstable";

/// A core module without what wasm-bindgen left in it, and without what only that used.
pub fn bindgen(module: &[u8]) -> Result<Vec<u8>> {
    let mut module = Module::from_buffer(module)?;
    module.customs.remove_raw(SECTION);
    let is_stray = |name: &str| EXPORTS.iter().any(|beginning| name.starts_with(beginning));
    let stray: Vec<_> =
        module.exports.iter().filter(|it| is_stray(&it.name)).map(|export| export.id()).collect();
    stray.into_iter().for_each(|export| module.exports.delete(export));
    passes::gc::run(&mut module);
    Ok(module.emit_wasm())
}
