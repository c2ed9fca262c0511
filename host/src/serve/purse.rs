//! Memory that all requests share, counted before it is used.

use std::sync::Arc;
use std::time::Duration;

use selvedge_plan::{Code, Problem};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time;

/// Bytes of a unit: the semaphore counts in 32 bits.
const UNIT: u64 = 1 << 10;

/// A number of bytes of which parts are taken and given back.
#[derive(Clone, Debug)]
pub struct Purse {
    free: Arc<Semaphore>,
    units: u32,
}

/// A part of a purse. Dropping it gives it back.
#[derive(Debug)]
pub struct Part(OwnedSemaphorePermit);

impl Purse {
    /// A purse of so many bytes.
    pub fn new(bytes: u64) -> Self {
        let units = units(bytes);
        Self { free: Arc::new(Semaphore::new(units as usize)), units }
    }

    /// Takes so many bytes, waiting for at most `patience` until others have given enough back. Who
    /// came first is served first, so that small wishes do not keep a large one waiting for ever.
    ///
    /// # Errors
    /// [`Code::OverBudget`] if it never had so many; [`Code::Busy`].
    pub async fn take(&self, bytes: u64, patience: Duration) -> Result<Part, Problem> {
        let wanted = units(bytes);
        if wanted > self.units {
            let limit = u64::from(self.units).saturating_mul(UNIT);
            return Err(Problem::excess(Code::OverBudget, "memory of the server", limit, bytes));
        }
        let taken = Arc::clone(&self.free).acquire_many_owned(wanted);
        match time::timeout(patience, taken).await {
            Ok(Ok(permit)) => Ok(Part(permit)),
            Ok(Err(_)) | Err(_) => Err(Problem::new(Code::Busy, "memory was not free in time")),
        }
    }

    /// Takes so many bytes if they are there.
    pub fn take_now(&self, bytes: u64) -> Option<Part> {
        let wanted = units(bytes);
        Arc::clone(&self.free).try_acquire_many_owned(wanted).ok().map(Part)
    }

    /// Bytes that are taken.
    pub fn taken(&self) -> u64 {
        let free = u64::try_from(self.free.available_permits()).unwrap_or(u64::MAX);
        u64::from(self.units).saturating_sub(free).saturating_mul(UNIT)
    }
}

impl Part {
    /// Gives back all but so many bytes.
    pub fn shrink_to(&mut self, bytes: u64) {
        let keep = units(bytes) as usize;
        let surplus = self.0.num_permits().saturating_sub(keep);
        drop(self.0.split(surplus));
    }
}

fn units(bytes: u64) -> u32 {
    u32::try_from(bytes.div_ceil(UNIT)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Duration = Duration::ZERO;

    #[tokio::test]
    async fn what_is_taken_is_missing_until_it_is_given_back() {
        let purse = Purse::new(10 << 10);
        let mut part = purse.take(8 << 10, NOW).await.unwrap();
        assert_eq!(purse.taken(), 8 << 10);
        assert_eq!(purse.take(3 << 10, NOW).await.unwrap_err().code, Code::Busy);
        part.shrink_to(7_000);
        assert_eq!(purse.taken(), 7 << 10);
        assert!(purse.take_now(3 << 10).is_some(), "and given back at once");
        let other = purse.take(3 << 10, NOW).await.unwrap();
        assert!(purse.take_now(1).is_none());
        part.shrink_to(20 << 10);
        drop((part, other));
        assert_eq!(purse.taken(), 0);
    }

    #[tokio::test]
    async fn what_never_fits_is_said_at_once() {
        let purse = Purse::new(10 << 10);
        let refused = purse.take((10 << 10) + 1, Duration::from_secs(3_600)).await;
        assert_eq!(refused.unwrap_err().code, Code::OverBudget);
    }
}
