//! Answers, from what `selvedge_plan::outcome` says of them.

use selvedge_plan::outcome::{self, Header, Maker};
use selvedge_plan::{Code, Decision, Problem, freshness};
use wasm_bindgen::prelude::*;
use web_sys::Response;

use crate::component::{self, Made, Stopwatch};

#[wasm_bindgen(raw_module = "./glue.js")]
extern "C" {
    fn respond(status: u16, headers: Vec<String>, body: &JsValue) -> Response;
    fn address(answer: &Response, status: u16, headers: Vec<String>, is_whole: bool) -> Response;
}

/// A picture as every client and the cache may have it; without `made`, its headers alone.
pub fn picture(
    decision: &Decision,
    etag: &str,
    cache_control: &str,
    made: Option<&Made>,
) -> Response {
    let digest = component::digest();
    let mut headers = outcome::picture(maker(&digest), decision, etag, cache_control);
    let known = decision.plan.output.media_type().map(str::to_owned);
    if let Some(media_type) = made.and_then(Made::media_type).or(known) {
        headers.push(("content-type", media_type));
    }
    headers.extend(made.and_then(|made| outcome::amiss(&made.warnings())));
    respond(200, flat(headers), &made.and_then(Made::picture).into())
}

/// A picture, or the origin's problem, as the answer to one request.
pub fn finish(
    picture: &Response,
    decision: &Decision,
    if_none_match: Option<&str>,
    cache: &str,
    watch: &Stopwatch,
) -> Response {
    let micros = watch.milliseconds().into_iter().map(|time| (time * 1_000.0) as u64);
    let timing = outcome::server_timing(watch.names().iter().map(String::as_str).zip(micros));
    let mut headers = vec![timing, ("selvedge-cache", cache.to_owned())];
    let told = |name| picture.headers().get(name).ok().flatten();
    if picture.status() == 200 {
        let cache_control = told("cache-control").unwrap_or_default();
        headers.extend(outcome::personal(decision, &cache_control));
        // What is amiss with the picture is told beside what is odd about the request.
        if let Some(amiss) = told(outcome::WARNING) {
            let own = headers.iter_mut().find(|(name, _)| *name == outcome::WARNING);
            own.into_iter().for_each(|(_, value)| *value = format!("{amiss}, {value}"));
        }
    }
    let etag = told("etag");
    let is_known = etag.is_some_and(|etag| freshness::matches(if_none_match, &etag));
    match picture.status() {
        200 if is_known => address(picture, 304, flat(headers), false),
        status => address(picture, status, flat(headers), !decision.head),
    }
}

/// The redirect to the source in place of a problem, if the request asks for one.
pub fn fallback(decision: &Decision, problem: &Problem) -> Option<Response> {
    let digest = component::digest();
    let headers = outcome::fallback(maker(&digest), decision, problem)?;
    Some(respond(302, flat(headers), &JsValue::UNDEFINED))
}

/// The same in place of what the origin answered.
pub fn fallback_for(decision: &Decision, answer: &Response) -> Option<Response> {
    let status = answer.status();
    let said = || Problem::new(Code::OriginFailed, format!("the origin said {status}"));
    (status >= 400).then(said).and_then(|problem| fallback(decision, &problem))
}

/// A problem as an answer.
pub fn problem(problem: &Problem, is_head: bool) -> Response {
    let digest = component::digest();
    let told = outcome::problem(maker(&digest), problem);
    let body = Some(told.body).filter(|_| !is_head);
    respond(told.status, flat(told.headers), &body.into())
}

fn maker(digest: &str) -> Maker<'_> {
    Maker { component: digest, side: "edge" }
}

/// Names and values in turn, as they go to JavaScript.
fn flat(headers: Vec<Header>) -> Vec<String> {
    headers.into_iter().flat_map(|(name, value)| [name.to_owned(), value]).collect()
}
