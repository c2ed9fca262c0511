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
mod results;
mod room;
mod source;

use selvedge_plan::{Asked, Fields, Problem, decide, freshness, key};
use web_sys::{Request, Response};
use worker::{Context, Env, event};

use crate::cache::{Hit, Shelf};
use crate::component::Stopwatch;
use crate::config::Config;
use crate::gathered::Gathered;
use crate::respond::{Visit, finish};
use crate::room::Place;

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
    let fields = Fields::collect(header);
    let now = (js_sys::Date::now() / 1_000.0) as u64;
    let method = &request.method();
    let asked = Asked { method, target, authority: &authority, fields: &fields, now };
    let decision = &decide(&asked, &config.rules)?;
    let visit = Visit {
        decision,
        if_none_match: header("if-none-match"),
        if_range: header("if-range"),
        range: header("range"),
        watch: &watch,
    };

    // Look up.
    watch.begin("lookup");
    let shelf = Shelf::of(site, decision);
    let hit = shelf.lookup().await;
    if let Some(Hit { picture, kept }) = hit.as_ref().filter(|hit| hit.kept.is_fresh(now)) {
        return Ok(finish(picture, &visit, Some(kept), "hit").await);
    }

    // Admit, fetch and transform, or hand over.
    let made = match make(&visit, &config, hit.as_ref(), context).await {
        Err(reason)
            if reason.code.is_for_origin()
                && let Some(origin) = &config.origin =>
        {
            watch.begin("origin");
            handover::ask(origin, decision, &config.rules.keys, &reason).await
        }
        made => made,
    };

    // Respond.
    let trouble = match &made {
        Ok(answer) => respond::refusal(answer),
        Err(problem) => Some(problem.clone()),
    };
    let Some(problem) = trouble else {
        let picture = made?;
        shelf.store(&picture, now, context);
        return Ok(finish(&picture, &visit, None, "miss").await);
    };
    if let Some(Hit { picture, kept }) = hit.filter(|_| problem.code.is_passing()) {
        worker::console_warn!("a stale picture is served: {problem}");
        return Ok(finish(&picture, &visit, Some(&kept), "stale").await);
    }
    match respond::fallback(decision, &problem) {
        Some(redirect) => Ok(redirect),
        None => Ok(finish(&made?, &visit, None, "miss").await),
    }
}

/// Makes the picture here. Where its entity tag settles the matter, nothing is transformed: the client has
/// it, the cache or the store does, or only its headers are wanted.
async fn make(
    visit: &Visit<'_>,
    config: &Config,
    stale: Option<&Hit>,
    context: &Context,
) -> Result<Response, Problem> {
    let Visit { decision, watch, .. } = visit;
    watch.begin("fetch");
    let mut files = Gathered::find(decision, config).await?;
    let control = freshness::cache_control(files.cache_controls());
    let tag = |versions: Vec<String>| key::etag(&component::digest(), &decision.plan, &versions);
    let enough = async |etag: &str| -> Option<Response> {
        if decision.head || freshness::matches(visit.if_none_match.as_deref(), etag) {
            return Some(respond::picture(decision, etag, &control, None));
        }
        if let Some(hit) = stale.filter(|hit| hit.has_etag(etag)) {
            return Some(respond::renewed(&hit.picture, &control).await);
        }
        let stored = results::find(config.results.as_ref()?, etag).await?;
        Some(respond::picture(decision, etag, &control, Some(stored.into())))
    };
    if let Some(versions) = files.told()
        && let Some(answer) = enough(&tag(versions)).await
    {
        files.discard();
        return Ok(answer);
    }

    // Admit.
    watch.begin("admit");
    let needs = files.needs(&decision.plan).await.inspect_err(|_| files.discard())?;
    let place = Place::find(needs, config.origin.is_some()).await;
    let _place = place.inspect_err(|_| files.discard())?;

    // Fetch the rest, and transform.
    watch.begin("fetch");
    let (source, overlays) = files.read().await?;
    let is_told = files.told().is_some();
    let etag = tag(files.versions().await?);
    if !is_told && let Some(answer) = enough(&etag).await {
        return Ok(answer);
    }
    let made = component::make(&source, &overlays, &decision.plan, watch)?;
    let picture = respond::picture(decision, &etag, &control, Some((&made).into()));
    // Warnings are not stored, so what has some is not either.
    if let Some(bucket) = config.results.clone().filter(|_| made.warnings().is_empty()) {
        results::keep(bucket, &etag, &picture, context);
    }
    Ok(picture)
}

/// Cuts an address before its path: the site, and path and query as they came. Dot segments are
/// gone by then, since the platform has resolved them; everything else is untouched.
fn cut(url: &str) -> (&str, &str) {
    let host = url.find("://").map_or(0, |scheme| scheme + 3);
    let path = url.get(host..).and_then(|rest| rest.find('/'));
    url.split_at(path.map_or(url.len(), |path| host + path))
}
