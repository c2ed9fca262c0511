//! The Worker's variables, secrets and bindings. What they mean is said by [`selvedge_plan::edge`].

use js_sys::Reflect;
use selvedge_plan::edge::{self, Edge};
use wasm_bindgen::JsValue;
use worker::{Bucket, Env};

use crate::Result;

/// The version of the Worker that runs, by the name that the platform gave it.
pub fn version(env: &Env) -> Option<String> {
    let metadata = Reflect::get(env, &"CF_VERSION_METADATA".into()).ok()?;
    Reflect::get(&metadata, &"id".into()).ok()?.as_string()
}

/// The configuration. It is read for every request, which costs microseconds.
#[derive(Clone)]
pub struct Config {
    /// What the variables say.
    pub edge: Edge,
    /// Where sources that are paths are found, the path being the key.
    pub sources: Option<Bucket>,
    /// Where pictures that were made are kept.
    pub results: Option<Bucket>,
    /// Has the Worker with the candidate, if one is bound, answer the request as it came: `entry.js` adds it.
    pub candidate: Option<JsValue>,
    /// This Worker itself behind the platform's cache, where that is used: `entry.js` adds it.
    pub front: Option<JsValue>,
}

impl Config {
    /// Reads the configuration for a request to `authority`.
    pub fn read(env: &Env, authority: &str) -> Result<Self> {
        let value =
            |name: &str| Reflect::get(env, &name.into()).ok().filter(|it| !it.is_undefined());
        let text = |name: &str| value(name).map(|value| value.as_string());
        let bucket = |name| {
            let bound = value(name).map(|_| env.bucket(name)).transpose();
            bound.map_err(|fault| edge::not_bound(name, &fault.to_string()))
        };
        Ok(Self {
            // First, since what else is bound there is no bucket beside which there could be anything.
            sources: bucket("SOURCE_BUCKET")?,
            edge: Edge::read(&text, value("SOURCE_BUCKET").is_some(), authority)?,
            results: bucket("RESULT_BUCKET")?,
            candidate: value("PASS"),
            front: value("FRONT"),
        })
    }
}
