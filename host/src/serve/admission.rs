//! Who may come in, who may fetch, who may compute, and with how much memory. Fetches and transforms
//! are counted apart, so that a slow origin takes no core and a busy core does not hold up the answer
//! that there is no room.

use std::sync::Arc;
use std::time::{Duration, Instant};

use selvedge_plan::{Code, Problem};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::{task, time};

use super::purse::Purse;
use crate::config;
use crate::observe::metrics::Standing;
use crate::stop::Stop;

/// The counts.
#[derive(Clone, Debug)]
pub struct Admission {
    fetches: Arc<Semaphore>,
    /// Those that compute, and those that wait for a core.
    places: Arc<Semaphore>,
    cores: Arc<Semaphore>,
    fetch_count: usize,
    place_count: usize,
    core_count: usize,
    patience: Duration,
    /// Files as they came and as they go out.
    pub files: Purse,
    /// What transforms are expected to need.
    pub memory: Purse,
}

/// A core. Dropping it gives it to the next one.
#[derive(Debug)]
pub struct Core {
    _core: OwnedSemaphorePermit,
    _place: OwnedSemaphorePermit,
    /// How long the request has waited for it.
    pub waited: Duration,
}

impl Admission {
    /// Room for as much as the settings say.
    pub fn new(settings: &config::Admission) -> Self {
        let cores = settings.slots();
        let places = cores.saturating_add(cores.saturating_mul(settings.queue));
        let count = |count| Arc::new(Semaphore::new(count));
        Self {
            fetches: count(settings.fetches),
            places: count(places),
            cores: count(cores),
            fetch_count: settings.fetches,
            place_count: places,
            core_count: cores,
            patience: settings.queue_timeout.0,
            files: Purse::new(settings.file_memory.0),
            memory: Purse::new(settings.transform_memory.0),
        }
    }

    /// Leave to fetch, which lasts until it is dropped. Who would not get a core afterwards is told
    /// before anything is fetched.
    ///
    /// # Errors
    /// [`Code::Busy`], at once.
    pub fn fetch(&self) -> Result<OwnedSemaphorePermit, Problem> {
        if self.places.available_permits() == 0 {
            return Err(busy("the queue is full"));
        }
        let fetch = Arc::clone(&self.fetches).try_acquire_owned();
        fetch.map_err(|_| busy("too many sources are being fetched"))
    }

    /// How long anything is waited for.
    pub fn patience(&self) -> Duration {
        self.patience
    }

    /// Waits for a core.
    ///
    /// # Errors
    /// [`Code::Busy`]: at once if too many wait already, or when it took too long.
    pub async fn core(&self) -> Result<Core, Problem> {
        let place = Arc::clone(&self.places).try_acquire_owned();
        let place = place.map_err(|_| busy("the queue is full"))?;
        let began = Instant::now();
        let core = time::timeout(self.patience, Arc::clone(&self.cores).acquire_owned()).await;
        match core {
            Ok(Ok(core)) => Ok(Core { _core: core, _place: place, waited: began.elapsed() }),
            Ok(Err(_)) | Err(_) => Err(busy("the queue did not move in time")),
        }
    }

    /// How things stand.
    pub fn standing(&self) -> Standing {
        let running = self.core_count.saturating_sub(self.cores.available_permits());
        let inside = self.place_count.saturating_sub(self.places.available_permits());
        Standing {
            waiting: inside.saturating_sub(running),
            running,
            cores: self.core_count,
            fetching: self.fetch_count.saturating_sub(self.fetches.available_permits()),
            file_memory: self.files.taken(),
            transform_memory: self.memory.taken(),
            ..Standing::default()
        }
    }
}

impl Core {
    /// Runs `work` on a thread of its own. The core, and what else `work` holds, stay taken until it
    /// has ended, even if nobody waits for it any more; then it finds its [`Stop`] set.
    ///
    /// # Errors
    /// [`Code::Internal`] if the work panicked.
    pub async fn run<T: Send + 'static>(
        self,
        work: impl FnOnce(&Stop) -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let (_guard, stop) = Stop::pair();
        let job = move || {
            let done = work(&stop);
            drop(self);
            done
        };
        let lost = |_| Problem::new(Code::Internal, "the work was aborted");
        task::spawn_blocking(job).await.map_err(lost)
    }
}

fn busy(detail: &str) -> Problem {
    Problem::new(Code::Busy, detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::units::Time;

    fn admission(fetches: usize, queue: usize) -> Admission {
        let queue_timeout = Time::seconds(3_600);
        let settings = config::Admission::default();
        Admission::new(&config::Admission { cores: 1, fetches, queue, queue_timeout, ..settings })
    }

    fn is_busy<T>(result: Result<T, Problem>) -> bool {
        result.is_err_and(|problem| problem.code == Code::Busy)
    }

    #[tokio::test]
    async fn who_does_not_fit_in_is_told_at_once() {
        let admission = admission(2, 1);
        let fetches = [admission.fetch().unwrap(), admission.fetch().unwrap()];
        assert!(is_busy(admission.fetch()));
        drop(fetches);
        let core = admission.core().await.unwrap();
        let (other, queued) = (admission.clone(), admission.clone());
        let queued = tokio::spawn(async move { queued.core().await.map(drop) });
        while other.places.available_permits() > 0 {
            task::yield_now().await;
        }
        assert_eq!(admission.standing().waiting, 1);
        assert!(is_busy(admission.core().await), "one runs and one waits");
        assert!(is_busy(admission.fetch()), "there is nothing to fetch for");
        drop(core);
        assert_eq!(queued.await.unwrap(), Ok(()));
        assert_eq!((admission.standing().waiting, admission.fetch().is_ok()), (0, true));
    }

    #[tokio::test]
    async fn a_queue_that_does_not_move_is_left() {
        let settings =
            config::Admission { cores: 1, queue_timeout: Time::millis(1), ..Default::default() };
        let admission = Admission::new(&settings);
        let _core = admission.core().await.unwrap();
        assert!(is_busy(admission.core().await));
    }

    #[tokio::test]
    async fn a_panic_frees_its_core() {
        let admission = admission(1, 1);
        let core = admission.core().await.unwrap();
        let lost = core.run(|_| panic!("on purpose")).await;
        assert_eq!(lost.map(|()| 0).unwrap_err().code, Code::Internal);
        let core = admission.core().await.unwrap();
        assert_eq!(core.run(|_| 7).await, Ok(7));
        assert_eq!(admission.places.available_permits(), 2);
    }

    #[tokio::test]
    async fn work_that_nobody_waits_for_is_told_and_keeps_its_core_until_it_ends() {
        let admission = admission(1, 1);
        let (tell, told) = std::sync::mpsc::channel();
        let (go, wait) = std::sync::mpsc::channel::<()>();
        let core = admission.core().await.unwrap();
        let abandoned = tokio::spawn(core.run(move |stop| {
            while !stop.is_set() {
                std::thread::yield_now();
            }
            tell.send(()).unwrap();
            let _ = wait.recv();
        }));
        abandoned.abort();
        // It may not even have begun before it was aborted: then its core is free at once.
        let aborted = abandoned.await;
        assert!(aborted.is_err());
        if told.recv().is_ok() {
            assert_eq!(admission.cores.available_permits(), 0);
        }
        drop(go);
        let core = admission.core().await.unwrap();
        assert_eq!(core.run(|_| 7).await, Ok(7));
    }
}
