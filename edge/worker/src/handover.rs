//! What the edge cannot do is handed over to the origin, with the plan as it was decided here.

use selvedge_plan::handover::HandOver;
use wasm_bindgen::prelude::*;
use web_sys::Response;

use crate::Visit;
use crate::respond::flat;

/// How long the origin may take to begin its answer: its queue, its fetch and its transform.
const PATIENCE_MS: u32 = 30_000;

#[wasm_bindgen(raw_module = "./http.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = getHead)]
    async fn get_head(
        url: &str,
        method: &str,
        more: Vec<String>,
        patience: u32,
        by: &JsValue,
    ) -> Result<JsValue, JsValue>;
}

/// Asks the server at `base` for the picture of a visit; its answer is passed on, picture or problem. `by` is
/// who answers for it, where that is not the network. Nothing if nobody does.
pub async fn ask(visit: &Visit, base: &str, by: &JsValue) -> Option<Response> {
    let HandOver { method, target, headers } =
        visit.decision.hand_over(&visit.config.edge.rules.keys);
    let url = format!("{}{target}", base.trim_end_matches('/'));
    match get_head(&url, method, flat(headers), PATIENCE_MS, by).await {
        Ok(answer) => Some(answer.unchecked_into()),
        Err(thrown) => {
            worker::console_error!("{base} does not answer: {thrown:?}");
            None
        }
    }
}
