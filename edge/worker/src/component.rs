//! The component: the same bytes as at the origin, called through generated bindings.

use js_sys::Uint8Array;
use selvedge_plan::{Code, Plan, Problem, limits};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(raw_module = "./glue.js")]
extern "C" {
    /// SHA-256 of the component, in hexadecimal.
    pub fn digest() -> String;

    #[wasm_bindgen(js_name = transform)]
    fn call(source: &Uint8Array, options: &str, memory: u64, work: u64) -> Answer;
}

#[wasm_bindgen]
extern "C" {
    type Answer;
    #[wasm_bindgen(method, getter)]
    fn picture(this: &Answer) -> Option<Uint8Array>;
    #[wasm_bindgen(method, getter, js_name = mediaType)]
    fn media_type(this: &Answer) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    fn steps(this: &Answer) -> Vec<Step>;
    #[wasm_bindgen(method, getter)]
    fn failure(this: &Answer) -> Option<Failure>;
    #[wasm_bindgen(method, getter)]
    fn trap(this: &Answer) -> Option<String>;

    /// A step that the component announced.
    pub type Step;
    #[wasm_bindgen(method, getter)]
    pub fn name(this: &Step) -> String;
    /// Milliseconds.
    #[wasm_bindgen(method, getter)]
    pub fn duration(this: &Step) -> f64;

    /// The variant `failure` of the contract.
    type Failure;
    #[wasm_bindgen(method, getter)]
    fn tag(this: &Failure) -> String;
    #[wasm_bindgen(method, getter)]
    fn val(this: &Failure) -> Facts;

    /// What a failure carries: a text, an `option-error`, or an `excess`.
    type Facts;
    #[wasm_bindgen(method, getter)]
    fn name(this: &Facts) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    fn expected(this: &Facts) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    fn got(this: &Facts) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    fn what(this: &Facts) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    fn limit(this: &Facts) -> Option<u64>;
    #[wasm_bindgen(method, getter)]
    fn actual(this: &Facts) -> Option<u64>;
}

/// A finished transform. The bytes stay on the JavaScript side.
pub struct Made {
    pub picture: Uint8Array,
    pub media_type: String,
    pub steps: Vec<Step>,
}

/// Transforms `source` by `plan` within the edge's budget.
pub fn transform(source: &Uint8Array, plan: &Plan) -> Result<Made, Problem> {
    let answer = call(source, &plan.text(), limits::MEMORY_EDGE, limits::WORK_EDGE);
    if let (Some(picture), Some(media_type)) = (answer.picture(), answer.media_type()) {
        let steps = answer.steps();
        return Ok(Made {
            picture,
            media_type,
            steps,
        });
    }
    Err(match answer.failure() {
        Some(failure) => problem(&failure),
        None => Problem::new(Code::Internal, answer.trap().unwrap_or_default()),
    })
}

/// A failure of the contract, as a client is told.
fn problem(failure: &Failure) -> Problem {
    let (tag, facts) = (failure.tag(), failure.val());
    let code = Code::named(&tag).unwrap_or(Code::Internal);
    match (facts.name(), facts.what()) {
        (Some(name), _) => Problem::option(
            &name,
            &facts.expected().unwrap_or_default(),
            &facts.got().unwrap_or_default(),
        ),
        (_, Some(what)) => Problem::excess(
            code,
            &what,
            facts.limit().unwrap_or_default(),
            facts.actual().unwrap_or_default(),
        ),
        _ => Problem::new(code, JsValue::from(facts).as_string().unwrap_or(tag)),
    }
}
