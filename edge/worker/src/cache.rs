//! The cache of this data centre (Cache API).

use selvedge_plan::edge::Caching;
use selvedge_plan::freshness::Kept;
use selvedge_plan::key;
use selvedge_plan::reply::Reply;
use wasm_bindgen::JsCast;
use web_sys::Response;
use worker::Cache;

use crate::Visit;
use crate::component::maker;
use crate::respond::{self, discard, header};

/// What lay at the place of a picture.
pub struct Hit {
    /// The picture, with the headers of its place.
    pub picture: Response,
    /// What it says of itself.
    pub kept: Kept,
}

/// The picture of a visit, if it is here. A cache that fails is a cache that has nothing.
pub async fn lookup(visit: &Visit) -> Option<Hit> {
    let hit = Cache::default().get(place(visit)?, true).await.ok()??;
    let picture: Response = hit.into();
    match Kept::read(|name| header(&picture, name)) {
        Some(kept) => Some(Hit { picture, kept }),
        None => {
            discard(&picture);
            None
        }
    }
}

/// Keeps a whole picture, after the answer has gone out.
pub fn store(visit: &Visit, picture: &Response) {
    let control = header(picture, "cache-control").unwrap_or_default();
    let is_whole = picture.status() == 200 && picture.body().is_some();
    let kept = Kept::new(&control, visit.now).filter(|_| is_whole);
    let (Some(place), Some(kept), Ok(copy)) = (place(visit), kept, picture.clone()) else { return };
    let (copy, now): (Response, _) = (copy.unchecked_into(), visit.now);
    visit.context.wait_until(async move {
        let copy = respond::again(&copy, Reply::with(200, kept.headers(now).into()));
        if let Err(fault) = Cache::default().put(place, copy.await.into()).await {
            worker::console_warn!("the cache did not take a picture: {fault}");
        }
    });
}

/// Under which address a picture by this component lies, where this cache is used. It is one of the site's
/// own: the name of another host would be looked up first.
fn place(visit: &Visit) -> Option<String> {
    let name = key::digest(&format!("{}\n{}", maker().component, visit.decision.key));
    let is_used = visit.config.edge.caching == Caching::Api;
    is_used.then(|| format!("{}/selvedge-cache/{name}", visit.site))
}
