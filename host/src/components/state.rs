//! How far a rollout has come, so that a restart does not take it back.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use selvedge_plan::rollout::{Arms, Second};
use serde::{Deserialize, Serialize};

/// The file in the folder of components.
const FILE: &str = "rollout.json";

/// Which components have which part, by their digests. Also what an operator is told.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// What makes all pictures that the candidate does not.
    pub stable: String,
    /// What is tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub candidate: Option<String>,
    /// The candidate's share of the sources, such as `1/16`.
    pub share: String,
    /// What was stable before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous: Option<String>,
}

impl State {
    /// Of these components.
    pub fn of<T>(arms: &Arms<T>, digest: impl Fn(&T) -> &str) -> Self {
        let digest = |component: &T| digest(component).to_owned();
        let (candidate, previous) = match &arms.second {
            Second::Candidate(candidate, _) => (Some(digest(candidate)), None),
            Second::None => (None, None),
            Second::Previous(previous) => (None, Some(digest(previous))),
        };
        let (stable, share) = (digest(&arms.stable), arms.share().to_string());
        Self { stable, candidate, share, previous }
    }

    /// Its components, each as `load` gives it by its digest.
    ///
    /// # Errors
    /// Why one is not to be had, or that the share is none.
    pub fn arms<T>(&self, load: impl Fn(&str) -> Result<T, String>) -> Result<Arms<T>, String> {
        let second = match (&self.candidate, &self.previous) {
            (Some(candidate), _) => Second::Candidate(load(candidate)?, self.share.parse()?),
            (None, Some(previous)) => Second::Previous(load(previous)?),
            (None, None) => Second::None,
        };
        Ok(Arms { stable: load(&self.stable)?, second })
    }

    /// The digests of all.
    fn digests(self) -> Vec<String> {
        [Some(self.stable), self.candidate, self.previous].into_iter().flatten().collect()
    }
}

/// What is kept: where things are, and the configuration that they began with. A new configuration counts
/// for more than what was done under an old one.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// As an operator set it.
    pub configured: State,
    /// As it is.
    pub now: State,
}

impl Kept {
    /// What was kept in `folder`, if it can be read.
    pub fn read(folder: &Path) -> Option<Self> {
        serde_json::from_str(&fs::read_to_string(path(folder)).ok()?).ok()
    }

    /// Keeps it in `folder`.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        let (path, text) = (path(folder), serde_json::to_string_pretty(self)?);
        let half = path.with_extension("half");
        fs::create_dir_all(folder)?;
        fs::write(&half, text)?;
        fs::rename(&half, &path)
    }
}

/// The digests of what a server with this folder uses, or began with.
pub fn in_use(folder: &Path) -> Vec<String> {
    let kept = Kept::read(folder).map(|kept| [kept.configured, kept.now]);
    kept.into_iter().flatten().flat_map(State::digests).collect()
}

fn path(folder: &Path) -> PathBuf {
    folder.join(FILE)
}
