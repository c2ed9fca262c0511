//! The component: the same bytes as at the origin, called through generated bindings.

use std::sync::LazyLock;

use js_sys::{Array, Uint8Array};
use selvedge_plan::brands::{self, Heif};
use selvedge_plan::outcome::{self, Header, Maker};
use selvedge_plan::said::Said;
use selvedge_plan::{Plan, Problem, limits};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(raw_module = "./glue.js")]
extern "C" {
    fn digest() -> String;
    #[wasm_bindgen(js_name = estimate)]
    fn estimated(head: &Uint8Array, is_still: bool, options: &str) -> Outcome;
    fn transform(
        source: &Uint8Array,
        still_memory: Option<u64>,
        overlays: &Array,
        options: &str,
        memory: u64,
        work: u64,
        watch: &Stopwatch,
    ) -> Outcome;
}

#[wasm_bindgen(raw_module = "./stopwatch.js")]
extern "C" {
    /// Times the steps of a request, the component's among them.
    #[derive(Clone)]
    pub type Stopwatch;
    #[wasm_bindgen(constructor)]
    pub fn new() -> Stopwatch;
    /// A step begins; the one before it, if any, has ended.
    #[wasm_bindgen(method)]
    pub fn begin(this: &Stopwatch, name: &str);
    #[wasm_bindgen(method)]
    pub fn names(this: &Stopwatch) -> Vec<String>;
    #[wasm_bindgen(method)]
    pub fn milliseconds(this: &Stopwatch) -> Vec<f64>;
}

#[wasm_bindgen]
extern "C" {
    /// What came of a call.
    type Outcome;
    /// What the component says, as [`Said`] reads it.
    #[wasm_bindgen(method, getter)]
    fn said(this: &Outcome) -> String;
    /// The file, if there is one. It stays on the JavaScript side.
    #[wasm_bindgen(method, getter)]
    fn picture(this: &Outcome) -> JsValue;
}

/// Tells from the first bytes of a source what `plan` will need.
pub fn estimate(head: &Uint8Array, plan: &Plan) -> Result<Said, Problem> {
    Said::read(&estimated(head, is_still(head), &plan.text()).said())
}

/// Makes a picture of `files`, the source first, by `plan` and within the edge's budget.
pub fn make(
    files: &[Uint8Array],
    plan: &Plan,
    watch: &Stopwatch,
) -> Result<(Said, JsValue), Problem> {
    let (source, overlays) = files.split_first().ok_or_else(Problem::no_source)?;
    let (overlays, text) = (overlays.iter().collect(), plan.text());
    let (memory, work) = (limits::MEMORY_EDGE, limits::WORK_EDGE);
    let still = is_still(source).then_some(limits::of_stills(memory));
    let made = transform(source, still, &overlays, &text, memory, work, watch);
    Ok((Said::read(&made.said())?, made.picture()))
}

/// Whether a file is for the component that decodes stills.
fn is_still(file: &Uint8Array) -> bool {
    let head = file.subarray(0, file.length().min(brands::BYTES as u32)).to_vec();
    Heif::of(&head) == Some(Heif::Hevc)
}

impl Stopwatch {
    /// The steps so far, and the whole, as they are told.
    pub fn timing(&self) -> Header {
        let micros = self.milliseconds().into_iter().map(|time| (time * 1_000.0) as u64);
        outcome::server_timing(self.names().iter().map(String::as_str).zip(micros))
    }
}

/// Who answers.
pub fn maker() -> Maker<'static> {
    static DIGEST: LazyLock<String> = LazyLock::new(digest);
    Maker { component: &DIGEST, side: "edge" }
}
