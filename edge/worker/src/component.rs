//! The component: the same bytes as at the origin, called through generated bindings.

use js_sys::{Array, Uint8Array};
use selvedge_plan::line::Used;
use selvedge_plan::{Code, Plan, Problem, limits};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(raw_module = "./glue.js")]
extern "C" {
    /// SHA-256 of the component, in hexadecimal.
    pub fn digest() -> String;

    #[wasm_bindgen(js_name = estimate)]
    fn estimate_by_header(head: &Uint8Array, options: &str) -> Told;

    fn transform(
        source: &Uint8Array,
        overlays: &Array,
        options: &str,
        mem: u64,
        work: u64,
        watch: &Stopwatch,
    ) -> Told;
}

#[wasm_bindgen(raw_module = "./stopwatch.js")]
extern "C" {
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
    /// What the component says. A failure has a name, a trap has none, and both have facts.
    pub type Told;
    #[wasm_bindgen(method, getter)]
    fn failure(this: &Told) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    fn facts(this: &Told) -> Option<Vec<String>>;

    /// What a transform will need.
    #[wasm_bindgen(extends = Told)]
    pub type Forecast;
    #[wasm_bindgen(method, getter)]
    pub fn memory(this: &Forecast) -> u64;
    #[wasm_bindgen(method, getter)]
    pub fn work(this: &Forecast) -> u64;

    /// What came of a transform. The bytes stay on the JavaScript side.
    #[wasm_bindgen(extends = Told)]
    pub type Made;
    #[wasm_bindgen(method, getter)]
    pub fn picture(this: &Made) -> Uint8Array;
    #[wasm_bindgen(method, getter, js_name = mediaType)]
    pub fn media_type(this: &Made) -> String;
    #[wasm_bindgen(method, getter)]
    pub fn warnings(this: &Made) -> Vec<String>;
    /// Work units that were charged.
    #[wasm_bindgen(method, getter)]
    fn work(this: &Made) -> u64;
    /// Bytes of linear memory of the instance.
    #[wasm_bindgen(method, getter)]
    fn linear(this: &Made) -> f64;
}

/// Tells from the first bytes of a source what `plan` will need.
pub fn estimate(head: &Uint8Array, plan: &Plan) -> Result<Forecast, Problem> {
    estimate_by_header(head, &plan.text()).or_problem()
}

/// Makes a picture of `source`, and the files of its `overlays`, by `plan`, within the edge's budget.
pub fn make(
    source: &Uint8Array,
    overlays: &Array,
    plan: &Plan,
    watch: &Stopwatch,
) -> Result<Made, Problem> {
    let (memory, work) = (limits::MEMORY_EDGE, limits::WORK_EDGE);
    transform(source, overlays, &plan.text(), memory, work, watch).or_problem()
}

impl Made {
    /// What it took, with so many bytes of files.
    pub fn used(&self, files: u32) -> Used {
        Used {
            work: self.work(),
            linear: self.linear() as u64,
            files: u64::from(files),
            picture: u64::from(self.picture().length()),
        }
    }
}

impl Told {
    /// What was asked for, or what a client is told of the failure.
    fn or_problem<T: JsCast>(self) -> Result<T, Problem> {
        let Some(facts) = self.facts() else {
            return Ok(self.unchecked_into());
        };
        let code = self.failure().and_then(|name| Code::named(&name)).unwrap_or(Code::Internal);
        let number = |text: &str| text.parse().unwrap_or_default();
        Err(match (code, facts.as_slice()) {
            (Code::BadOption, [name, expected, got]) => Problem::option(name, expected, got),
            (_, [what, limit, actual]) => {
                Problem::excess(code, what, number(limit), number(actual))
            }
            (_, why) => Problem::new(code, why.join(" ")),
        })
    }
}
