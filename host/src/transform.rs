//! One transform: a fresh instance, a call, and what came of it.

mod call;
mod stills;

use std::mem;
use std::sync::Arc;
use std::time::{Duration, Instant};

use selvedge_plan::brands::Heif as Coding;
use wasmtime::Engine;
use wasmtime::component::{HasSelf, Linker};

use crate::bindings::{
    Colours, Decoded, Forecast, Header, HeicPre, Image, ImagePre, Outline, Picture, Raster, Source,
};
use crate::component::ComponentFile;
use crate::engine::{self, Settings, Ticker};
use crate::failure::TransformError;
use crate::heif::Heif;
use crate::outside::Outside;
use crate::steps::Step;
use crate::stop::Stop;
use crate::thread::cpu_time;
pub use call::Limits;
use call::{State, trap};

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
}
