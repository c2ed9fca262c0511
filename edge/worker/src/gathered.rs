//! A source with what is drawn over it.

use futures_util::future::{join, join_all};
use js_sys::{Array, Uint8Array};
use selvedge_plan::admission::{self, Needs};
use selvedge_plan::{Decision, Plan, Problem, limits};

use crate::component;
use crate::config::Config;
use crate::source::{self, Found};

/// All files of a transform, before their bytes are read: the source, then what is drawn over it.
pub struct Gathered {
    source: Found,
    overlays: Vec<Found>,
}

impl Gathered {
    /// Finds all that a decision needs. What is the matter with an overlay names it.
    pub async fn find(decision: &Decision, config: &Config) -> Result<Self, Problem> {
        let source = source::find(&decision.source, config, limits::SOURCE_BYTES_EDGE);
        let overlays = decision.overlays.iter();
        let overlays = overlays.map(|overlay| source::find(overlay, config, limits::OVERLAY_BYTES));
        // All at once, since each may have to be waited for; the first of what is wrong is told.
        let (source, overlays) = join(source, join_all(overlays)).await;
        let named = |(number, found): (usize, Result<Found, Problem>)| {
            found.map_err(|problem| problem.of(&part(number)))
        };
        let overlays = overlays.into_iter().enumerate().map(named).collect::<Result<_, _>>();
        Ok(Self { source: source?, overlays: overlays? })
    }

    /// What the server of each says of caching.
    pub fn cache_controls(&self) -> impl Iterator<Item = Option<&str>> {
        self.each().map(|found| found.cache_control.as_deref())
    }

    /// What the servers tell of the versions of all of them, if all do.
    pub fn told(&self) -> Option<Vec<String>> {
        self.each().map(|found| found.validator.clone()).collect()
    }

    /// What the transform needs, as far as the beginning of the source and the servers tell. What is drawn
    /// over it is forecast when its turn comes.
    pub async fn needs(&self, plan: &Plan) -> Result<Needs, Problem> {
        let mut needs = Needs {
            told: self.each().filter_map(|found| found.length).sum(),
            files: self.each().map(Found::most).sum(),
            ..Needs::default()
        };
        match component::estimate(&self.source.head().await?, plan) {
            Ok(forecast) => (needs.memory, needs.work) = (forecast.memory(), forecast.work()),
            Err(problem) => admission::untold(problem)?,
        }
        needs.check().map(|()| needs)
    }

    /// What tells the versions of all of them from others.
    pub async fn versions(&mut self) -> Result<Vec<String>, Problem> {
        let mut versions = vec![self.source.version().await?];
        for (number, overlay) in self.overlays.iter_mut().enumerate() {
            let version = overlay.version().await;
            versions.push(version.map_err(|problem| problem.of(&part(number)))?);
        }
        Ok(versions)
    }

    /// All bytes.
    pub async fn read(&mut self) -> Result<(Uint8Array, Array), Problem> {
        let (source, overlays) = (self.source.read().await?, Array::new());
        for (number, overlay) in self.overlays.iter_mut().enumerate() {
            let bytes = overlay.read().await.map_err(|problem| problem.of(&part(number)))?;
            overlays.push(&bytes);
        }
        Ok((source, overlays))
    }

    /// Gives up what was not read.
    pub fn discard(&self) {
        self.each().for_each(Found::discard);
    }

    fn each(&self) -> impl Iterator<Item = &Found> {
        [&self.source].into_iter().chain(&self.overlays)
    }
}

/// What an overlay is called in problems.
fn part(number: usize) -> String {
    format!("draw.{number}")
}
