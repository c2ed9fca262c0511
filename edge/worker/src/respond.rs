//! Answers, from what `selvedge_plan` says of them.

use selvedge_plan::freshness::{self, Kept};
use selvedge_plan::outcome::{self, Header, Maker};
use selvedge_plan::range::Part;
use selvedge_plan::{Code, Decision, Problem};
use wasm_bindgen::prelude::*;
use web_sys::Response;

use crate::component::{self, Made, Stopwatch};
use crate::results::Stored;

#[wasm_bindgen(raw_module = "./http.js")]
extern "C" {
    /// A response; `headers` are names and values in turn.
    #[wasm_bindgen(js_name = respond)]
    pub fn plain(status: u16, headers: Vec<String>, body: &JsValue) -> Response;

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

/// The Cache-Control that the platform alone reads, and goes by.
const PLATFORM_CONTROL: &str = "cloudflare-cdn-cache-control";

/// What is sent of a body.
#[derive(Clone, Copy)]
pub enum Body {
    None,
    /// The first byte, and the last one.
    Part(u64, u64),
    Whole,
}

/// A request, as far as its answer depends on it.
pub struct Visit<'a> {
    pub decision: &'a Decision,
    pub if_none_match: Option<String>,
    pub if_range: Option<String>,
    pub range: Option<String>,
    /// Whether the answer goes to the platform's cache.
    pub is_behind: bool,
    pub watch: &'a Stopwatch,
}

/// A picture and what is known of it.
pub struct Drawn {
    media_type: String,
    length: u64,
    body: JsValue,
    warnings: Vec<String>,
}

impl From<&Made> for Drawn {
    fn from(made: &Made) -> Self {
        let body = made.picture();
        Self {
            media_type: made.media_type(),
            length: u64::from(body.length()),
            body: body.into(),
            warnings: made.warnings(),
        }
    }
}

impl From<Stored> for Drawn {
    fn from(stored: Stored) -> Self {
        let Stored { media_type, length, body } = stored;
        Self { media_type, length, body: body.into(), warnings: Vec::new() }
    }
}

/// A picture as every client and the cache may have it; without one, its headers alone.
pub fn picture(
    decision: &Decision,
    etag: &str,
    cache_control: &str,
    drawn: Option<Drawn>,
) -> Response {
    let digest = component::digest();
    let mut headers = outcome::picture(maker(&digest), decision, etag, cache_control);
    let known = decision.plan.output.media_type().map(str::to_owned);
    let media_type = drawn.as_ref().map(|drawn| drawn.media_type.clone()).or(known);
    headers.extend(media_type.map(|media_type| ("content-type", media_type)));
    let Some(drawn) = drawn else {
        return plain(200, flat(headers), &JsValue::UNDEFINED);
    };
    headers.push(("content-length", drawn.length.to_string()));
    headers.extend(outcome::amiss(&drawn.warnings));
    plain(200, flat(headers), &drawn.body)
}

/// The same picture under another Cache-Control.
pub async fn renewed(picture: &Response, cache_control: &str) -> Response {
    let control = vec![("cache-control", cache_control.to_owned())];
    again(picture, 200, &Kept::NAMES, control, Body::Whole).await
}

/// A picture, or the origin's problem, as the answer to one request. `kept` is what the cache knows.
pub async fn finish(
    picture: &Response,
    visit: &Visit<'_>,
    kept: Option<&Kept>,
    cache: &str,
) -> Response {
    let Visit { decision, watch, .. } = visit;
    let micros = watch.milliseconds().into_iter().map(|time| (time * 1_000.0) as u64);
    let timing = outcome::server_timing(watch.names().iter().map(String::as_str).zip(micros));
    let mut headers = vec![timing, ("selvedge-cache", cache.to_owned())];
    let whole = if decision.head { Body::None } else { Body::Whole };
    if picture.status() != 200 {
        return again(picture, picture.status(), &[], headers, whole).await;
    }
    let told = |name| picture.headers().get(name).ok().flatten();
    let own = kept.map(|kept| kept.cache_control.clone()).or_else(|| told("cache-control"));
    let cache_control = own.unwrap_or_default();
    headers.push(("cache-control", cache_control.clone()));
    headers.extend(outcome::personal(decision, &cache_control));
    // What is amiss with the picture is told beside what is odd about the request.
    if let Some(amiss) = told(outcome::WARNING) {
        let odd = headers.iter_mut().find(|(name, _)| *name == outcome::WARNING);
        odd.into_iter().for_each(|(_, value)| *value = format!("{amiss}, {value}"));
    }
    if visit.is_behind {
        headers.push((PLATFORM_CONTROL, freshness::for_platform(&cache_control)));
    }
    let mut less = Kept::NAMES.to_vec();
    less.extend((!visit.is_behind).then_some(PLATFORM_CONTROL));
    let etag = told("etag");
    let matches = |etag: &String| freshness::matches(visit.if_none_match.as_deref(), etag);
    if etag.as_ref().is_some_and(matches) {
        less.extend(["content-length", "content-type"]);
        return again(picture, 304, &less, headers, Body::None).await;
    }
    let length = told("content-length").and_then(|length| length.parse().ok());
    let (false, Some(length)) = (decision.head, length) else {
        return again(picture, 200, &less, headers, whole).await;
    };
    let (range, if_range) = (visit.range.as_deref(), visit.if_range.as_deref());
    let part = Part::of(range, if_range, &etag.unwrap_or_default(), length);
    headers.extend(part.headers(length));
    let body = match part {
        Part::None => Body::None,
        Part::Some { first, last } => Body::Part(first, last),
        Part::Whole => Body::Whole,
    };
    if matches!(body, Body::None) {
        less.push("content-length");
    }
    again(picture, part.status(), &less, headers, body).await
}

/// An answer in another form. What comes from the network or the cache has headers that cannot be changed,
/// so this is a copy, of the body too where a part of it is wanted.
pub async fn again(
    answer: &Response,
    status: u16,
    less: &[&str],
    more: Vec<Header>,
    body: Body,
) -> Response {
    let less = less.iter().copied().map(str::to_owned).collect();
    let bytes = match body {
        Body::None => None,
        Body::Part(first, last) => Some(vec![first as f64, last as f64 + 1.0]),
        Body::Whole => Some(Vec::new()),
    };
    address(answer, status, less, flat(more), bytes).await.unchecked_into()
}

/// The redirect to the source in place of a problem, if the request asks for one.
pub fn fallback(decision: &Decision, problem: &Problem) -> Option<Response> {
    let digest = component::digest();
    let headers = outcome::fallback(maker(&digest), decision, problem)?;
    Some(plain(302, flat(headers), &JsValue::UNDEFINED))
}

/// A problem as an answer.
pub fn problem(problem: &Problem, is_head: bool) -> Response {
    let digest = component::digest();
    let told = outcome::problem(maker(&digest), problem);
    let body = Some(told.body).filter(|_| !is_head);
    plain(told.status, flat(told.headers), &body.into())
}

/// What an origin's answer says that is no picture.
pub fn refusal(answer: &Response) -> Option<Problem> {
    let status = answer.status();
    let said = || Problem::new(Code::OriginFailed, format!("the origin said {status}"));
    (status >= 400).then(said)
}

/// Who answers.
pub fn maker(digest: &str) -> Maker<'_> {
    Maker { component: digest, side: "edge" }
}

/// Names and values in turn, as they go to JavaScript.
pub fn flat<V: Into<String>>(headers: impl IntoIterator<Item = (&'static str, V)>) -> Vec<String> {
    headers.into_iter().flat_map(|(name, value)| [name.to_owned(), value.into()]).collect()
}
