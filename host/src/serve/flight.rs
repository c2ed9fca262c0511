//! One flight for all that want the same: what several requests ask for at once is made once.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared, WeakShared};

/// What a request waits for. Whoever waits drives it on; when all have left, it is dropped, and
/// with it the work.
pub type Flight<T> = Shared<BoxFuture<'static, T>>;

/// The flights that are in the air, by what they bring.
#[derive(Debug)]
pub struct Flights<T: Clone>(Arc<Air<T>>);

/// By key, each with a number of its own.
type Table<T> = HashMap<String, (u64, WeakShared<BoxFuture<'static, T>>)>;

#[derive(Debug)]
struct Air<T: Clone> {
    flights: Mutex<Table<T>>,
    count: AtomicU64,
}

/// Takes a flight off the table when it has ended, however that was.
struct Landing<T: Clone> {
    air: Arc<Air<T>>,
    key: String,
    number: u64,
}

impl<T: Clone + Send + Sync + 'static> Flights<T> {
    /// The flight that brings what `key` stands for: one in the air, or a new one that does `work`.
    pub fn join<W: Future<Output = T> + Send + 'static>(
        &self,
        key: &str,
        work: impl FnOnce() -> W,
    ) -> Flight<T> {
        let mut flights = self.0.flights();
        if let Some(flight) = flights.get(key).and_then(|(_, flight)| flight.upgrade()) {
            return flight;
        }
        let number = self.0.count.fetch_add(1, Ordering::Relaxed);
        let landing = Landing { air: Arc::clone(&self.0), key: key.to_owned(), number };
        let work = work();
        let flight = async move {
            let _landing = landing;
            work.await
        };
        let flight = flight.boxed().shared();
        if let Some(weak) = flight.downgrade() {
            flights.insert(key.to_owned(), (number, weak));
        }
        flight
    }
}

impl<T: Clone> Default for Flights<T> {
    fn default() -> Self {
        Self(Arc::new(Air { flights: Mutex::default(), count: AtomicU64::new(0) }))
    }
}

impl<T: Clone> Air<T> {
    fn flights(&self) -> MutexGuard<'_, Table<T>> {
        self.flights.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: Clone> Drop for Landing<T> {
    fn drop(&mut self) {
        let mut flights = self.air.flights();
        // All may have left while another took off for the same.
        if flights.get(&self.key).is_some_and(|(number, _)| *number == self.number) {
            flights.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test]
    async fn many_share_one_and_the_next_takes_off_anew() {
        let flights = Flights::default();
        let (land, landed) = oneshot::channel();
        let first = flights.join("a", || async { landed.await.unwrap() });
        let others: Vec<_> =
            (0..1_000).map(|_| flights.join("a", || async { panic!("a second one") })).collect();
        let elsewhere = flights.join("b", || async { 5 });
        assert_eq!(elsewhere.await, 5);
        // Who leaves leaves it to the others.
        drop(first);
        land.send(7).unwrap();
        for other in others {
            assert_eq!(other.await, 7);
        }
        assert_eq!(flights.join("a", || async { 8 }).await, 8);
        assert!(flights.0.flights().is_empty());
    }

    #[tokio::test]
    async fn without_passengers_it_ends() {
        let flights: Flights<()> = Flights::default();
        let (held, mut dropped) = oneshot::channel::<()>();
        let work = || async move {
            let _held = held;
            std::future::pending().await
        };
        let (first, second) = (flights.join("a", work), flights.join("a", || async {}));
        drop(first);
        assert!(dropped.try_recv().is_err_and(|why| why == oneshot::error::TryRecvError::Empty));
        drop(second);
        assert!(dropped.await.is_err(), "the work was dropped");
        assert!(flights.0.flights().is_empty());
    }
}
