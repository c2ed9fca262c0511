//! Numbers of what is kept on disk. Where nothing is kept there are none.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use crate::cache::Counts;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByCache {
    cache: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByLookup {
    cache: &'static str,
    result: &'static str,
}

/// The numbers of all stores.
#[derive(Debug, Default)]
pub struct Caches {
    lookups: Family<ByLookup, Counter>,
    failures: Family<ByCache, Counter>,
    bytes: Family<ByCache, Gauge>,
}

impl Caches {
    /// Puts them among the other numbers.
    pub fn register(&self, registry: &mut Registry) {
        let Self { lookups, failures, bytes } = self;
        registry.register("cache_lookups", "Looks into a cache on disk", lookups.clone());
        let help = "Entries that could not be written to a cache on disk";
        registry.register("cache_write_failures", help, failures.clone());
        registry.register("cache_bytes", "Entries of a cache on disk", bytes.clone());
    }

    /// Those of one store.
    pub fn counts(&self, cache: &'static str) -> Counts {
        let lookups = |result| self.lookups.get_or_create_owned(&ByLookup { cache, result });
        Counts {
            hits: lookups("hit"),
            misses: lookups("miss"),
            damaged: lookups("damaged"),
            failures: self.failures.get_or_create_owned(&ByCache { cache }),
            bytes: self.bytes.get_or_create_owned(&ByCache { cache }),
        }
    }
}
