//! Which caches are told to forget pictures, as an operator says it.

use serde::{Deserialize, Serialize};

use crate::config::units::Secret;

/// Which caches are told to forget pictures.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where Cloudflare's API is.
    pub cloudflare_api: String,
    /// The zone whose cache is told; none is if it is not set.
    pub cloudflare_zone: Option<String>,
    /// A token that may purge the cache of that zone.
    pub cloudflare_token: Secret,
    /// An address that takes surrogate keys, for any other cache.
    pub webhook: Option<String>,
    /// What it is sent as a bearer token, if anything.
    pub webhook_token: Secret,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            cloudflare_api: "https://api.cloudflare.com/client/v4".to_owned(),
            cloudflare_zone: None,
            cloudflare_token: Secret::default(),
            webhook: None,
            webhook_token: Secret::default(),
        }
    }
}

impl Config {
    /// Whether any cache is told.
    pub fn is_set(&self) -> bool {
        self.cloudflare_zone.is_some() || self.webhook.is_some()
    }
}
