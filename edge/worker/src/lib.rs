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
mod http;
mod later;
mod log;
mod respond;
mod results;
mod room;
mod source;

use std::rc::Rc;

use selvedge_plan::arrival::Arrival;
use selvedge_plan::ending::{Ending, trouble};
use selvedge_plan::facts::Facts;
use selvedge_plan::handover::unanswered;
use selvedge_plan::outcome::Drawn;
use selvedge_plan::reply::Reply;
use selvedge_plan::version::{Had, Version};
use selvedge_plan::{Decision, Problem, admission, candidate, decide, kept};
use wasm_bindgen::JsValue;
use web_sys::{Request, Response};
use worker::{Context, Date, Env, event};

use crate::component::maker;
use crate::config::Config;
use crate::log::Told;
use crate::respond::{finish, header, respond};
use crate::room::Place;
use crate::source::Files;

type Result<T> = std::result::Result<T, Problem>;

/// A request, as it was decided.
#[derive(Clone)]
pub struct Visit {
    arrival: Arrival,
    decision: Decision,
    /// What the cache has, fresh or stale.
    hit: Option<Response>,
    config: Config,
    context: Rc<Context>,
}

/// Answers one request, and tells the log of it.
#[event(fetch)]
async fn fetch(asked: Request, env: Env, context: Context) -> worker::Result<Response> {
    let header = |name: &str| asked.headers().get(name).ok().flatten();
    let arrival =
        Arrival::read(asked.method(), &asked.url(), Date::now().as_millis() / 1_000, header);
    let mut told = Told::begun(arrival.line(config::version(&env)));
    let answer = serve(arrival, &env, context, &mut told).await;
    Ok(told.end(answer).await)
}

async fn serve(arrival: Arrival, env: &Env, context: Context, told: &mut Told) -> Result<Response> {
    // Decide.
    let config = Config::read(env, &arrival.authority)?;
    let decision = decide(&arrival.asked(), &config.edge.rules)?;
    if let Some(candidate) = config.edge.candidate(&decision, maker(), &config.candidate) {
        if let Ok(answer) = http::pass(candidate).await {
            return Ok(answer);
        }
        candidate::silent(&decision)?;
    }
    let mut visit = Visit { arrival, decision, hit: None, config, context: Rc::new(context) };

    // Look up.
    told.watch.begin("lookup");
    visit.hit = cache::lookup(&visit).await;
    if visit.hit.is_none() && later::begin(&mut visit, told) {
        visit.hit = cache::lookup(&visit).await;
    }
    let (visit, hit) = (&visit, visit.hit.as_ref());
    if let Some(hit) = hit.filter(|hit| kept::is_fresh(|name| header(hit, name), visit.arrival.now))
    {
        return Ok(finish(hit, visit, told, "hit").await);
    }

    // Admit, fetch and transform, or hand over.
    let made = produce(visit, told).await;

    // Respond.
    told.line.problem = trouble(made.as_ref().map(Response::status));
    let problem = told.line.problem.as_ref();
    match (Ending::of(problem, hit.is_some(), maker(), &visit.decision), hit) {
        (Ending::Stale, Some(hit)) => Ok(finish(hit, visit, told, "stale").await),
        (Ending::Redirect(reply), _) => Ok(respond(&reply, None).await),
        _ => {
            let picture = made?;
            cache::store(visit, &picture);
            Ok(finish(&picture, visit, told, "miss").await)
        }
    }
}

/// Has the picture made: here, by this Worker itself behind the platform's cache, or by the origin.
async fn produce(visit: &Visit, told: &mut Told) -> Result<Response> {
    let Visit { arrival, config: Config { edge, front, .. }, .. } = visit;
    let made = match front {
        Some(front) => handover::ask(visit, &arrival.site, front, unanswered()).await,
        None => make(visit, told).await,
    };
    let Some((origin, silence)) = edge.successor(made.as_ref().err()) else { return made };
    told.watch.begin("origin");
    handover::ask(visit, origin.as_str(), &JsValue::UNDEFINED, silence).await
}

/// Makes the picture here, unless what is known of its files is enough.
async fn make(visit: &Visit, told: &mut Told) -> Result<Response> {
    let Visit { arrival, config, decision, .. } = visit;
    told.watch.begin("fetch");
    let files = Files::find(decision, config).await?;
    let control = Facts::cache_control(files.facts(), arrival.is_awaited)?;
    let version = |read: Vec<String>| Version::new(maker(), decision, &read, &control);
    let early = Facts::versions(files.facts()).map(version);
    if let Some(answer) = without_work(visit, early.as_ref()).await {
        return Ok(answer);
    }

    // Admit.
    told.watch.begin("admit");
    let is_backed = config.edge.origin.is_some();
    let _place = Place::find(files.needs(&decision.plan, is_backed).await?, is_backed).await?;

    // Fetch the rest.
    told.watch.begin("fetch");
    let (files, read) = files.read().await?;
    let version = &version(read);
    let late = early.is_none().then_some(version);
    if let Some(answer) = without_work(visit, late).await {
        return Ok(answer);
    }

    // Transform.
    let (made, file) = component::make(&files, &decision.plan, &told.watch)?;
    admission::check_file(&decision.plan, made.pixels, is_backed)?;
    told.line.used = Some(made.used(files.iter().map(|file| u64::from(file.length())).sum()));
    handover::check(visit, &files, &file);
    let picture = picture(visit, version, Some((&made.drawn, &file))).await;
    // Warnings are not stored, so what has some is not either.
    if made.drawn.warnings.is_empty() {
        results::keep(visit, version, &picture);
    }
    Ok(picture)
}

/// The answer where a version, if it is known, settles the matter.
async fn without_work(visit: &Visit, version: Option<&Version>) -> Option<Response> {
    let Visit { arrival, decision, hit, .. } = visit;
    let (version, kept) = (version?, hit.as_ref().and_then(|hit| header(hit, "etag")));
    match version.had(decision, &arrival.conditions, kept.as_deref()) {
        Had::Headers => Some(picture(visit, version, None).await),
        Had::Cache => Some(respond(&Reply::renewed(version), Some(hit.as_ref()?)).await),
        Had::Store => {
            let (drawn, body) = results::find(visit, version).await?;
            Some(picture(visit, version, Some((&drawn, &body))).await)
        }
    }
}

/// A picture as every client and the cache may have it; without one, its headers alone.
async fn picture(visit: &Visit, version: &Version, drawn: Option<(&Drawn, &JsValue)>) -> Response {
    let (known, body) = drawn.unzip();
    respond(&Reply::picture(maker(), &visit.decision, version, known), body).await
}
