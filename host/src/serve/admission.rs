//! Who may come in, who may fetch, who may compute: three counts, so that a slow origin takes no
//! core and a busy core does not hold up the answer that there is no room.

use std::sync::Arc;
use std::time::{Duration, Instant};

use selvedge_plan::{Code, Problem};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::{task, time};

/// Requests inside the server, for each core. At 20 ms a transform that is about a second of work:
/// who comes later is better told to come back.
const PLACES_PER_CORE: usize = 64;

/// Fetches at once, for each core: they wait far more than they compute.
const FETCHES_PER_CORE: usize = 32;

/// How long a request that is inside waits for a fetch or for a core.
const WAIT: Duration = Duration::from_secs(5);

/// The three counts.
#[derive(Clone, Debug)]
pub struct Admission {
    places: Arc<Semaphore>,
    fetches: Arc<Semaphore>,
    cores: Arc<Semaphore>,
}

/// A request that was let in. Dropping it makes room.
#[derive(Debug)]
pub struct Place {
    place: OwnedSemaphorePermit,
    admission: Admission,
    waited: Duration,
}

impl Admission {
    /// Room for as much as `cores` can do.
    pub fn new(cores: usize) -> Self {
        let count = |each: usize| Arc::new(Semaphore::new(cores.saturating_mul(each)));
        Self { places: count(PLACES_PER_CORE), fetches: count(FETCHES_PER_CORE), cores: count(1) }
    }

    /// Lets a request in, or says at once that there is no room.
    ///
    /// # Errors
    /// [`Code::Busy`].
    pub fn enter(&self) -> Result<Place, Problem> {
        let place = Arc::clone(&self.places).try_acquire_owned();
        Ok(Place {
            place: place.map_err(|_| busy("no request more fits in"))?,
            admission: self.clone(),
            waited: Duration::ZERO,
        })
    }
}

impl Place {
    /// Waits for leave to fetch, which lasts until it is dropped.
    ///
    /// # Errors
    /// [`Code::Busy`].
    pub async fn fetch(&mut self) -> Result<OwnedSemaphorePermit, Problem> {
        let fetches = Arc::clone(&self.admission.fetches);
        self.wait(fetches).await
    }

    /// Waits for a core and runs `work` on it, which is told how long the request has waited for
    /// others. The core and the place stay taken until the work has
    /// ended, even if nobody waits for it any more.
    ///
    /// # Errors
    /// [`Code::Busy`]; [`Code::Internal`] if the work panicked.
    pub async fn compute<T: Send + 'static>(
        mut self,
        work: impl FnOnce(Duration) -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let core = self.wait(Arc::clone(&self.admission.cores)).await?;
        let (place, waited) = (self.place, self.waited);
        let job = move || {
            let done = work(waited);
            drop((core, place));
            done
        };
        let lost = |_| Problem::new(Code::Internal, "the work was aborted");
        task::spawn_blocking(job).await.map_err(lost)
    }

    async fn wait(&mut self, count: Arc<Semaphore>) -> Result<OwnedSemaphorePermit, Problem> {
        let began = Instant::now();
        let permit = time::timeout(WAIT, count.acquire_owned()).await;
        self.waited = self.waited.saturating_add(began.elapsed());
        match permit {
            Ok(Ok(permit)) => Ok(permit),
            Ok(Err(_)) | Err(_) => Err(busy("the queue did not move in time")),
        }
    }
}

fn busy(detail: &str) -> Problem {
    Problem::new(Code::Busy, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_does_not_fit_in_is_told_at_once() {
        let admission = Admission::new(1);
        let inside: Vec<Place> = (0..PLACES_PER_CORE).map(|_| admission.enter().unwrap()).collect();
        assert_eq!(admission.enter().unwrap_err().code, Code::Busy);
        drop(inside);
        assert!(admission.enter().is_ok());
    }

    #[tokio::test]
    async fn a_panic_frees_its_core() {
        let admission = Admission::new(1);
        let place = admission.enter().unwrap();
        let lost = place.compute(|_| panic!("on purpose")).await;
        assert_eq!(lost.map(|()| 0).unwrap_err().code, Code::Internal);
        let place = admission.enter().unwrap();
        assert_eq!(place.compute(|_| 7).await, Ok(7));
        assert_eq!(admission.places.available_permits(), PLACES_PER_CORE);
    }

    #[tokio::test]
    async fn work_that_nobody_waits_for_keeps_its_core() {
        let admission = Admission::new(1);
        let (go, wait) = std::sync::mpsc::channel::<()>();
        let place = admission.enter().unwrap();
        let abandoned = tokio::spawn(place.compute(move |_| wait.recv()));
        while admission.cores.available_permits() == 1 {
            task::yield_now().await;
        }
        abandoned.abort();
        let _ = abandoned.await;
        assert_eq!(admission.cores.available_permits(), 0);
        drop(go);
        let place = admission.enter().unwrap();
        assert_eq!(place.compute(|_| 7).await, Ok(7));
    }
}
