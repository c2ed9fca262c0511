//! The components of a server: one for most sources, and a second one that is tried or was replaced.
//!
//! A request takes hold of its component once, so a change hurts none: what is replaced goes when the
//! last request that has it is answered.

mod archive;
mod config;
mod state;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::ArcSwap;
use selvedge_plan::Decision;
use selvedge_plan::rollout::{Arms, Second, Share};
use tracing::{info, warn};

pub use archive::{Archive, Entry, is_digest};
pub use config::Config;
use state::Kept;
pub use state::{State, in_use};

use crate::component::ComponentFile;
use crate::observe::short;
use crate::shadow::{Arm, Pair};
use crate::transform::{Machine, Transformer};

/// All that are loaded.
pub struct Components {
    arms: ArcSwap<Arms<Arc<Transformer>>>,
    read: Box<Read>,
    /// Who has it may change something.
    place: Mutex<Place>,
}

/// Reads what an operator says, now.
pub type Read = dyn Fn() -> Result<Config, String> + Send + Sync;

/// What changes are kept with.
struct Place {
    folder: Option<PathBuf>,
    configured: State,
}

/// A change that an operator asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The candidate makes all pictures from now on.
    Promote,
    /// The older one does.
    Rollback,
    /// The candidate's share of the sources.
    Share(Share),
}

impl Components {
    /// One component, and no other.
    pub fn alone(component: Arc<Transformer>) -> Self {
        let arms = Arms { stable: component, second: Second::None };
        Self::new(arms, None, Box::new(|| Err("there is nothing to read again".to_owned())))
    }

    fn new(arms: Arms<Arc<Transformer>>, folder: Option<PathBuf>, read: Box<Read>) -> Self {
        let place = Place { folder, configured: state(&arms) };
        Self { arms: ArcSwap::from_pointee(arms), read, place: Mutex::new(place) }
    }

    /// Loads what `read` says. How far a rollout had come under the same configuration is taken up.
    ///
    /// # Errors
    /// Which component cannot be had, and why.
    pub fn open(read: Box<Read>, machine: &Machine) -> Result<Self, String> {
        let config = read()?;
        let components = Self::new(load(&config, machine, &[])?, config.folder.clone(), read);
        let mut place = components.place();
        let kept = place.folder.as_deref().and_then(Kept::read);
        if let Some(kept) = kept.filter(|kept| kept.configured == place.configured) {
            let configured = components.arms.load_full();
            let again =
                |digest: &str| loaded(Path::new(digest), &config, machine, &all(&configured));
            match kept.now.arms(again) {
                Ok(arms) => _ = components.put(arms, &mut place),
                Err(why) => warn!(why, "the rollout begins anew"),
            }
        }
        drop(place);
        Ok(components)
    }

    /// Loads what is said now, if that is something else than before. What was stable stays at hand
    /// where there is no candidate.
    ///
    /// # Errors
    /// As [`Components::open`]: then nothing has changed.
    pub fn reload(&self) -> Result<State, String> {
        let mut place = self.place();
        let config = &(self.read)()?;
        let before = self.arms.load_full();
        let mut arms = load(config, before.stable.machine(), &all(&before))?;
        let configured = state(&arms);
        place.folder.clone_from(&config.folder);
        if configured == place.configured {
            return Ok(self.state());
        }
        place.configured = configured;
        if matches!(arms.second, Second::None) {
            let older = all(&before).into_iter().find(|one| one.digest() != arms.stable.digest());
            arms.second = older.map_or(Second::None, |older| Second::Previous(Arc::clone(older)));
        }
        Ok(self.put(arms, &mut place))
    }

    /// Changes which component makes which pictures.
    ///
    /// # Errors
    /// If there is nothing to change.
    pub fn change(&self, change: Change) -> Result<State, String> {
        let mut place = self.place();
        let arms = Arms::clone(&self.arms.load());
        let arms = match change {
            Change::Promote => arms.promoted(),
            Change::Rollback => arms.rolled_back(),
            Change::Share(share) => arms.with_share(share),
        };
        Ok(self.put(arms?, &mut place))
    }

    /// The component that makes what was decided: the one that the request names, if it is loaded, and
    /// else the one that the source belongs to.
    pub fn choose(&self, decision: &Decision) -> Arc<Transformer> {
        let arms = self.arms.load();
        let named = decision.choice.as_ref().and_then(|choice| named(&arms, choice));
        Arc::clone(named.unwrap_or_else(|| arms.of(&decision.source)))
    }

    /// The component whose digest begins so, if it is loaded.
    pub fn named(&self, digest: &str) -> Option<Arc<Transformer>> {
        named(&self.arms.load(), digest).cloned()
    }

    /// The two that are compared when `one` makes a picture: it, and the one beside it.
    pub fn pair(&self, one: &Transformer) -> Option<Pair> {
        let arms = self.arms.load();
        let Second::Candidate(candidate, _) = &arms.second else { return None };
        let (stable, candidate) = (Arc::clone(&arms.stable), Arc::clone(candidate));
        let answers = match one.digest() {
            digest if digest == candidate.digest() => Arm::Candidate,
            digest if digest == stable.digest() => Arm::Stable,
            _ => return None,
        };
        Some(Pair { stable, candidate, answers })
    }

    /// All that are loaded, with their parts.
    pub fn arms(&self) -> Arc<Arms<Arc<Transformer>>> {
        self.arms.load_full()
    }

    /// Which components have which part.
    pub fn state(&self) -> State {
        state(&self.arms.load())
    }

    /// The short digests of all that are loaded, and what each is there for.
    pub fn roles(&self) -> Vec<(String, &'static str)> {
        let arms = self.arms.load();
        let second = match &arms.second {
            Second::Candidate(candidate, _) => Some((candidate, "candidate")),
            Second::None => None,
            Second::Previous(previous) => Some((previous, "previous")),
        };
        let all = [Some((&arms.stable, "stable")), second].into_iter().flatten();
        all.map(|(one, role)| (short(one.digest()).to_owned(), role)).collect()
    }

    /// What makes most pictures.
    pub fn stable(&self) -> Arc<Transformer> {
        Arc::clone(&self.arms.load().stable)
    }

    fn put(&self, arms: Arms<Arc<Transformer>>, place: &mut Place) -> State {
        let kept = Kept { configured: place.configured.clone(), now: state(&arms) };
        self.arms.store(Arc::new(arms));
        let State { stable, candidate, share, previous } = &kept.now;
        info!(stable, ?candidate, share, ?previous, "components");
        if let Some(Err(error)) = place.folder.as_deref().map(|folder| kept.write(folder)) {
            warn!(%error, "how far the rollout is could not be kept: a restart begins it anew");
        }
        kept.now
    }

    fn place(&self) -> MutexGuard<'_, Place> {
        self.place.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Loads what `config` says; those that are `known` already are not loaded again.
fn load(
    config: &Config,
    machine: &Machine,
    known: &[&Arc<Transformer>],
) -> Result<Arms<Arc<Transformer>>, String> {
    let stable = match config.stable.as_deref() {
        Some(name) => loaded(name, config, machine, known)?,
        None => ready(&ComponentFile::open(None)?, machine, known)?,
    };
    let candidate = config.candidate.as_deref();
    let candidate = candidate.map(|name| loaded(name, config, machine, known)).transpose()?;
    let second = match candidate.filter(|candidate| candidate.digest() != stable.digest()) {
        Some(candidate) => Second::Candidate(candidate, config.share()?),
        None => Second::None,
    };
    Ok(Arms { stable, second })
}

/// The component that is called `name`: by its digest, if there is an archive, or by its file.
fn loaded(
    name: &Path,
    config: &Config,
    machine: &Machine,
    known: &[&Arc<Transformer>],
) -> Result<Arc<Transformer>, String> {
    let digest = name.to_str().filter(|name| is_digest(name));
    if let Some(known) = known.iter().find(|known| Some(known.digest()) == digest) {
        return Ok(Arc::clone(known));
    }
    let file = match (digest, &config.folder) {
        (Some(digest), Some(folder)) => Archive::new(folder).open(digest)?,
        _ => ComponentFile::open(Some(name))?,
    };
    ready(&file, machine, known)
}

fn ready(
    file: &ComponentFile,
    machine: &Machine,
    known: &[&Arc<Transformer>],
) -> Result<Arc<Transformer>, String> {
    if let Some(known) = known.iter().find(|known| known.digest() == file.digest()) {
        return Ok(Arc::clone(known));
    }
    let loaded = machine.load(file).map_err(|error| format!("{}: {error:#}", file.digest()))?;
    Ok(Arc::new(loaded))
}

fn named<'a>(arms: &'a Arms<Arc<Transformer>>, digest: &str) -> Option<&'a Arc<Transformer>> {
    all(arms).into_iter().find(|one| one.digest().starts_with(digest))
}

fn all(arms: &Arms<Arc<Transformer>>) -> Vec<&Arc<Transformer>> {
    [Some(&arms.stable), arms.other()].into_iter().flatten().collect()
}

fn state(arms: &Arms<Arc<Transformer>>) -> State {
    State::of(arms, |one| one.digest())
}
