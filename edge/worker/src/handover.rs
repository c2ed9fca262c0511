//! What the edge cannot do is handed over to the origin, with the plan as it was decided here.

use selvedge_plan::Problem;
use wasm_bindgen::JsValue;
use web_sys::Response;

use crate::component::maker;
use crate::http::get_head;
use crate::{Result, Visit};

/// How long the origin may take to begin its answer: its queue, its fetch and its transform.
const PATIENCE_MS: u32 = 30_000;

/// Asks the server at `base` for the picture of a visit; its answer is passed on, picture or problem. `by` is
/// who answers for it, where that is not the network; `silence` is what it means if nobody does.
pub async fn ask(visit: &Visit, base: &str, by: &JsValue, silence: Problem) -> Result<Response> {
    let Visit { arrival, decision, config, .. } = visit;
    let ask = decision.hand_over(base, &config.edge.rules.keys, maker(), arrival.now);
    get_head(&ask.text(), PATIENCE_MS, by).await.map_err(|thrown| {
        worker::console_error!("{base} does not answer: {thrown:?}");
        silence
    })
}
