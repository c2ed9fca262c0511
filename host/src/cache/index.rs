//! Which entries there are and what they weigh; over the budget it says which have to go.

use quick_cache::sync::Cache;
use quick_cache::{DefaultHashBuilder, Lifecycle, OptionsBuilder, Weighter};

/// What an entry is called: a digest of all that it depends on.
pub type Name = [u8; 32];

/// About the size of an entry, for tables to be as large as they will be.
const USUAL_BYTES: u64 = 64 << 10;

/// Names with sizes, of which the sum has an upper bound. What is used often stays longest (CLOCK-Pro).
#[derive(Debug)]
pub struct Index(Cache<Name, u64, Bytes, DefaultHashBuilder, Gone>);

#[derive(Clone, Debug)]
struct Bytes;

impl Weighter<Name, u64> for Bytes {
    fn weight(&self, _: &Name, size: &u64) -> u64 {
        *size
    }
}

/// Gathers the names of what has to go.
#[derive(Clone, Debug)]
struct Gone;

impl Lifecycle<Name, u64> for Gone {
    type RequestState = Vec<Name>;

    fn on_evict(&self, gone: &mut Vec<Name>, name: Name, _: u64) {
        gone.push(name);
    }
}

impl Index {
    /// An index for so many bytes.
    ///
    /// # Errors
    /// If the number is out of all proportion.
    pub fn new(bytes: u64) -> Result<Self, String> {
        let count = usize::try_from(bytes / USUAL_BYTES).unwrap_or(usize::MAX).clamp(16, 1 << 20);
        // One shard: a store does far slower things than to wait for a lock, and the budget of several
        // would be theirs each.
        let options = OptionsBuilder::new()
            .shards(1)
            .estimated_items_capacity(count)
            .weight_capacity(bytes)
            .build()
            .map_err(|error| format!("{bytes} bytes: {error}"))?;
        Ok(Self(Cache::with_options(options, Bytes, DefaultHashBuilder::default(), Gone)))
    }

    /// Notes that an entry is used.
    pub fn used(&self, name: &Name) {
        self.0.get(name);
    }

    /// Whether there is an entry.
    pub fn has(&self, name: &Name) -> bool {
        self.0.contains_key(name)
    }

    /// Adds an entry, and tells what has to go for it: others, or itself if it is too large.
    #[must_use]
    pub fn add(&self, name: Name, size: u64) -> Vec<Name> {
        let mut gone = Vec::new();
        self.0.insert_with_lifecycle(name, size, &mut gone);
        // An older entry of the same name is told of as well, but its file is the new one's.
        gone.retain(|one| *one != name || !self.has(&name));
        gone
    }

    /// Forgets an entry.
    pub fn forget(&self, name: &Name) {
        self.0.remove(name);
    }

    /// Bytes of all entries.
    pub fn bytes(&self) -> u64 {
        self.0.weight()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_added_again_stays() {
        let index = Index::new(1 << 20).unwrap();
        let name = [7; 32];
        assert_eq!(index.add(name, 1_000), Vec::<Name>::new());
        assert_eq!(index.add(name, 2_000), Vec::<Name>::new());
        assert_eq!((index.has(&name), index.bytes()), (true, 2_000));
        assert_eq!(index.add([8; 32], 2 << 20), [[8; 32]], "too large by itself");
        assert!(index.has(&name));
    }
}
