//! The cache of this data centre (Cache API).

use selvedge_plan::kept::Kept;
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

/// Keeps a whole picture, after the answer has gone out.
pub fn store(visit: &Visit, picture: &Response) {
    let now = visit.arrival.now;
    let kept = Kept::of(maker(), picture.status(), |name| header(picture, name), now);
    let kept = kept.filter(|_| picture.body().is_some());
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
