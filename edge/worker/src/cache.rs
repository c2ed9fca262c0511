//! The cache of this data centre (Cache API).

use selvedge_plan::{Decision, freshness, key};
use wasm_bindgen::JsCast;
use web_sys::Response;
use worker::{Cache, Context};

use crate::component;

/// The place of one picture in the cache.
pub struct Shelf {
    key: String,
}

impl Shelf {
    /// The place for what this component makes by `decision`. Its address is one of the site's own:
    /// the name of another host would be looked up first.
    pub fn of(site: &str, decision: &Decision) -> Self {
        let name = key::digest(&format!("{}\n{}", component::digest(), decision.key));
        Self { key: format!("{site}/selvedge-cache/{name}") }
    }

    /// The picture, if it is here. A cache that fails is a cache that has nothing.
    pub async fn lookup(&self) -> Option<Response> {
        let hit = Cache::default().get(self.key.as_str(), true).await.ok()??;
        Some(hit.into())
    }

    /// Keeps a whole picture, after the answer has gone out.
    pub fn store(self, picture: &Response, context: &Context) {
        let control = picture.headers().get("cache-control").ok().flatten();
        let is_whole = picture.status() == 200 && picture.body().is_some();
        if !is_whole || !freshness::is_storable(&control.unwrap_or_default()) {
            return;
        }
        let Ok(copy) = picture.clone() else { return };
        let copy: Response = copy.unchecked_into();
        context.wait_until(async move {
            if let Err(fault) = Cache::default().put(self.key, copy.into()).await {
                worker::console_warn!("the cache did not take a picture: {fault}");
            }
        });
    }
}
