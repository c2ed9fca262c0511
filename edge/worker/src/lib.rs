//! Selvedge at the edge, as a Cloudflare Worker: decide, look up, fetch, transform, respond.
//!
//! The shell is thin. What a request means, what is allowed and what is answered is decided by
//! `selvedge-plan`; what happens to pixels is decided by the component, called through `glue.js`.
//! No picture passes through this module's memory: JavaScript hands it from step to step.
#![cfg(target_arch = "wasm32")]

mod cache;
mod component;
mod config;
mod handover;
mod respond;
mod source;

use selvedge_plan::{Asked, Decision, Problem, decide, freshness, key};
use worker::{Context, Env, event};

use crate::cache::Shelf;
use crate::config::Config;
use crate::respond::Timing;

/// Answers one request.
#[event(fetch)]
async fn fetch(
    request: web_sys::Request,
    env: Env,
    context: Context,
) -> worker::Result<web_sys::Response> {
    match serve(&request, &env, &context).await {
        Ok(answer) => Ok(answer),
        Err(problem) => {
            if problem.code.status() >= 500 {
                worker::console_error!("{problem}");
            }
            Ok(respond::problem(&problem, request.method() == "HEAD")?)
        }
    }
}

async fn serve(
    request: &web_sys::Request,
    env: &Env,
    context: &Context,
) -> Result<web_sys::Response, Problem> {
    let mut timing = Timing::start();
    let url = request.url();
    let (site, target) = cut(&url);
    let header = |name: &str| request.headers().get(name).ok().flatten();
    let host = header("host");
    let authority = host
        .as_deref()
        .or(site.split("//").nth(1))
        .unwrap_or_default();
    let config = Config::read(env, authority)?;

    // Decide.
    let (accept, via, if_none_match) = (header("accept"), header("via"), header("if-none-match"));
    let asked = Asked {
        method: &request.method(),
        target,
        authority,
        accept: accept.as_deref(),
        via: via.as_deref(),
    };
    let decision = decide(&asked, &config.rules)?;
    let if_none_match = if_none_match.as_deref();

    // Look up.
    let shelf = Shelf::of(site, &decision);
    let hit = shelf.lookup().await;
    timing.step("lookup");
    if let Some(hit) = hit {
        return respond::finish(&hit, &decision, if_none_match, "hit", &timing);
    }

    // Fetch and transform, or hand over.
    let made = make(&decision, &config, if_none_match, &mut timing).await;
    let picture = match (made, &config.origin) {
        (Err(reason), Some(origin)) if reason.code.is_for_origin() => {
            let answer = handover::ask(origin, &decision, &config, &reason).await;
            timing.step("origin");
            answer
        }
        (made, _) => made,
    }?;

    // Respond.
    shelf.store(&picture, context);
    respond::finish(&picture, &decision, if_none_match, "miss", &timing)
}

/// Makes the picture here. Where its entity tag settles the matter, only the headers are made.
async fn make(
    decision: &Decision,
    config: &Config,
    if_none_match: Option<&str>,
    timing: &mut Timing,
) -> Result<web_sys::Response, Problem> {
    let found = source::find(decision, config).await?;
    let control = freshness::cache_control(found.cache_control.as_deref());
    let etag = |validator: &str| key::etag(&component::digest(), &decision.plan, validator);
    let settles = |etag: &str| decision.head || freshness::matches(if_none_match, etag);

    if let Some(etag) = found.validator.as_deref().map(etag)
        && settles(&etag)
    {
        timing.step("fetch");
        found.discard();
        return respond::picture(decision, &etag, &control, None);
    }
    let bytes = found.read().await?;
    timing.step("fetch");
    let etag = match &found.validator {
        Some(validator) => etag(validator),
        None => etag(&source::validator_of(&bytes).await?),
    };
    if settles(&etag) {
        return respond::picture(decision, &etag, &control, None);
    }
    let made = component::transform(&bytes, &decision.plan)?;
    timing.component(&made);
    respond::picture(decision, &etag, &control, Some(&made))
}

/// Cuts an address before its path: the site, and path and query as they are.
fn cut(url: &str) -> (&str, &str) {
    let host = url.find("://").map_or(0, |scheme| scheme + 3);
    let path = url.get(host..).and_then(|rest| rest.find('/'));
    url.split_at(path.map_or(url.len(), |path| host + path))
}
