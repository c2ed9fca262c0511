//! Selvedge at the edge, as a Cloudflare Worker: decide, look up, admit, fetch, transform, respond.
//!
//! The shell is thin. What a request means, what is allowed and what is answered is decided by
//! `selvedge-plan`; what happens to pixels is decided by the component, called through `glue.js`.
//! No picture passes through this module's memory: JavaScript hands it from step to step.
#![cfg(target_arch = "wasm32")]

mod cache;
mod component;
mod config;
mod handover;
mod later;
mod log;
mod respond;
mod results;
mod room;
mod source;

use std::rc::Rc;

use selvedge_plan::edge::Caching;
use selvedge_plan::handover::{refusal, silent, unanswered};
use selvedge_plan::reply::{Conditions, Reply};
use selvedge_plan::{Asked, Decision, Fields, Problem, admission, decide, freshness, key, request};
use wasm_bindgen::JsValue;
use web_sys::{Request, Response};
use worker::{Context, Env, event};

use crate::cache::Hit;
use crate::component::{Stopwatch, maker};
use crate::config::Config;
use crate::log::Told;
use crate::respond::{finish, header};
use crate::room::Place;
use crate::source::Files;

/// A request, as it was decided.
#[derive(Clone)]
pub struct Visit {
    site: String,
    decision: Decision,
    conditions: Conditions,
    config: Config,
    /// Seconds since 1970.
    now: u64,
    watch: Stopwatch,
    context: Rc<Context>,
    /// Whether nobody waits for the picture.
    is_for_later: bool,
}

/// Answers one request, and tells the log of it.
#[event(fetch)]
async fn fetch(asked: Request, env: Env, context: Context) -> worker::Result<Response> {
    let (method, url, watch) = (asked.method(), asked.url(), Stopwatch::new());
    let mut told = Told::default();
    let answer = match decided(&asked, &env, context, &watch) {
        Ok(visit) => serve(visit, &mut told).await,
        Err(problem) => Err(problem),
    };
    let answer = answer.unwrap_or_else(|problem| {
        let answer = respond::problem(&problem, method == "HEAD");
        told.problem = Some(problem);
        answer
    });
    told.version = config::version(&env);
    told.write(&method, request::site(&url).1, &answer, &watch);
    Ok(answer)
}

/// Decides.
fn decided(
    asked: &Request,
    env: &Env,
    context: Context,
    watch: &Stopwatch,
) -> Result<Visit, Problem> {
    let header = |name: &str| asked.headers().get(name).ok().flatten();
    let (method, url) = (&asked.method(), asked.url());
    let (site, target) = request::site(&url);
    // What this Worker asks of itself has no Host, and an address all the same.
    let host = || site.split_once("://").map(|(_, host)| host.to_owned());
    let authority = &header("host").or_else(host).unwrap_or_default();
    let config = Config::read(env, authority)?;
    let now = (js_sys::Date::now() / 1_000.0) as u64;
    let fields = &Fields::collect(header);
    let decision = decide(&Asked { method, target, authority, fields, now }, &config.edge.rules)?;
    let conditions = Conditions::read(header, config.edge.caching == Caching::Behind);
    let (site, watch, context) = (site.to_owned(), watch.clone(), Rc::new(context));
    let is_for_later = false;
    Ok(Visit { site, decision, conditions, config, now, watch, context, is_for_later })
}

async fn serve(mut visit: Visit, told: &mut Told) -> Result<Response, Problem> {
    // Look up.
    visit.watch.begin("lookup");
    let mut hit = cache::lookup(&visit).await;
    if hit.is_none() && later::begin(&mut visit) {
        hit = cache::lookup(&visit).await;
    }
    let visit = &visit;
    if let Some(hit) = hit.as_ref().filter(|hit| hit.kept.is_fresh(visit.now)) {
        return Ok(finish(&hit.picture, visit, "hit").await);
    }

    // Admit, fetch and transform, or hand over.
    let made = produce(visit, hit.as_ref(), told).await;

    // Respond.
    let trouble = match &made {
        Ok(answer) => refusal(answer.status()),
        Err(problem) => Some(problem.clone()),
    };
    let Some(problem) = trouble else {
        let picture = made?;
        cache::store(visit, &picture);
        return Ok(finish(&picture, visit, "miss").await);
    };
    let stale = hit.filter(|_| problem.code.is_passing());
    let answer = match (stale, respond::fallback(&visit.decision, &problem)) {
        (Some(hit), _) => finish(&hit.picture, visit, "stale").await,
        (None, Some(redirect)) => redirect,
        (None, None) => finish(&made?, visit, "miss").await,
    };
    told.problem = Some(problem);
    Ok(answer)
}

/// Has the picture made: here, by this Worker itself behind the platform's cache, or by the origin.
async fn produce(visit: &Visit, stale: Option<&Hit>, told: &mut Told) -> Result<Response, Problem> {
    let Config { edge, front, .. } = &visit.config;
    let made = match front {
        Some(front) => handover::ask(visit, &visit.site, front).await.ok_or_else(unanswered),
        None => make(visit, stale, told).await,
    };
    match (made, &edge.origin) {
        (Err(reason), Some(origin)) if reason.code.is_for_origin() => {
            visit.watch.begin("origin");
            let answer = handover::ask(visit, origin.as_str(), &JsValue::UNDEFINED).await;
            answer.ok_or_else(|| silent(&reason))
        }
        (made, _) => made,
    }
}

/// Makes the picture here, unless what is known of its files is enough.
async fn make(visit: &Visit, stale: Option<&Hit>, told: &mut Told) -> Result<Response, Problem> {
    let Visit { config, decision, watch, .. } = visit;
    watch.begin("fetch");
    let files = Files::find(decision, config).await?;
    let control = &freshness::cache_control(files.cache_controls());
    let tag = |versions: &[String]| key::etag(maker().component, &decision.plan, versions);
    if visit.is_for_later {
        freshness::check_keeping(control).inspect_err(|_| files.discard())?;
    }
    let versions = files.versions();
    if let Some(versions) = &versions
        && let Some(answer) = without_work(visit, stale, &tag(versions), control).await
    {
        files.discard();
        return Ok(answer);
    }

    // Admit.
    watch.begin("admit");
    let is_backed = config.edge.origin.is_some();
    let needs = files.needs(&decision.plan, is_backed).await.inspect_err(|_| files.discard())?;
    let place = Place::find(needs, is_backed).await;
    let _place = place.inspect_err(|_| files.discard())?;

    // Fetch the rest.
    watch.begin("fetch");
    let (files, read) = files.read().await?;
    let etag = &tag(&read);
    if versions.is_none()
        && let Some(answer) = without_work(visit, stale, etag, control).await
    {
        return Ok(answer);
    }

    // Transform.
    let (made, file) = component::make(&files, &decision.plan, watch)?;
    admission::check_file(&decision.plan, made.pixels, is_backed)?;
    told.used = Some(made.used(files.iter().map(|file| u64::from(file.length())).sum()));
    let picture = respond::picture(decision, etag, control, Some((&made.drawn, &file)));
    // Warnings are not stored, so what has some is not either.
    if made.drawn.warnings.is_empty() {
        results::keep(visit, etag, &picture);
    }
    Ok(picture)
}

/// The answer where an entity tag settles the matter: the client has the picture, the cache or the store
/// does, or only its headers are wanted.
async fn without_work(
    visit: &Visit,
    stale: Option<&Hit>,
    etag: &str,
    control: &str,
) -> Option<Response> {
    let Visit { conditions, decision, .. } = visit;
    if decision.head || conditions.know(etag) {
        return Some(respond::picture(decision, etag, control, None));
    }
    let is_same = |hit: &&Hit| header(&hit.picture, "etag").as_deref() == Some(etag);
    if let Some(hit) = stale.filter(is_same) {
        return Some(respond::again(&hit.picture, Reply::renewed(control)).await);
    }
    let (drawn, body) = results::find(visit, etag).await?;
    Some(respond::picture(decision, etag, control, Some((&drawn, &body))))
}
