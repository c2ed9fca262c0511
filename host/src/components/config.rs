//! Which components a server has, as an operator says it.

use std::path::PathBuf;

use selvedge_plan::rollout::Share;
use serde::{Deserialize, Serialize};

/// Which components make pictures.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The one that makes most: a file, or a digest in `folder`. Without it, that of `--component`.
    pub stable: Option<PathBuf>,
    /// The one that is tried, in the same way.
    pub candidate: Option<PathBuf>,
    /// Which share of the sources is the candidate's, such as `1/16`.
    pub share: String,
    /// Where components are kept by their digests, and how far a rollout has come.
    pub folder: Option<PathBuf>,
}

impl Default for Config {
    fn default() -> Self {
        Self { stable: None, candidate: None, share: Share::NONE.to_string(), folder: None }
    }
}

impl Config {
    /// The candidate's share.
    ///
    /// # Errors
    /// What was expected.
    pub fn share(&self) -> Result<Share, String> {
        self.share.parse()
    }
}
