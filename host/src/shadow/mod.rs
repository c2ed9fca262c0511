//! Shadow runs: for a share of the pictures that are made, once the answer is sent, the other component
//! makes the same again, and the two are compared.
//!
//! No answer waits for one or fails by one. A picture is handed over by what holds its bytes, when the last
//! of its clients has them; the queue has an end, and what does not fit in is counted and let go; there is
//! one thread, which all others go before, with a share of a core and a memory of its own.

mod cases;
mod config;
mod job;
mod ledger;
mod likeness;
mod queue;
mod run;
mod summary;
mod tally;

use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use tracing::{error, warn};

pub use cases::{Case, Cases};
pub use config::Config;
pub use job::{Job, Pair};
pub use ledger::Ledger;
pub use likeness::{Likeness, Pixels};
use queue::Queue;
pub use run::{Arm, Effort, Outcome, Run};
pub use summary::{COLUMNS, Summary};
pub use tally::Tally;

use crate::files::own_folder;
use crate::observe::Shadows;
use crate::serve::{Part, Purse};
use crate::source::Files;
use crate::stop::Stop;
use crate::thread::{cpu_time, stand_back};
use crate::transform::{Limits, Rendered};

/// Takes pictures in, and ends its thread when it is dropped.
pub struct Shadow {
    sample: f64,
    inner: Arc<Inner>,
    stop: Stop,
}

struct Inner {
    /// Each with the memory of its files.
    queue: Queue<(Job, [Part; 2])>,
    purse: Purse,
    metrics: Shadows,
    tally: Mutex<Tally>,
}

/// A picture that is to be made again, while it is made the first time.
pub struct Sampled {
    inner: Arc<Inner>,
    pair: Pair,
    part: Part,
}

/// The same once it is made: all but its bytes, which are still on their way.
pub struct Pending {
    sampled: Sampled,
    files: Files,
    plan: String,
    sent: Effort,
    part: Part,
}

impl Shadow {
    /// Starts the thread, which gives each transform what `limits` say; `None` if it would have nothing to
    /// do.
    ///
    /// # Errors
    /// If its folder cannot be used, or the system gives no thread.
    pub fn start(
        config: &Config,
        limits: &Limits,
        metrics: &Shadows,
    ) -> Result<Option<Self>, String> {
        let Some(folder) = config.folder.as_deref().filter(|_| config.sample > 0.0) else {
            return Ok(None);
        };
        own_folder(folder)?;
        let named = |error: io::Error| format!("{}: {error}", folder.display());
        let cases = Cases::open(folder, config.keep)?;
        let inner = Arc::new(Inner {
            queue: Queue::new(config.queue),
            purse: Purse::new(config.memory.0),
            metrics: metrics.clone(),
            tally: Mutex::default(),
        });
        let stop = Stop::default();
        let mut worker = Worker {
            inner: Arc::clone(&inner),
            cases,
            ledger: Ledger::open(folder).map_err(named)?,
            least: config.score,
            limits: Limits { deadline: config.deadline.0, ..*limits },
            idle: 1.0 / config.cpu - 1.0,
            stop: stop.clone(),
        };
        let builder = thread::Builder::new().name("shadow".to_owned());
        builder.spawn(move || worker.work()).map_err(named)?;
        Ok(Some(Self { sample: config.sample, inner, stop }))
    }

    /// Chooses whether a picture of `files` is made again. It keeps them in memory, if there is some.
    pub fn sample(&self, pair: impl FnOnce() -> Option<Pair>, files: &Files) -> Option<Sampled> {
        if self.stop.is_set() || fastrand::f64() >= self.sample {
            return None;
        }
        let pair = pair()?;
        let inner = Arc::clone(&self.inner);
        let part = inner.take(files.size())?;
        Some(Sampled { inner, pair, part })
    }

    /// What came of all runs.
    pub fn tally(&self) -> Tally {
        let tally = self.inner.tally.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Tally { waiting: self.inner.queue.len(), ..tally }
    }

    /// Takes no more in, and ends what runs.
    pub fn stop(&self) {
        self.stop.set();
        self.inner.queue.close();
    }
}

impl Drop for Shadow {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Inner {
    /// Memory for a file, if there is some.
    fn take(&self, bytes: usize) -> Option<Part> {
        let part = self.purse.take_now(u64::try_from(bytes).unwrap_or(u64::MAX));
        if part.is_none() {
            self.drop_for("memory");
        }
        part
    }

    fn drop_for(&self, reason: &'static str) {
        self.metrics.dropped(reason);
        self.tally.lock().unwrap_or_else(PoisonError::into_inner).dropped += 1;
    }
}

impl Sampled {
    /// The picture is made.
    pub fn made(self, files: Files, plan: String, rendered: &Rendered) -> Option<Pending> {
        let part = self.inner.take(rendered.bytes.len())?;
        Some(Pending { files, plan, sent: Effort::of(rendered), part, sampled: self })
    }
}

impl Pending {
    /// The picture is sent: now there is time.
    pub fn begin(self, picture: Vec<u8>) {
        let Self { sampled: Sampled { inner, pair, part }, files, plan, sent, .. } = self;
        let job = Job { pair, files, plan, picture, sent };
        if inner.queue.push((job, [part, self.part])).is_err() {
            inner.drop_for("queue");
        }
    }
}

/// What the thread has.
struct Worker {
    inner: Arc<Inner>,
    cases: Cases,
    ledger: Ledger,
    limits: Limits,
    /// The least score that is good enough.
    least: f64,
    /// Time that it waits for each that it works.
    idle: f64,
    stop: Stop,
}

impl Worker {
    fn work(&mut self) {
        stand_back();
        let inner = Arc::clone(&self.inner);
        while let Some((job, parts)) = inner.queue.next() {
            let began = cpu_time();
            // What panics is lost, and not all that would come after it.
            let done = panic::catch_unwind(AssertUnwindSafe(|| self.run(job)));
            if done.is_err() {
                error!("a shadow run was aborted");
                inner.drop_for("defect");
            }
            drop(parts);
            let worked = cpu_time().saturating_sub(began).as_secs_f64();
            inner.queue.pause(Duration::try_from_secs_f64(worked * self.idle).unwrap_or_default());
        }
    }

    fn run(&mut self, job: Job) {
        let Some((run, case)) = job.run(&self.limits, &self.stop) else { return };
        self.inner.metrics.ran(&run);
        self.inner.tally.lock().unwrap_or_else(PoisonError::into_inner).add(&run, self.least);
        let kept = self.ledger.add(&run).and_then(|()| self.cases.offer(&run, &case));
        if let Err(error) = kept {
            warn!(%error, "a shadow run could not be kept");
        }
    }
}
