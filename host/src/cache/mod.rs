//! What is kept on disk between requests, where the operator wants that: results, and the files that
//! other servers sent. Caching is the CDN's work, so neither is kept unless it has a budget.

mod counts;
mod entry;
mod index;
mod results;
mod store;

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::config::units::Size;
use crate::observe::Caches;
pub use counts::Counts;
pub use entry::Entry;
pub use index::Name;
pub use results::Results;
pub use store::Store;

/// What is kept, and how much of it.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where; only this user may be able to write there.
    pub folder: Option<PathBuf>,
    /// How much of results.
    pub results: Size,
    /// How much of sources from other servers.
    pub sources: Size,
}

impl Default for Config {
    fn default() -> Self {
        Self { folder: None, results: Size(0), sources: Size(0) }
    }
}

impl Config {
    /// Whether nothing is to be kept, or there is a place for it.
    pub fn has_place(&self) -> bool {
        self.folder.is_some() || (self.results.0 == 0 && self.sources.0 == 0)
    }

    /// Opens the store for results, if they are to be kept.
    ///
    /// # Errors
    /// If it cannot be used.
    pub fn results(&self, caches: &Caches) -> Result<Option<Results>, String> {
        Ok(self.open("results", self.results, caches)?.map(Results::new))
    }

    /// Opens the store for sources, if they are to be kept.
    ///
    /// # Errors
    /// If it cannot be used.
    pub fn sources(&self, caches: &Caches) -> Result<Option<Store>, String> {
        self.open("sources", self.sources, caches)
    }

    fn open(
        &self,
        name: &'static str,
        size: Size,
        caches: &Caches,
    ) -> Result<Option<Store>, String> {
        let Some(folder) = self.folder.as_ref().filter(|_| size.0 > 0) else {
            return Ok(None);
        };
        let store = Store::open(&folder.join(name), size.0, caches.counts(name));
        store.map(Some).map_err(|error| format!("cache: {error}"))
    }
}
