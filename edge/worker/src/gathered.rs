//! A source with what is drawn over it.

use js_sys::{Array, Uint8Array};
use selvedge_plan::{Decision, Problem, limits};

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
        let source = source::find(&decision.source, config, limits::SOURCE_BYTES_EDGE).await?;
        let mut overlays = Vec::with_capacity(decision.overlays.len());
        for (number, overlay) in decision.overlays.iter().enumerate() {
            let found = source::find(overlay, config, limits::OVERLAY_BYTES).await;
            overlays.push(found.map_err(|problem| problem.of(&part(number)))?);
        }
        Ok(Self { source, overlays })
    }

    /// What the source's server says of caching.
    pub fn cache_control(&self) -> Option<&str> {
        self.source.cache_control.as_deref()
    }

    /// What tells the versions of all of them from others.
    pub async fn validators(&mut self) -> Result<Vec<String>, Problem> {
        let mut validators = vec![self.source.validator().await?];
        for (number, overlay) in self.overlays.iter_mut().enumerate() {
            let validator = overlay.validator().await;
            validators.push(validator.map_err(|problem| problem.of(&part(number)))?);
        }
        Ok(validators)
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
        [&self.source].into_iter().chain(&self.overlays).for_each(Found::discard);
    }
}

/// What an overlay is called in problems.
fn part(number: usize) -> String {
    format!("draw.{number}")
}
