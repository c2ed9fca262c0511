//! Selvedge at the edge, as a Cloudflare Worker: decide, look up, fetch, transform, respond.
//!
//! The shell is thin. What a request means, what is allowed and what is answered is decided by
//! `selvedge-plan`; what happens to pixels is decided by the component, called through `glue.js`.
//! No picture passes through this module's memory: JavaScript hands it from step to step.
#![cfg(target_arch = "wasm32")]

mod cache;
mod component;
mod config;
mod gathered;
mod handover;
mod respond;
mod source;

use selvedge_plan::{Asked, Decision, Fields, Problem, decide, freshness, key};
use web_sys::{Request, Response};
use worker::{Context, Env, event};

use crate::cache::Shelf;
use crate::component::Stopwatch;
use crate::config::Config;
use crate::gathered::Gathered;

/// Answers one request.
#[event(fetch)]
async fn fetch(request: Request, env: Env, context: Context) -> worker::Result<Response> {
    let answer = serve(&request, &env, &context).await;
    Ok(answer.unwrap_or_else(|problem| {
        if problem.code.status() >= 500 {
            worker::console_error!("{problem}");
        }
        respond::problem(&problem, request.method() == "HEAD")
    }))
}

async fn serve(request: &Request, env: &Env, context: &Context) -> Result<Response, Problem> {
    let watch = Stopwatch::new();
    let url = request.url();
    let (site, target) = cut(&url);
    let header = |name: &str| request.headers().get(name).ok().flatten();
    let authority = header("host").unwrap_or_default();
    let config = Config::read(env, &authority)?;

    // Decide.
    let (fields, if_none_match) = (Fields::collect(header), header("if-none-match"));
    let asked = Asked {
        method: &request.method(),
        target,
        authority: &authority,
        fields: &fields,
        now: (js_sys::Date::now() / 1_000.0) as u64,
    };
    let decision = decide(&asked, &config.rules)?;
    let if_none_match = if_none_match.as_deref();

    let finish = |picture: &Response, cache: &str| {
        respond::finish(picture, &decision, if_none_match, cache, &watch)
    };

    // Look up.
    let shelf = Shelf::of(site, &decision);
    watch.begin("lookup");
    if let Some(hit) = shelf.lookup().await {
        return Ok(finish(&hit, "hit"));
    }

    // Fetch and transform, or hand over.
    let picture = match make(&decision, &config, if_none_match, &watch).await {
        Err(reason)
            if reason.code.is_for_origin()
                && let Some(origin) = &config.origin =>
        {
            watch.begin("origin");
            handover::ask(origin, &decision, &config.rules.keys, &reason).await
        }
        made => made,
    };
    let picture = match picture {
        Ok(answer) if let Some(redirect) = respond::fallback_for(&decision, &answer) => {
            return Ok(redirect);
        }
        Err(problem) if let Some(redirect) = respond::fallback(&decision, &problem) => {
            return Ok(redirect);
        }
        picture => picture?,
    };

    // Respond.
    shelf.store(&picture, context);
    Ok(finish(&picture, "miss"))
}

/// Makes the picture here. Where its entity tag settles the matter, only the headers are made.
async fn make(
    decision: &Decision,
    config: &Config,
    if_none_match: Option<&str>,
    watch: &Stopwatch,
) -> Result<Response, Problem> {
    watch.begin("fetch");
    let mut files = Gathered::find(decision, config).await?;
    let control = freshness::cache_control(files.cache_controls());
    let etag = key::etag(&component::digest(), &decision.plan, &files.validators().await?);
    if decision.head || freshness::matches(if_none_match, &etag) {
        files.discard();
        return Ok(respond::picture(decision, &etag, &control, None));
    }
    let (source, overlays) = files.read().await?;
    let made = component::make(&source, &overlays, &decision.plan, watch)?;
    Ok(respond::picture(decision, &etag, &control, Some(&made)))
}

/// Cuts an address before its path: the site, and path and query as they came. Dot segments are
/// gone by then, since the platform has resolved them; everything else is untouched.
fn cut(url: &str) -> (&str, &str) {
    let host = url.find("://").map_or(0, |scheme| scheme + 3);
    let path = url.get(host..).and_then(|rest| rest.find('/'));
    url.split_at(path.map_or(url.len(), |path| host + path))
}
