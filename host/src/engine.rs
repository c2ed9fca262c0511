//! The wasmtime engine: how code is compiled, where instances live, and what stops a runaway.

use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use wasmtime::{
    Config, Engine, InstanceAllocationStrategy, OptLevel, PoolingAllocationConfig, Result,
};

/// The most linear memory that an instance can have: what the artefact itself declares.
pub const MEMORY_MAX: usize = 256 << 20;

/// How often the epoch rises, and so how exact a deadline is.
pub const TICK: Duration = Duration::from_millis(10);

/// Core modules in one component: the pixels, and the two small ones that wire up its import.
const CORE_INSTANCES: u32 = 4;

/// How the engine is set up.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Instances that can exist at once.
    pub slots: u32,
    /// Whether compiled code looks at the epoch, so that a deadline can stop it. Without, it is
    /// about a tenth faster, and only the end of the process stops a runaway.
    pub interruption: bool,
}

impl Settings {
    /// Room for `slots` transforms at once, each with a deadline.
    pub fn with_slots(slots: u32) -> Self {
        Self { slots, interruption: true }
    }
}

/// Builds the engine. `slots` is not part of the compiled code: the server and the command line
/// share one precompiled component.
///
/// # Errors
/// If the address space for the slots cannot be reserved (4 GiB each, for guard pages in place of
/// bounds checks), or the machine is not supported.
pub fn engine(settings: Settings) -> Result<Engine> {
    let slots = settings.slots;
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(slots)
        .total_core_instances(slots.saturating_mul(CORE_INSTANCES))
        .total_memories(slots)
        .total_tables(slots.saturating_mul(CORE_INSTANCES))
        .max_memory_size(MEMORY_MAX);

    let mut config = Config::new();
    config
        .allocation_strategy(InstanceAllocationStrategy::Pooling(pool))
        .memory_init_cow(true)
        .cranelift_opt_level(OptLevel::Speed)
        .epoch_interruption(settings.interruption)
        // Both would cost the identity with V8 or time: relaxed operations may differ between
        // machines, and canonical NaNs are not needed by kernels that never make one.
        .wasm_relaxed_simd(false)
        .cranelift_nan_canonicalization(false);
    Engine::new(&config)
}

/// The thread that raises an engine's epoch. It stops when this is dropped.
#[derive(Debug)]
pub struct Ticker {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Ticker {
    /// Starts to raise the epoch of `engine` every [`TICK`].
    ///
    /// # Errors
    /// If the system gives no thread.
    pub fn start(engine: Engine) -> std::io::Result<Self> {
        let (stop, stopped) = mpsc::channel();
        let thread = thread::Builder::new().name("epoch".to_owned()).spawn(move || {
            while stopped.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
                engine.increment_epoch();
            }
        })?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }

    /// The number of ticks after which at least `duration` has passed.
    pub fn ticks(duration: Duration) -> u64 {
        let whole = duration.as_micros().div_ceil(TICK.as_micros());
        // One more: the first tick may come at once.
        u64::try_from(whole).unwrap_or(u64::MAX).saturating_add(1)
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // It cannot panic, and if it did there would be nothing left to do.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_is_never_shorter_than_asked() {
        for (duration, ticks) in [(0, 1), (1, 2), (10, 2), (11, 3), (5_000, 501)] {
            assert_eq!(Ticker::ticks(Duration::from_millis(duration)), ticks);
        }
    }

    #[test]
    fn a_ticker_stops_when_dropped() {
        let engine = engine(Settings::with_slots(1)).unwrap();
        let weak = engine.weak();
        drop(Ticker::start(engine).unwrap());
        assert!(weak.upgrade().is_none(), "the thread has let the engine go");
    }
}
