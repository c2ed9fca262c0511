//! How work is told that nobody waits for it any more.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What work looks at: once it is set, the work ends at its next look.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

/// The other end. Work stops when this is dropped, which happens to all that a request holds when
/// its client leaves.
#[derive(Debug)]
pub struct StopOnDrop(Stop);

impl Stop {
    /// Whether the work should end.
    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Lets the work end.
    pub fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Both ends.
    pub fn pair() -> (StopOnDrop, Self) {
        let stop = Self::default();
        (StopOnDrop(stop.clone()), stop)
    }
}

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.set();
    }
}
