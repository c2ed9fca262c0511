//! A source with what is drawn over it.

use futures_util::future::{join, join_all};
use selvedge_plan::decide::named;
use selvedge_plan::{Decision, Problem, limits};

use super::Sources;
use super::fetch::Fetch;

/// All files of a transform, before their bytes are read: the source, then what is drawn over it.
#[derive(Debug)]
pub struct Gathered {
    source: Fetch,
    overlays: Vec<Fetch>,
    locations: Vec<String>,
}

/// The bytes of a transform.
#[derive(Debug)]
pub struct Files {
    /// The source.
    pub source: Vec<u8>,
    /// What is drawn over it, in the plan's order.
    pub overlays: Vec<Vec<u8>>,
}

impl Files {
    /// All of them, in order.
    pub fn each(&self) -> impl Iterator<Item = &[u8]> {
        [&self.source].into_iter().chain(&self.overlays).map(Vec::as_slice)
    }
}

impl Files {
    /// The bytes of all.
    pub fn size(&self) -> usize {
        self.each().map(<[u8]>::len).fold(0, usize::saturating_add)
    }
}

impl Gathered {
    /// Finds all that a decision needs.
    ///
    /// # Errors
    /// What is the matter with a source, and which one, if it is to be drawn.
    pub async fn open(sources: &Sources, decision: &Decision, via: &str) -> Result<Self, Problem> {
        let source = sources.open(&decision.source, via, sources.byte_limit);
        let most = limits::OVERLAY_BYTES.min(sources.byte_limit);
        let overlays = decision.overlays.iter().map(|overlay| sources.open(overlay, via, most));
        // All at once, since each may have to be waited for; the first of what is wrong is told.
        let (source, overlays) = join(source, join_all(overlays)).await;
        let overlays = (1..).zip(overlays).map(|(number, opened)| named(number, opened));
        let overlays = overlays.collect::<Result<_, _>>();
        let locations = decision.files().map(|source| sources.location(source)).collect();
        Ok(Self { source: source?, overlays: overlays?, locations })
    }

    /// Where each is found.
    pub fn locations(&self) -> &[String] {
        &self.locations
    }

    /// What tells the version of each from every other, where that is known without its bytes.
    pub fn validators(&self) -> Vec<Option<String>> {
        self.each().map(|fetch| fetch.facts().validator.clone()).collect()
    }

    /// What the server of each says of caching.
    pub fn cache_controls(&self) -> Vec<Option<String>> {
        self.each().map(|fetch| fetch.facts().cache_control.clone()).collect()
    }

    /// The most bytes that there may be.
    pub fn most_bytes(&self) -> u64 {
        self.each().map(Fetch::most_bytes).fold(0, u64::saturating_add)
    }

    fn each(&self) -> impl Iterator<Item = &Fetch> {
        [&self.source].into_iter().chain(&self.overlays)
    }

    /// Reads all bytes.
    ///
    /// # Errors
    /// As [`Fetch::read`].
    pub async fn read(self) -> Result<Files, Problem> {
        let source = self.source.read().await?;
        let mut overlays = Vec::with_capacity(self.overlays.len());
        for (number, overlay) in (1..).zip(self.overlays) {
            overlays.push(named(number, overlay.read().await)?);
        }
        Ok(Files { source, overlays })
    }
}
