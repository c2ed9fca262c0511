//! Answers, from what `selvedge_plan::outcome` says of them.

use js_sys::Uint8Array;
use selvedge_plan::outcome::{self, Header, Maker};
use selvedge_plan::{Code, Decision, Problem, freshness};
use wasm_bindgen::prelude::*;

use crate::component::{self, Made};
use crate::source;

#[wasm_bindgen(raw_module = "./glue.js")]
extern "C" {
    fn now() -> f64;
}

/// What a request took, step by step.
pub struct Timing {
    started: f64,
    last: f64,
    steps: Vec<(String, u64)>,
}

impl Timing {
    /// Starts the clock.
    pub fn start() -> Self {
        let started = now();
        Self {
            started,
            last: started,
            steps: Vec::new(),
        }
    }

    /// Ends the step `name`, which began where the one before it ended.
    pub fn step(&mut self, name: &str) {
        let now = now();
        self.steps.push((name.to_owned(), micros(now - self.last)));
        self.last = now;
    }

    /// Adds the steps of the component.
    pub fn component(&mut self, made: &Made) {
        let steps = made.steps.iter();
        self.steps
            .extend(steps.map(|step| (step.name(), micros(step.duration()))));
        self.last = now();
    }

    fn header(&self) -> Header {
        let steps = self.steps.iter().map(|(name, time)| (name.as_str(), *time));
        outcome::server_timing(steps.chain([("total", micros(now() - self.started))]))
    }
}

/// Whole microseconds. A float becomes an integer by saturation: no time is below zero.
fn micros(milliseconds: f64) -> u64 {
    (milliseconds * 1_000.0) as u64
}

/// A picture as every client and the cache may have it; without `made`, its headers alone.
pub fn picture(
    decision: &Decision,
    etag: &str,
    cache_control: &str,
    made: Option<&Made>,
) -> Result<web_sys::Response, Problem> {
    let digest = component::digest();
    let mut headers = outcome::picture(maker(&digest), decision, etag, cache_control);
    let known = decision.plan.output.media_type().map(str::to_owned);
    if let Some(media_type) = made.map(|made| made.media_type.clone()).or(known) {
        headers.push(("content-type", media_type));
    }
    answer(200, &headers, made.map(|made| &made.picture)).map_err(broken)
}

/// Makes a picture the answer to one request: 304 or 200, with or without a body.
pub fn finish(
    picture: &web_sys::Response,
    decision: &Decision,
    if_none_match: Option<&str>,
    cache: &str,
    timing: &Timing,
) -> Result<web_sys::Response, Problem> {
    // What comes from the network or the cache has headers that cannot be changed.
    let headers = web_sys::Headers::new_with_headers(&picture.headers()).map_err(broken)?;
    let (name, value) = timing.header();
    let mut all = vec![(name, value), ("selvedge-cache", cache.to_owned())];
    if decision.negotiated {
        all.push(("vary", "accept".to_owned()));
    }
    let etag = headers.get("etag").ok().flatten();
    let fresh = picture.status() == 200
        && etag.is_some_and(|etag| freshness::matches(if_none_match, &etag));
    let mut set = || {
        for (name, value) in &all {
            headers.set(name, value)?;
        }
        let init = web_sys::ResponseInit::new();
        init.set_status(picture.status());
        if fresh {
            headers.delete("content-length")?;
            headers.delete("content-type")?;
            init.set_status(304);
        }
        init.set_headers(&headers);
        let body = picture.body().filter(|_| !fresh && !decision.head);
        if body.is_none() {
            source::discard(picture);
        }
        web_sys::Response::new_with_opt_readable_stream_and_init(body.as_ref(), &init)
    };
    set().map_err(broken)
}

/// A problem as an answer.
pub fn problem(problem: &Problem, head: bool) -> Result<web_sys::Response, JsValue> {
    let digest = component::digest();
    let told = outcome::problem(maker(&digest), problem);
    let body = Uint8Array::from(told.body.as_bytes());
    answer(told.status, &told.headers, (!head).then_some(&body))
}

fn maker(digest: &str) -> Maker<'_> {
    Maker {
        component: digest,
        side: "edge",
    }
}

fn answer(
    status: u16,
    headers: &[Header],
    body: Option<&Uint8Array>,
) -> Result<web_sys::Response, JsValue> {
    let all = web_sys::Headers::new()?;
    for (name, value) in headers {
        all.set(name, value)?;
    }
    let init = web_sys::ResponseInit::new();
    init.set_status(status);
    init.set_headers(&all);
    match body {
        Some(body) => {
            web_sys::Response::new_with_opt_buffer_source_and_init(Some(body.as_ref()), &init)
        }
        None => web_sys::Response::new_with_opt_str_and_init(None, &init),
    }
}

fn broken(fault: JsValue) -> Problem {
    Problem::new(
        Code::Internal,
        format!("the answer cannot be written: {fault:?}"),
    )
}
