//! What the edge cannot do is handed over to the origin, with the plan as it was decided here.

use js_sys::{Array, Math, Uint8Array};
use selvedge_plan::Problem;
use wasm_bindgen::JsValue;
use web_sys::Response;

use crate::component::maker;
use crate::config::Config;
use crate::http::{get_head, sha256};
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

/// Has the origin make a picture of `files` again, behind its answer, if it is one of those that are checked.
pub fn check(visit: &Visit, files: &[Uint8Array], picture: &JsValue) {
    let draw = (Math::random() * f64::from(u32::MAX)) as u32;
    let Some(origin) = visit.config.edge.spot_check(draw).cloned() else { return };
    let all: Array = files.iter().map(JsValue::from).chain([picture.clone()]).collect();
    let Visit { arrival, decision, config: Config { edge, .. }, context, .. } = visit.clone();
    context.wait_until(async move {
        let Ok(digests) = sha256(&all).await else { return };
        let digests = String::from(digests);
        if let Some(ask) = edge.spot_ask(&decision, &origin, maker(), arrival.now, &digests) {
            // The origin tells how the two compare, and counts it.
            _ = get_head(&ask.text(), PATIENCE_MS, &JsValue::UNDEFINED).await;
        }
    });
}
