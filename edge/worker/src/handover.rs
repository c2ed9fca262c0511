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
        by: &JsValue,
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
    send(&JsValue::UNDEFINED, base, decision, keys).await.map_err(|thrown| {
        worker::console_error!("the origin does not answer: {thrown:?}");
        let detail = format!("the edge cannot do this ({reason}), and its origin is silent");
        Problem::new(Code::OriginFailed, detail)
    })
}

/// Asks this Worker itself, through the platform's cache. What is looked up there is the canonical plan, so
/// two spellings of one wish share an entry.
pub async fn ask_front(
    front: &JsValue,
    site: &str,
    decision: &Decision,
    keys: &Keys,
) -> Result<Response, Problem> {
    send(front, site, decision, keys).await.map_err(|thrown| {
        worker::console_error!("the Worker does not answer itself: {thrown:?}");
        Problem::new(Code::Internal, "the Worker does not answer itself")
    })
}

/// Sends the plan as it was decided here, with whom `by` stands for; undefined is the network.
async fn send(
    by: &JsValue,
    base: &str,
    decision: &Decision,
    keys: &Keys,
) -> Result<Response, JsValue> {
    let url = format!("{base}{}", decision.target(keys));
    let method = if decision.head { "HEAD" } else { "GET" };
    let epoch = key::CONTRACT_EPOCH.to_string();
    let more = respond::flat([("via", VIA), (client::CONTRACT, epoch.as_str())]);
    Ok(get_head(&url, method, more, PATIENCE_MS, by).await?.unchecked_into())
}
