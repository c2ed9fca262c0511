//! The last minutes, for people who look.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long a slice of time is.
pub const SLICE: Duration = Duration::from_secs(5);

/// How many are kept: ten minutes.
pub const SLICES: usize = 120;

/// Problems that are kept apart in one slice. There are about thirty kinds.
const KINDS: usize = 64;

/// What happened, slice by slice.
#[derive(Debug)]
pub struct History {
    began: Instant,
    slices: Mutex<VecDeque<Slice>>,
}

/// What happened in one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Slice {
    /// Its place since the start.
    pub number: u64,
    /// Answers.
    pub requests: u64,
    /// Those that were problems, by kind.
    pub problems: BTreeMap<&'static str, u64>,
    /// Pictures that were made.
    pub made: u64,
    /// The same by the short digest of the component.
    pub components: BTreeMap<String, Arm>,
    /// Time of all of each step.
    pub steps: BTreeMap<String, Duration>,
    /// Highest number of requests that waited for a core.
    pub waiting: usize,
    /// Highest number of bytes of the process.
    pub resident: u64,
}

/// What one component did in a slice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Arm {
    /// Answers.
    pub requests: u64,
    /// Those with a status of 500 or more.
    pub failures: u64,
    /// Pictures that were made.
    pub made: u64,
    /// Time of their transforms.
    pub transform: Duration,
    /// Bytes of them.
    pub bytes: u64,
}

impl Arm {
    /// Adds what another slice has.
    pub fn add(&mut self, other: &Self) {
        self.requests += other.requests;
        self.failures += other.failures;
        self.made += other.made;
        self.transform += other.transform;
        self.bytes += other.bytes;
    }
}

impl Default for History {
    fn default() -> Self {
        Self { began: Instant::now(), slices: Mutex::default() }
    }
}

impl History {
    /// Adds to the slice of now.
    pub fn add(&self, change: impl FnOnce(&mut Slice)) {
        let number = self.now();
        let mut slices = self.slices.lock().unwrap_or_else(PoisonError::into_inner);
        if slices.back().is_none_or(|last| last.number < number) {
            slices.push_back(Slice { number, ..Slice::default() });
            while slices.front().is_some_and(|first| is_past(first, number)) {
                slices.pop_front();
            }
        }
        if let Some(slice) = slices.back_mut() {
            change(slice);
            while slice.problems.len() > KINDS {
                slice.problems.pop_last();
            }
            while slice.components.len() > KINDS {
                slice.components.pop_last();
            }
        }
    }

    /// The last slices, oldest first, the empty ones too.
    pub fn slices(&self) -> Vec<Slice> {
        let now = self.now();
        let slices = self.slices.lock().unwrap_or_else(PoisonError::into_inner);
        let first = now.saturating_sub(SLICES as u64 - 1);
        let kept = |number| slices.iter().find(|slice| slice.number == number).cloned();
        let at = |number| kept(number).unwrap_or(Slice { number, ..Slice::default() });
        (first..=now).map(at).collect()
    }

    fn now(&self) -> u64 {
        self.began.elapsed().as_secs() / SLICE.as_secs()
    }
}

fn is_past(slice: &Slice, now: u64) -> bool {
    slice.number + (SLICES as u64) <= now
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_added_is_there_and_the_past_goes() {
        let Some(began) = Instant::now().checked_sub(SLICE * 200) else { return };
        let history = History { began, ..History::default() };
        history.slices.lock().unwrap().extend([
            Slice { number: 3, requests: 7, ..Slice::default() },
            Slice { number: 150, requests: 5, ..Slice::default() },
        ]);
        history.add(|slice| slice.requests += 1);
        history.add(|slice| slice.requests += 1);
        let slices = history.slices();
        assert_eq!(slices.len(), SLICES);
        let total: u64 = slices.iter().map(|slice| slice.requests).sum();
        assert_eq!((total, slices[SLICES - 1].requests), (7, 2));
        assert_eq!(history.slices.lock().unwrap().len(), 2);
    }
}
