//! What the edge cannot do is handed over to the origin, with the plan as it was decided here.

use selvedge_plan::decide::VIA;
use selvedge_plan::signature::Keys;
use selvedge_plan::{Code, Decision, Problem, client, key};
use wasm_bindgen::prelude::*;
use web_sys::Response;
use worker::Url;

use crate::respond;

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
    ) -> Result<JsValue, JsValue>;
}

/// Asks `origin` for what ended here with `reason`. Its answer is passed on, picture or problem.
pub async fn ask(
    origin: &Url,
    decision: &Decision,
    keys: &Keys,
    reason: &Problem,
) -> Result<Response, Problem> {
    let base = origin.as_str().trim_end_matches('/');
    let url = format!("{base}{}", decision.target(keys));
    let method = if decision.head { "HEAD" } else { "GET" };
    let epoch = key::CONTRACT_EPOCH.to_string();
    let more = [("via", VIA), (client::CONTRACT, epoch.as_str())];
    match get_head(&url, method, respond::flat(more), PATIENCE_MS).await {
        Ok(answer) => Ok(answer.unchecked_into()),
        Err(thrown) => {
            worker::console_error!("the origin does not answer: {thrown:?}");
            let detail = format!("the edge cannot do this ({reason}), and its origin is silent");
            Err(Problem::new(Code::OriginFailed, detail))
        }
    }
}
