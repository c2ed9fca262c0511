//! The cache of this data centre (Cache API).

use selvedge_plan::freshness::Kept;
use selvedge_plan::reply::Reply;
use web_sys::Response;
use worker::Cache;

use crate::Visit;
use crate::component::maker;
use crate::respond::{header, respond};

/// The picture of a visit, if it is here. A cache that fails is a cache that has nothing.
pub async fn lookup(visit: &Visit) -> Option<Response> {
    Some(Cache::default().get(place(visit)?, true).await.ok()??.into())
}

/// Whether what was found may be served without asking.
pub fn is_fresh(hit: &Response, now: u64) -> bool {
    Kept::read(|name| header(hit, name)).is_some_and(|kept| kept.is_fresh(now))
}

/// Keeps a whole picture, after the answer has gone out.
pub fn store(visit: &Visit, picture: &Response) {
    let now = visit.arrival.now;
    let kept = Kept::of(picture.status(), |name| header(picture, name), now);
    let is_ours = maker().made(header(picture, "selvedge-component").as_deref());
    let kept = kept.filter(|_| is_ours && picture.body().is_some());
    let (Some(place), Some(kept), Ok(copy)) = (place(visit), kept, picture.clone()) else { return };
    visit.context.wait_until(async move {
        let copy = respond(&Reply::kept(&kept, now), Some(&copy)).await;
        if let Err(fault) = Cache::default().put(place, copy.into()).await {
            worker::console_warn!("the cache did not take a picture: {fault}");
        }
    });
}

fn place(visit: &Visit) -> Option<String> {
    visit.config.edge.place(&visit.arrival.site, maker().component, &visit.decision)
}
