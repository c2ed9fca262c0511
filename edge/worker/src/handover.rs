//! What the edge cannot do is handed over to the origin, with the plan as it was decided here.

use selvedge_plan::{Code, Decision, Problem};
use wasm_bindgen::JsCast;
use worker::Url;

use crate::config::Config;
use crate::source;

/// How long the origin may take: its queue, its own fetch and a transform of five seconds.
const PATIENCE_MS: u32 = 30_000;

/// Headers that belong to one connection and are not passed on (RFC 9110 §7.6.1).
const HOP_BY_HOP: [&str; 4] = ["connection", "keep-alive", "transfer-encoding", "upgrade"];

/// Asks `origin` for what ended here with `reason`, and passes its answer on, picture or problem.
pub async fn ask(
    origin: &Url,
    decision: &Decision,
    config: &Config,
    reason: &Problem,
) -> Result<web_sys::Response, Problem> {
    let base = origin.as_str().trim_end_matches('/');
    let url = format!("{base}{}", decision.target(&config.rules.keys));
    let method = if decision.head { "HEAD" } else { "GET" };
    let signal = web_sys::AbortSignal::timeout_with_u32(PATIENCE_MS);
    let answer = source::get(&url, method, &signal).await.map_err(|fault| {
        let message = fault
            .dyn_into::<js_sys::Error>()
            .map(|error| error.message());
        let message = message.map(String::from).unwrap_or_default();
        worker::console_error!("the origin did not answer: {message}");
        let detail = format!("the edge cannot do this ({reason}), and the origin did not answer");
        Problem::new(Code::OriginFailed, detail)
    })?;
    for name in HOP_BY_HOP {
        // Headers of an answer that was fetched cannot be changed; those of its copy can.
        answer.headers().delete(name).ok();
    }
    Ok(answer)
}
