//! The cache of this data centre (Cache API).

use selvedge_plan::{Decision, freshness, key};
use wasm_bindgen::JsCast;
use worker::{Cache, Context};

use crate::component;

/// The place of one picture in the cache.
pub struct Shelf {
    key: String,
}

impl Shelf {
    /// The place for what this component makes by `decision`. The address lies under the site's own
    /// host: for a foreign one the cache would first resolve its name.
    pub fn of(site: &str, decision: &Decision) -> Self {
        let name = key::digest(&format!("{}\n{}", component::digest(), decision.key));
        Self {
            key: format!("{site}/selvedge-cache/{name}"),
        }
    }

    /// The picture, if it is here. A cache that fails is a cache that has nothing.
    pub async fn lookup(&self) -> Option<web_sys::Response> {
        let hit = Cache::default().get(self.key.as_str(), true).await.ok()??;
        Some(hit.into())
    }

    /// Keeps a whole picture, after the answer has gone out.
    pub fn store(self, picture: &web_sys::Response, context: &Context) {
        let control = picture.headers().get("cache-control").ok().flatten();
        let whole = picture.status() == 200 && picture.body().is_some();
        if !whole || !freshness::is_storable(&control.unwrap_or_default()) {
            return;
        }
        let Ok(copy) = picture.clone() else { return };
        let copy: web_sys::Response = copy.unchecked_into();
        context.wait_until(async move {
            if let Err(fault) = Cache::default().put(self.key, copy.into()).await {
                worker::console_warn!("the cache did not take a picture: {fault}");
            }
        });
    }
}
