//! One transform: a fresh instance, a call, and what came of it.

mod stills;

use std::mem;
use std::sync::Arc;
use std::time::{Duration, Instant};

use selvedge_plan::brands::Heif as Coding;
use selvedge_plan::limits;
use wasmtime::component::{HasSelf, Linker};
use wasmtime::{Engine, Store, StoreLimits, StoreLimitsBuilder, Trap, UpdateDeadline};

use crate::bindings::{
    Budget, Colours, Decoded, Forecast, Header, HeicPre, Image, ImagePre, Outline, Picture, Planes,
    Raster, Rendition, Source, Trace,
};
use crate::component::ComponentFile;
use crate::engine::{self, MEMORY_MAX, Settings, Ticker};
use crate::failure::TransformError;
use crate::heif::Heif;
use crate::outside::Outside;
use crate::steps::{Step, Stopwatch};
use crate::stop::Stop;
use crate::thread::cpu_time;

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

/// A finished transform.
#[derive(Debug, Default)]
pub struct Rendered {
    /// The encoded picture, or raw samples for `format=pixels`.
    pub bytes: Vec<u8>,
    /// IANA media type.
    pub media_type: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Highest number of bytes of linear memory in use at once.
    pub memory: u64,
    /// Work units charged.
    pub work: u64,
    /// What is amiss with the picture though there is one, a sentence each.
    pub warnings: Vec<String>,
    /// What the component did, and how long each step took.
    pub steps: Vec<Step>,
    /// The whole call, with making the instance.
    pub duration: Duration,
    /// Time of a core that it took; libheif's not.
    pub cpu: Duration,
}

/// What the component can reach, a stopwatch, which tells it nothing; and what ends it.
struct State {
    steps: Stopwatch,
    limits: StoreLimits,
    ticks_left: u64,
    stop: Stop,
}

impl Trace for State {
    fn step(&mut self, name: String) {
        self.steps.begin(&name);
    }
}

/// The engine and what all components in it share. Cheap to clone.
#[derive(Clone)]
pub struct Machine {
    engine: Engine,
    heif: Arc<Heif>,
    _ticker: Arc<Ticker>,
}

/// A component, ready to run. Cheap to share between threads by reference.
pub struct Transformer {
    machine: Machine,
    pre: ImagePre<State>,
    stills: Option<HeicPre<State>>,
    digest: String,
}

impl Machine {
    /// Builds the engine and starts the clock for deadlines.
    ///
    /// # Errors
    /// If the engine cannot be built.
    pub fn new(settings: Settings) -> wasmtime::Result<Self> {
        let engine = engine::engine(settings)?;
        let ticker = Arc::new(Ticker::start(engine.clone())?);
        Ok(Self { _ticker: ticker, engine, heif: Arc::new(Heif::new(None)) })
    }

    /// What components do not read or write goes through these processes instead.
    #[must_use]
    pub fn with_heif(self, heif: Heif) -> Self {
        Self { heif: Arc::new(heif), ..self }
    }

    /// Loads a component.
    ///
    /// # Errors
    /// If it is none, or not of this contract.
    pub fn load(&self, component: &ComponentFile) -> wasmtime::Result<Transformer> {
        component.check_contract().map_err(wasmtime::Error::msg)?;
        let code = component.load(&self.engine)?;
        let mut linker = Linker::new(&self.engine);
        Image::add_to_linker::<_, HasSelf<_>>(&mut linker, |state: &mut State| state)?;
        let pre = ImagePre::new(linker.instantiate_pre(&code)?)?;
        let stills = component
            .stills()
            .map(|file| HeicPre::new(linker.instantiate_pre(&file.load(&self.engine)?)?))
            .transpose()?;
        let digest = component.digest().to_owned();
        Ok(Transformer { machine: self.clone(), pre, stills, digest })
    }
}

impl Transformer {
    /// Builds an engine of its own and loads `component` into it.
    ///
    /// # Errors
    /// As [`Machine::new`] and [`Machine::load`].
    pub fn new(component: &ComponentFile, settings: Settings) -> wasmtime::Result<Self> {
        Machine::new(settings)?.load(component)
    }

    /// What the component does not read or write goes through these processes instead.
    #[must_use]
    pub fn with_heif(self, heif: Heif) -> Self {
        Self { machine: self.machine.with_heif(heif), ..self }
    }

    /// What it runs in.
    pub fn machine(&self) -> &Machine {
        &self.machine
    }

    /// SHA-256 of the component, in hexadecimal.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Reads the header of a picture from its first bytes.
    ///
    /// # Errors
    /// What the component says of the bytes, or that it failed.
    pub fn probe(&self, head: &[u8], limits: &Limits) -> Result<Header, TransformError> {
        let mut store = self.store(limits, head.len());
        let trap = |error| trap(error, limits);
        let image = self.pre.instantiate(&mut store).map_err(trap)?;
        image
            .selvedge_image_transformer()
            .call_probe(&mut store, head)
            .map_err(trap)?
            .map_err(TransformError::Refused)
    }

    /// Tells from the first bytes of a picture and the options what a transform will need and give.
    ///
    /// # Errors
    /// What the component says of the bytes and the options, or that it failed.
    pub fn estimate(
        &self,
        head: &[u8],
        options: &str,
        limits: &Limits,
    ) -> Result<Forecast, TransformError> {
        if Coding::of(head) == Some(Coding::Hevc)
            && let Some(told) = self.estimate_still(head, options, limits)
        {
            return told;
        }
        let mut store = self.store(limits, head.len());
        let trap = |error| trap(error, limits);
        let image = self.pre.instantiate(&mut store).map_err(trap)?;
        image
            .selvedge_image_transformer()
            .call_estimate(&mut store, head, options)
            .map_err(trap)?
            .map_err(TransformError::Refused)
    }

    /// The same for planes that are not decoded yet.
    fn estimate_planes(
        &self,
        outline: &Outline,
        options: &str,
        limits: &Limits,
    ) -> Result<Forecast, TransformError> {
        let mut store = self.store(limits, 0);
        let trap = |error| trap(error, limits);
        let image = self.pre.instantiate(&mut store).map_err(trap)?;
        image
            .selvedge_image_transformer()
            .call_estimate_planes(&mut store, outline, options)
            .map_err(trap)?
            .map_err(TransformError::Refused)
    }

    /// Does what `options` say to `source`, and draws the files of `overlays` over it, in an instance of
    /// its own.
    ///
    /// # Errors
    /// What the component or libheif says of the bytes and the options, or that it failed or took
    /// too long.
    pub fn transform(
        &self,
        source: Vec<u8>,
        overlays: &[Vec<u8>],
        options: &str,
        limits: &Limits,
    ) -> Result<Rendered, TransformError> {
        self.transform_until(source, overlays, options, limits, &Stop::default())
    }

    /// The same, for as long as somebody waits for it: within a [`engine::TICK`] it ends otherwise.
    ///
    /// # Errors
    /// Also that it was stopped.
    pub fn transform_until(
        &self,
        mut source: Vec<u8>,
        overlays: &[Vec<u8>],
        options: &str,
        limits: &Limits,
        stop: &Stop,
    ) -> Result<Rendered, TransformError> {
        self.transform_keeping(&mut source, overlays, options, limits, stop)
    }

    /// The same for who needs the source afterwards: it is there again at the end.
    ///
    /// # Errors
    /// The same.
    pub fn transform_keeping(
        &self,
        file: &mut Vec<u8>,
        overlays: &[Vec<u8>],
        options: &str,
        limits: &Limits,
        stop: &Stop,
    ) -> Result<Rendered, TransformError> {
        let (began, cpu) = (Instant::now(), cpu_time());
        let (source, decoded) = match Coding::of(file) {
            Some(coding) => self.decode_still(file, coding, limits, stop)?,
            None => (Source::Encoded(mem::take(file)), Vec::new()),
        };
        let outside = Outside::of(options, &self.machine.heif);
        let inside = outside.as_ref().map_or(options, |outside| &outside.inside);
        let called = self.call(&source, overlays, inside, limits, stop);
        if let Source::Encoded(source) = source {
            *file = source;
        }
        let (rendition, mut steps) = called?;
        let mut warnings = rendition.warnings;
        let (bytes, media_type) = match (rendition.picture, outside) {
            (Picture::Encoded(bytes), _) => (bytes, rendition.media_type),
            (Picture::Pixels(raster), None) => (raster.samples, rendition.media_type),
            (Picture::Pixels(raster), Some(outside)) => {
                let began = Instant::now();
                let (file, warning) =
                    outside.write(&self.machine.heif, &raster, limits.deadline, stop)?;
                warnings.extend(warning);
                steps.push(Step { name: "heif-encode".to_owned(), duration: began.elapsed() });
                (file, outside.media_type.to_owned())
            }
        };
        steps.splice(..0, decoded);
        Ok(Rendered {
            bytes,
            media_type,
            width: rendition.width,
            height: rendition.height,
            memory: rendition.memory,
            work: rendition.work,
            warnings,
            steps,
            duration: began.elapsed(),
            cpu: cpu_time().saturating_sub(cpu),
        })
    }

    /// Makes a file of pixels, as `options` say.
    ///
    /// # Errors
    /// What the component says of them, or that it failed.
    pub fn encode(
        &self,
        raster: Raster,
        options: &str,
        limits: &Limits,
    ) -> Result<Vec<u8>, TransformError> {
        let source = Source::Pixels(Decoded { raster, colours: Colours::Srgb });
        let (made, _) = self.call(&source, &[], options, limits, &Stop::default())?;
        Ok(match made.picture {
            Picture::Encoded(file) => file,
            Picture::Pixels(raster) => raster.samples,
        })
    }

    /// One call of the component.
    fn call(
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
    fn store(&self, limits: &Limits, given: usize) -> Store<State> {
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

fn trap(error: wasmtime::Error, limits: &Limits) -> TransformError {
    match error.downcast_ref::<Trap>() {
        Some(Trap::Interrupt) => TransformError::Deadline(limits.deadline),
        _ => TransformError::Trap(error),
    }
}
