//! The cache of this data centre (Cache API).

use selvedge_plan::freshness::Kept;
use selvedge_plan::{Decision, key};
use wasm_bindgen::JsCast;
use web_sys::Response;
use worker::{Cache, Context};

use crate::component;
use crate::respond::{self, Body};

/// The place of one picture in the cache.
pub struct Shelf {
    key: String,
}

/// What lay there.
pub struct Hit {
    /// The picture, with the headers of its place.
    pub picture: Response,
    /// What it says of itself.
    pub kept: Kept,
}

impl Hit {
    /// Whether it is the picture of this entity tag.
    pub fn has_etag(&self, etag: &str) -> bool {
        self.picture.headers().get("etag").ok().flatten().as_deref() == Some(etag)
    }
}

impl Shelf {
    /// The place for what this component makes by `decision`. Its address is one of the site's own:
    /// the name of another host would be looked up first.
    pub fn of(site: &str, decision: &Decision) -> Self {
        let name = key::digest(&format!("{}\n{}", component::digest(), decision.key));
        Self { key: format!("{site}/selvedge-cache/{name}") }
    }

    /// The picture, if it is here. A cache that fails is a cache that has nothing.
    pub async fn lookup(&self) -> Option<Hit> {
        let hit = Cache::default().get(self.key.as_str(), true).await.ok()??;
        let picture: Response = hit.into();
        let kept = Kept::read(|name| picture.headers().get(name).ok().flatten());
        match kept {
            Some(kept) => Some(Hit { picture, kept }),
            None => {
                respond::discard(&picture);
                None
            }
        }
    }

    /// Keeps a whole picture, after the answer has gone out.
    pub fn store(self, picture: &Response, now: u64, context: &Context) {
        let control = picture.headers().get("cache-control").ok().flatten();
        let is_whole = picture.status() == 200 && picture.body().is_some();
        let kept = control.filter(|_| is_whole).and_then(|control| Kept::new(&control, now));
        let (Some(kept), Ok(copy)) = (kept, picture.clone()) else { return };
        let copy: Response = copy.unchecked_into();
        context.wait_until(async move {
            let put = async {
                let copy = respond::again(&copy, 200, &[], kept.headers(now).into(), Body::Whole);
                Cache::default().put(self.key, copy.await.into()).await
            };
            if let Err(fault) = put.await {
                worker::console_warn!("the cache did not take a picture: {fault}");
            }
        });
    }
}
