//! The component: the same bytes as at the origin, called through generated bindings.

use js_sys::{Array, Uint8Array};
use selvedge_plan::{Code, Plan, Problem, limits};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(raw_module = "./glue.js")]
extern "C" {
    /// SHA-256 of the component, in hexadecimal.
    pub fn digest() -> String;

    fn transform(
        source: &Uint8Array,
        overlays: &Array,
        options: &str,
        mem: u64,
        work: u64,
        watch: &Stopwatch,
    ) -> Made;

    /// Times the steps of a request, the component's among them.
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
    /// What came of a transform. The bytes stay on the JavaScript side.
    pub type Made;
    #[wasm_bindgen(method, getter)]
    pub fn picture(this: &Made) -> Option<Uint8Array>;
    #[wasm_bindgen(method, getter, js_name = mediaType)]
    pub fn media_type(this: &Made) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub fn warnings(this: &Made) -> Vec<String>;
    #[wasm_bindgen(method, getter)]
    fn failure(this: &Made) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    fn facts(this: &Made) -> Vec<String>;
}

/// Makes a picture of `source`, and the files of its `overlays`, by `plan`, within the edge's budget.
pub fn make(
    source: &Uint8Array,
    overlays: &Array,
    plan: &Plan,
    watch: &Stopwatch,
) -> Result<Made, Problem> {
    let (memory, work) = (limits::MEMORY_EDGE, limits::WORK_EDGE);
    let made = transform(source, overlays, &plan.text(), memory, work, watch);
    match made.picture() {
        Some(_) => Ok(made),
        None => Err(problem(&made)),
    }
}

/// What a client is told of a failure. One without a name is a trap.
fn problem(made: &Made) -> Problem {
    let code = made.failure().and_then(|name| Code::named(&name)).unwrap_or(Code::Internal);
    let number = |text: &str| text.parse().unwrap_or_default();
    match (code, made.facts().as_slice()) {
        (Code::BadOption, [name, expected, got]) => Problem::option(name, expected, got),
        (_, [what, limit, actual]) => Problem::excess(code, what, number(limit), number(actual)),
        (_, why) => Problem::new(code, why.join(" ")),
    }
}
