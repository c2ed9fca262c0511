//! What happens to a store, for those who watch.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;

/// Counts since the start, and how much there is. Clones count together.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    /// Entries that were found.
    pub hits: Counter,
    /// Entries that were looked for in vain.
    pub misses: Counter,
    /// Entries that were found, but not as they were written. They are removed.
    pub damaged: Counter,
    /// Entries that could not be written.
    pub failures: Counter,
    /// Bytes of all entries.
    pub bytes: Gauge,
}
