//! What becomes of a damaged source, and what was found in it.

use std::cell::Cell;

use selvedge_plan::options::damaged::Damaged;

use crate::failure::Failure;

/// Most warnings of one transform. There are few kinds of damage, and each is told once.
const WARNINGS: usize = 8;

/// What becomes of damage, and what was found so far. Shared by all parts of a decoder.
#[derive(Default)]
pub struct Damage {
    damaged: Damaged,
    found: Cell<Vec<String>>,
}

impl Damage {
    /// Nothing found yet.
    pub fn new(damaged: Damaged) -> Self {
        Self { damaged, found: Cell::default() }
    }

    /// Whether what can be read of a damaged picture is kept.
    pub fn is_kept(&self) -> bool {
        self.damaged == Damaged::Keep
    }

    /// Turns the failure of a part into a warning if the plan keeps damaged pictures.
    ///
    /// # Errors
    /// The failure itself if not, or if it is not about damage.
    pub fn forgive(&self, failure: Failure) -> Result<(), Failure> {
        match failure {
            Failure::Malformed(why) | Failure::Truncated(why) if self.is_kept() => {
                self.note(why);
                Ok(())
            }
            failure => Err(failure),
        }
    }

    /// The warnings so far.
    pub fn warnings(&self) -> Vec<String> {
        let found = self.found.take();
        self.found.set(found.clone());
        found
    }

    /// Adds a warning, unless it is there already.
    pub fn note(&self, why: String) {
        let mut found = self.found.take();
        if found.len() < WARNINGS && !found.contains(&why) {
            found.push(why);
        }
        self.found.set(found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_damage_is_forgiven_and_only_if_asked_for() {
        let (keep, refuse) = (Damage::new(Damaged::Keep), Damage::default());
        for failure in [Failure::malformed("a"), Failure::truncated("b"), Failure::malformed("a")] {
            assert_eq!(refuse.forgive(failure.clone()), Err(failure.clone()));
            assert_eq!(keep.forgive(failure), Ok(()));
        }
        let other = Failure::too_large("scans", 1, 2);
        assert_eq!(keep.forgive(other.clone()), Err(other));
        assert_eq!(keep.warnings(), ["a", "the file ends in its b"], "each kind once");
        assert!(refuse.warnings().is_empty());
    }

    #[test]
    fn warnings_do_not_pile_up() {
        let keep = Damage::new(Damaged::Keep);
        assert!((0..1_000).all(|i| keep.forgive(Failure::malformed(i)).is_ok()));
        assert_eq!(keep.warnings().len(), WARNINGS);
    }
}
