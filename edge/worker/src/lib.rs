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
mod log;
mod respond;
mod results;
mod room;
mod source;

use js_sys::Uint8Array;
use selvedge_plan::line::Used;
use selvedge_plan::{Asked, Fields, Problem, decide, freshness, key};
use wasm_bindgen::JsCast;
use web_sys::{Request, Response};
use worker::{Context, Env, event};

use crate::cache::{Hit, Shelf};
use crate::component::Stopwatch;
use crate::config::{Caching, Config};
use crate::gathered::Gathered;
use crate::log::Told;
use crate::respond::{Visit, finish};
use crate::room::Place;

/// Answers one request, and tells the log of it.
#[event(fetch)]
async fn fetch(request: Request, env: Env, context: Context) -> worker::Result<Response> {
    let (method, url, watch) = (request.method(), request.url(), Stopwatch::new());
    let (site, target) = cut(&url);
    let mut told = Told::default();
    let answer = serve(&request, (site, target), &env, &context, &watch, &mut told).await;
    let answer = answer.unwrap_or_else(|problem| {
        let answer = respond::problem(&problem, method == "HEAD");
        told.problem = Some(problem);
        answer
    });
    told.write(&method, target, &answer, &watch);
    Ok(answer)
}

async fn serve(
    request: &Request,
    (site, target): (&str, &str),
    env: &Env,
    context: &Context,
    watch: &Stopwatch,
    told: &mut Told,
) -> Result<Response, Problem> {
    let header = |name: &str| request.headers().get(name).ok().flatten();
    // What this Worker asks of itself has no Host, and an address all the same.
    let host = || site.split_once("://").map(|(_, host)| host.to_owned());
    let authority = header("host").or_else(host).unwrap_or_default();
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
        is_behind: config.caching == Caching::Behind,
        watch,
    };

    // Look up.
    watch.begin("lookup");
    let shelf = (config.caching == Caching::Api).then(|| Shelf::of(site, decision));
    let hit = match &shelf {
        Some(shelf) => shelf.lookup().await,
        None => None,
    };
    if let Some(Hit { picture, kept }) = hit.as_ref().filter(|hit| hit.kept.is_fresh(now)) {
        return Ok(finish(picture, &visit, Some(kept), "hit").await);
    }

    // Admit, fetch and transform, or hand over.
    let keys = &config.rules.keys;
    let made = match &config.front {
        Some(front) => handover::ask_front(front, site, decision, keys).await,
        None => make(&visit, &config, hit.as_ref(), context, &mut told.used).await,
    };
    let made = match made {
        Err(reason)
            if reason.code.is_for_origin()
                && let Some(origin) = &config.origin =>
        {
            watch.begin("origin");
            handover::ask(origin, decision, keys, &reason).await
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
        if let Some(shelf) = shelf {
            shelf.store(&picture, now, context);
        }
        return Ok(finish(&picture, &visit, None, "miss").await);
    };
    if let Some(Hit { picture, kept }) = hit.filter(|_| problem.code.is_passing()) {
        told.problem = Some(problem);
        return Ok(finish(&picture, &visit, Some(&kept), "stale").await);
    }
    match respond::fallback(decision, &problem) {
        Some(redirect) => {
            told.problem = Some(problem);
            Ok(redirect)
        }
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
    used: &mut Option<Used>,
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
    let overlays = overlays.iter().map(|file| file.unchecked_into::<Uint8Array>().length());
    *used = Some(made.used(overlays.fold(source.length(), u32::saturating_add)));
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
