//! One call of the component: an instance of its own, with its walls.

use std::time::Duration;

use selvedge_plan::limits;
use wasmtime::{Store, StoreLimits, StoreLimitsBuilder, Trap, UpdateDeadline};

use super::Transformer;
use crate::bindings::{Budget, Colours, Decoded, Planes, Rendition, Source, Trace};
use crate::engine::{MEMORY_MAX, Ticker};
use crate::failure::TransformError;
use crate::steps::{Step, Stopwatch};
use crate::stop::Stop;

/// Memory above the budget, or above what is given if that alone is more, before the engine itself
/// says no: the budget is the component's to keep, so that the failure is a typed one.
const MEMORY_SLACK: u64 = 8 << 20;

/// Bytes that the component may hand to the host in one call: the largest raw picture, and change.
const HOSTCALL_BYTES: usize = 224 << 20;

/// What one transform may use.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of linear memory.
    pub memory: u64,
    /// Work units.
    pub work: u64,
    /// Time on the clock. An engine without interruption does not look at it.
    pub deadline: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory: limits::MEMORY_ORIGIN,
            work: limits::WORK_ORIGIN,
            deadline: Duration::from_secs(5),
        }
    }
}

/// What the component can reach, a stopwatch, which tells it nothing; and what ends it.
pub(super) struct State {
    pub steps: Stopwatch,
    limits: StoreLimits,
    ticks_left: u64,
    pub stop: Stop,
}

impl Trace for State {
    fn step(&mut self, name: String) {
        self.steps.begin(&name);
    }
}

impl Transformer {
    /// One call of the component.
    pub(super) fn call(
        &self,
        source: &Source,
        overlays: &[Vec<u8>],
        options: &str,
        limits: &Limits,
        stop: &Stop,
    ) -> Result<(Rendition, Vec<Step>), TransformError> {
        let budget = Budget { memory: limits.memory, work: limits.work };
        let given = overlays.iter().fold(size(source), |sum, file| sum.saturating_add(file.len()));
        let mut store = self.store(limits, given);
        store.data_mut().stop = stop.clone();
        let trap = |error| match trap(error, limits) {
            TransformError::Deadline(_) if stop.is_set() => TransformError::Stopped,
            error => error,
        };
        let image = self.pre.instantiate(&mut store).map_err(trap)?;
        let rendition = image
            .selvedge_image_transformer()
            .call_transform(&mut store, source, overlays, options, budget)
            .map_err(trap)?
            .map_err(TransformError::Refused)?;
        Ok((rendition, store.into_data().steps.finish()))
    }

    /// For a call that is given so many bytes.
    pub(super) fn store(&self, limits: &Limits, given: usize) -> Store<State> {
        let given = u64::try_from(given).unwrap_or(u64::MAX);
        let memory = limits.memory.max(given).saturating_add(MEMORY_SLACK);
        let memory = usize::try_from(memory).map_or(MEMORY_MAX, |bytes| bytes.min(MEMORY_MAX));
        let state = State {
            steps: Stopwatch::default(),
            limits: StoreLimitsBuilder::new().memory_size(memory).build(),
            ticks_left: Ticker::ticks(limits.deadline),
            stop: Stop::default(),
        };
        let mut store = Store::new(&self.machine.engine, state);
        store.limiter(|state| &mut state.limits);
        store.set_hostcall_fuel(HOSTCALL_BYTES);
        // Every tick there is a look at who still waits, and at the time.
        store.set_epoch_deadline(1);
        store.epoch_deadline_callback(|mut store| {
            let state = store.data_mut();
            state.ticks_left = state.ticks_left.saturating_sub(1);
            let over = state.ticks_left == 0 || state.stop.is_set();
            Ok(if over { UpdateDeadline::Interrupt } else { UpdateDeadline::Continue(1) })
        });
        store
    }
}

/// Bytes that are given with a source.
fn size(source: &Source) -> usize {
    match source {
        Source::Encoded(file) => file.len(),
        Source::Pixels(Decoded { raster, colours }) => raster.samples.len() + tagged(colours),
        Source::Planes(Planes { luma, blue, red, colours, .. }) => {
            luma.len() + blue.len() + red.len() + tagged(colours)
        }
    }
}

fn tagged(colours: &Colours) -> usize {
    if let Colours::Profile(file) = colours { file.len() } else { 0 }
}

/// Why a call ended without an answer.
pub(super) fn trap(error: wasmtime::Error, limits: &Limits) -> TransformError {
    match error.downcast_ref::<Trap>() {
        Some(Trap::Interrupt) => TransformError::Deadline(limits.deadline),
        _ => TransformError::Trap(error),
    }
}
