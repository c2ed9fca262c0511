//! Answers, as [`Reply`] says them.

use selvedge_plan::reply::Reply;
use wasm_bindgen::JsValue;
use web_sys::Response;

use crate::Visit;
use crate::http::answer;
use crate::log::Told;

/// An answer made of another one, or of a body, or of nothing.
pub async fn respond(reply: &Reply, of: Option<&JsValue>) -> Response {
    answer(&reply.text(), of.unwrap_or(&JsValue::UNDEFINED)).await
}

/// A picture, or the origin's problem, as the answer to one request.
pub async fn finish(picture: &Response, visit: &Visit, told: &Told, cache: &str) -> Response {
    let Visit { arrival, config, decision, .. } = visit;
    let (caching, own) = (config.edge.caching, Reply::own(&told.watch.text(), cache));
    let told = |name: &str| header(picture, name);
    let reply = Reply::to(&arrival.conditions, caching, decision, picture.status(), told, own);
    respond(&reply, Some(picture)).await
}

/// A header of an answer.
pub fn header(answer: &Response, name: &str) -> Option<String> {
    answer.headers().get(name).ok().flatten()
}
