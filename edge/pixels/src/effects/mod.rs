//! Changes to the pixels of the picture, once it has its final size.
//!
//! They see packed pixels: a curve or a matrix for colours is written for RGB, and planes of smaller
//! chroma would show other pixels than were asked for. Without an effect none of this is entered.

mod blur;
mod curve;
mod matrix;
mod pixelate;
mod ramp;
mod sharpen;

use selvedge_plan::geometry::Size;
use selvedge_plan::options::effects::Effects;
use selvedge_plan::options::filter::Filter;

use crate::budget::Job;
use crate::channels::{to_grey, widen};
use crate::failure::Failure;
use crate::raster::{Channels, Raster};
use blur::Blur;
use curve::Curve;
use matrix::Matrix;
use ramp::Ramp;

/// What is done to a picture, in this order.
#[derive(Clone, Debug)]
pub struct Retouch {
    steps: Vec<Step>,
}

/// One change. Each leaves 8 bits a sample.
#[derive(Clone, Debug)]
enum Step {
    /// Each channel by itself.
    Curve(Curve),
    /// Each channel from all three.
    Matrix(Matrix),
    /// Luma alone.
    Grey,
    /// Each colour by its luma.
    Ramp(Box<Ramp>),
    Blur(Blur),
    /// Squares of so many pixels.
    Pixelate(u32),
    /// By so many hundredths.
    Sharpen(u32),
}

impl Retouch {
    /// The changes of a plan; `None` if there are none.
    pub fn new(effects: &Effects) -> Option<Self> {
        let Effects {
            brightness,
            contrast,
            gamma,
            saturation,
            hue,
            filter,
            tint,
            duotone,
            blur,
            pixelate,
            sharpen,
        } = effects;
        let steps: Vec<Step> = [
            Curve::light(*brightness, *contrast, *gamma).map(Step::Curve),
            saturation.map(|factor| match factor.thousandths() {
                0 => Step::Grey,
                thousandths => Step::Matrix(Matrix::saturation(thousandths)),
            }),
            hue.map(|hue| Step::Matrix(Matrix::hue(hue.degrees()))),
            filter.map(|filter| match filter {
                Filter::Greyscale => Step::Grey,
                Filter::Invert => Step::Curve(Curve::invert()),
                Filter::Sepia => Step::Matrix(Matrix::sepia()),
            }),
            tint.map(|colour| Step::Ramp(Box::new(Ramp::tint(colour)))),
            duotone.map(|duotone| Step::Ramp(Box::new(Ramp::duotone(duotone)))),
            blur.map(|blur| Step::Blur(Blur::new(f64::from(blur.hundredths()) / 100.0))),
            pixelate.map(|squares| Step::Pixelate(squares.pixels())),
            sharpen.map(|amount| Step::Sharpen(amount.hundredths())),
        ]
        .into_iter()
        .flatten()
        .collect();
        (!steps.is_empty()).then_some(Self { steps })
    }

    /// Changes a picture.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn run(&self, mut raster: Raster, job: &Job<'_>) -> Result<Raster, Failure> {
        for step in &self.steps {
            let channels = step.channels(raster.channels);
            raster = match step {
                Step::Grey => to_grey(raster),
                _ => widen(raster, channels, job)?,
            };
            match step {
                Step::Curve(curve) => curve.run(&mut raster),
                Step::Matrix(matrix) => matrix.run(&mut raster),
                Step::Grey => {}
                Step::Ramp(ramp) => ramp.run(&mut raster),
                Step::Blur(blur) => blur.run(&mut raster)?,
                Step::Pixelate(side) => pixelate::run(&mut raster, *side)?,
                Step::Sharpen(amount) => sharpen::run(&mut raster, *amount)?,
            }
        }
        Ok(raster)
    }

    /// The channels of a picture of `channels` afterwards.
    pub fn channels(&self, channels: Channels) -> Channels {
        self.steps.iter().fold(channels, |channels, step| step.channels(channels))
    }

    /// Upper bound of bytes in use at once, the picture's included, and what is held afterwards.
    pub fn memory(&self, size: Size, mut channels: Channels) -> (u64, u64) {
        let bytes = |channels: Channels| size.pixels() * channels.count() as u64;
        let (mut held, mut most) = (bytes(channels), bytes(channels));
        for step in &self.steps {
            let next = step.channels(channels);
            let widened = if next.count() > channels.count() { held + bytes(next) } else { held };
            // Grey stays in the place that its colours had.
            held = held.max(bytes(next));
            let scratch = match step {
                Step::Blur(blur) => blur.memory(size),
                Step::Pixelate(side) => pixelate::memory(size, *side),
                Step::Sharpen(_) => sharpen::memory(size),
                Step::Curve(_) | Step::Matrix(_) | Step::Grey | Step::Ramp(_) => 0,
            };
            most = most.max(widened).max(held + scratch);
            channels = next;
        }
        (most, held)
    }

    /// Work units.
    pub fn work(&self, size: Size, channels: Channels) -> u64 {
        let samples = size.pixels().saturating_mul(channels.count() as u64);
        let each = |step: &Step| match step {
            Step::Curve(_) => samples,
            Step::Matrix(_) | Step::Ramp(_) | Step::Grey | Step::Pixelate(_) => 2 * samples,
            Step::Blur(blur) => blur.work(size, channels),
            Step::Sharpen(_) => 12 * samples,
        };
        self.steps.iter().map(each).fold(0, u64::saturating_add)
    }
}

impl Step {
    /// The channels of a picture of `channels` after this step.
    fn channels(&self, channels: Channels) -> Channels {
        match self {
            Self::Grey => channels.grey(),
            Self::Ramp(_) => channels.coloured(),
            // Of the matrices only sepia makes colours of grey; the others leave grey alone.
            Self::Matrix(matrix) if matrix.colours() => channels.coloured(),
            _ => channels,
        }
    }
}
