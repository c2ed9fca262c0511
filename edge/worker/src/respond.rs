//! Answers, from what `selvedge_plan` says of them.

use selvedge_plan::outcome::{self, Drawn};
use selvedge_plan::range::Part;
use selvedge_plan::reply::Reply;
use selvedge_plan::{Decision, Problem};
use wasm_bindgen::prelude::*;
use web_sys::Response;

use crate::Visit;
use crate::component::maker;

#[wasm_bindgen(raw_module = "./http.js")]
extern "C" {
    /// A response; `headers` are names and values in turn.
    fn respond(status: u16, headers: Vec<String>, body: &JsValue) -> Response;

    async fn address(
        answer: &Response,
        status: u16,
        less: Vec<String>,
        more: Vec<String>,
        bytes: Option<Vec<f64>>,
    ) -> JsValue;

    /// Gives up a body that is not read at all.
    pub fn discard(response: &Response);
}

/// A picture as every client and the cache may have it; without one, its headers alone.
pub fn picture(
    decision: &Decision,
    etag: &str,
    cache_control: &str,
    drawn: Option<(&Drawn, &JsValue)>,
) -> Response {
    let mut headers = outcome::picture(maker(), decision, etag, cache_control);
    headers.extend(outcome::described(decision, drawn.map(|(drawn, _)| drawn)));
    respond(200, flat(headers), drawn.map_or(&JsValue::UNDEFINED, |(_, body)| body))
}

/// A picture, or the origin's problem, as the answer to one request.
pub async fn finish(picture: &Response, visit: &Visit, cache: &str) -> Response {
    let Visit { conditions, decision, watch, .. } = visit;
    let own = [watch.timing(), ("selvedge-cache", cache.to_owned())];
    let told = |name: &str| header(picture, name);
    again(picture, Reply::to(conditions, decision, picture.status(), told, own)).await
}

/// An answer in another form. What comes from the network or the cache has headers that cannot be changed,
/// so this is a copy, of the body too where a part of it is wanted.
pub async fn again(answer: &Response, reply: Reply) -> Response {
    let less = reply.less.into_iter().map(str::to_owned).collect();
    let bytes = match reply.part {
        Part::None => None,
        Part::Some { first, last } => Some(vec![first as f64, last as f64 + 1.0]),
        Part::Whole => Some(Vec::new()),
    };
    address(answer, reply.status, less, flat(reply.more), bytes).await.unchecked_into()
}

/// The redirect to the source in place of a problem, if the request asks for one.
pub fn fallback(decision: &Decision, problem: &Problem) -> Option<Response> {
    let headers = outcome::fallback(maker(), decision, problem)?;
    Some(respond(302, flat(headers), &JsValue::UNDEFINED))
}

/// A problem as an answer.
pub fn problem(problem: &Problem, is_head: bool) -> Response {
    let told = outcome::problem(maker(), problem);
    let body = Some(told.body).filter(|_| !is_head);
    respond(told.status, flat(told.headers), &body.into())
}

/// A header of an answer.
pub fn header(answer: &Response, name: &str) -> Option<String> {
    answer.headers().get(name).ok().flatten()
}

/// Names and values in turn, as they go to JavaScript.
pub fn flat<V: Into<String>>(headers: impl IntoIterator<Item = (&'static str, V)>) -> Vec<String> {
    headers.into_iter().flat_map(|(name, value)| [name.to_owned(), value.into()]).collect()
}
