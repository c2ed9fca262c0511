//! What was seen of each component, since the server began.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::times::Times;

/// Components that are told apart; a server has two, and what it had before.
const COMPONENTS: usize = 16;

/// What all components did.
#[derive(Debug, Default)]
pub struct Evidence(Mutex<BTreeMap<String, Arm>>);

/// What one component did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct Arm {
    /// Transforms that gave no picture: refusals, traps, and those that took too long.
    pub failed: u64,
    /// Time of a core of those that did.
    pub times: Times,
}

/// Pictures that both components made, and were compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct Pairs {
    /// All of them.
    pub compared: u64,
    /// Those where the candidate failed, or made another picture.
    pub bad: u64,
}

/// What is known of a rollout, as a server tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct Known {
    /// Of what makes most pictures.
    pub stable: Arm,
    /// Of what is tried.
    pub candidate: Arm,
    /// Of both, from shadow runs; none where there are no such runs.
    pub pairs: Option<Pairs>,
}

impl Evidence {
    /// A component, by its short digest, made a picture.
    pub fn made(&self, component: &str, took: Duration) {
        self.note(component, |arm| arm.times.add(took));
    }

    /// It gave none.
    pub fn failed(&self, component: &str) {
        self.note(component, |arm| arm.failed = arm.failed.saturating_add(1));
    }

    /// What it did.
    pub fn of(&self, component: &str) -> Arm {
        let arms = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        arms.get(component).cloned().unwrap_or_default()
    }

    fn note(&self, component: &str, change: impl FnOnce(&mut Arm)) {
        let mut arms = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !arms.contains_key(component) {
            // The one that did the least was gone the soonest.
            while arms.len() >= COMPONENTS {
                let least = arms.iter().min_by_key(|(_, arm)| arm.count());
                let Some(least) = least.map(|(component, _)| component.clone()) else { break };
                arms.remove(&least);
            }
        }
        change(arms.entry(component.to_owned()).or_default());
    }
}

impl Arm {
    /// Transforms.
    pub fn count(&self) -> u64 {
        self.failed.saturating_add(self.times.count())
    }

    /// What came since; `None` if it did not grow out of the `earlier` one, as after a restart.
    pub fn since(&self, earlier: &Self) -> Option<Self> {
        let failed = self.failed.checked_sub(earlier.failed)?;
        Some(Self { failed, times: self.times.since(&earlier.times)? })
    }
}

impl Pairs {
    /// What came since; all, if these are others.
    pub fn since(self, earlier: Self) -> Self {
        let compared = self.compared.checked_sub(earlier.compared);
        match compared.zip(self.bad.checked_sub(earlier.bad)) {
            Some((compared, bad)) => Self { compared, bad },
            None => self,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_component_has_its_own_and_the_busiest_stay() {
        let evidence = Evidence::default();
        for _ in 0..2 {
            evidence.made("a", Duration::from_millis(1));
        }
        evidence.failed("a");
        for number in 0..100 {
            evidence.failed(&number.to_string());
        }
        assert_eq!((evidence.of("a").failed, evidence.of("a").count()), (1, 3));
        assert_eq!((evidence.of("99").count(), evidence.of("0").count()), (1, 0));
        assert_eq!(evidence.0.lock().unwrap().len(), COMPONENTS);
    }

    #[test]
    fn a_restart_is_seen() {
        let evidence = Evidence::default();
        evidence.failed("a");
        let before = evidence.of("a");
        evidence.made("a", Duration::from_millis(1));
        let since = evidence.of("a").since(&before).unwrap();
        assert_eq!((since.failed, since.count()), (0, 1));
        assert_eq!(before.since(&evidence.of("a")), None);
        let (one, two) = (Pairs { compared: 9, bad: 1 }, Pairs { compared: 4, bad: 1 });
        assert_eq!(one.since(two), Pairs { compared: 5, bad: 0 });
        assert_eq!(two.since(one), two);
    }
}
