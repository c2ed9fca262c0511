//! The component: the same bytes as at the origin, called through generated bindings.

use std::sync::LazyLock;

use js_sys::{Array, Uint8Array};
use selvedge_plan::outcome::Maker;
use selvedge_plan::said::Said;
use selvedge_plan::{Plan, Problem, admission, brands};
use wasm_bindgen::prelude::*;

use crate::Result;

#[wasm_bindgen(raw_module = "./glue.js")]
extern "C" {
    fn digest() -> String;
    /// What the component says of the first bytes of a source, as [`Said`] reads it.
    pub fn estimate(head: &Uint8Array, plan: &str, budget: Vec<u64>) -> String;
    /// The same of all files, and the picture if there is one, which stays on the JavaScript side.
    fn transform(files: &Array, plan: &str, budget: Vec<u64>, watch: &Stopwatch) -> Array;

    /// Times the steps of a request, the component's among them.
    pub type Stopwatch;
    #[wasm_bindgen(constructor)]
    pub fn new() -> Stopwatch;
    /// A step begins; the one before it, if any, has ended.
    #[wasm_bindgen(method)]
    pub fn begin(this: &Stopwatch, name: &str);
    /// The steps so far, as `Steps` reads them.
    #[wasm_bindgen(method)]
    pub fn text(this: &Stopwatch) -> String;
}

/// What the transform of a file may have.
pub fn budget(file: &Uint8Array) -> Vec<u64> {
    admission::budget(&file.subarray(0, brands::BYTES as u32).to_vec())
}

/// Makes a picture of `files`, the source first, by `plan` and within the edge's budget.
pub fn make(files: &[Uint8Array], plan: &Plan, watch: &Stopwatch) -> Result<(Said, JsValue)> {
    let source = files.first().ok_or_else(Problem::no_source)?;
    let made = transform(&files.iter().collect(), &plan.text(), budget(source), watch);
    Ok((Said::read(&made.get(0).as_string().unwrap_or_default())?, made.get(1)))
}

/// Who answers.
pub fn maker() -> Maker<'static> {
    static DIGEST: LazyLock<String> = LazyLock::new(digest);
    Maker { component: &DIGEST, side: "edge" }
}
