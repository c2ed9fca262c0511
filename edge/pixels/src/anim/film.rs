//! What is taken of a file with several frames.

use selvedge_plan::limits;
use selvedge_plan::options::page::Page;
use selvedge_plan::plan::{Output, Plan};

use super::{Animated, Canvas, Timeline};
use crate::budget::Job;
use crate::codec::{Form, Format, Header};
use crate::failure::Failure;
use crate::raster::Channels;
use crate::reduce::Reduce;

/// Work units of a frame besides those of its pixels: tables that are filled and small allocations.
const FRAME_WORK: u64 = 20_000;

/// The same for one that is scaled and written, too: an encoder's tables are filled for each.
const PLAYED_WORK: u64 = 300_000;

/// Which frames are taken of a file that has several.
#[derive(Clone)]
pub(crate) struct Film {
    pub timeline: Timeline,
    pub take: Take,
    pub animated: &'static Animated,
}

/// Which frames are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Take {
    /// All of them.
    All,
    /// The first one, which needs no canvas.
    First,
    /// That of a number, which lies on those before it.
    Page(u32),
}

impl Film {
    /// Looks into the first bytes of a file, or all of it. There is none of a file that has no frames
    /// but one, or if that is all that is asked for.
    ///
    /// # Errors
    /// [`Failure::BadOption`] for a page that is not there, [`Failure::TooLarge`].
    pub fn of(file: &[u8], header: &Header, plan: &Plan) -> Result<Option<Self>, Failure> {
        let page = plan.page.number();
        if page == 0 && !plan.anim {
            return Ok(None);
        }
        let Some(animated) = header.format.codec().animated else {
            return if page == 0 { Ok(None) } else { Err(no_page(page, 1)) };
        };
        let timeline = (animated.survey)(file)?;
        let frames = timeline.frames;
        if page > 0 && page >= frames {
            return Err(timeline.damage.unwrap_or(no_page(page, frames)));
        }
        if frames < 2 && timeline.damage.is_none() {
            return Ok(None);
        }
        let take = match page {
            0 if frames > 1 && played(plan.output).is_some() => Take::All,
            0 => Take::First,
            page => Take::Page(page),
        };
        let film = Self { timeline, take, animated };
        film.check(header)?;
        Ok(Some(film))
    }

    /// Refuses what takes too long, by the header alone.
    fn check(&self, header: &Header) -> Result<(), Failure> {
        let frames = self.decoded();
        if frames > limits::FRAMES {
            return Err(Failure::too_large("frames", limits::FRAMES, frames));
        }
        let pixels = frames.saturating_mul(header.size.pixels());
        if frames > 1 && pixels > limits::FRAMES_PIXELS {
            return Err(Failure::too_large("pixels of all frames", limits::FRAMES_PIXELS, pixels));
        }
        Ok(())
    }

    /// Whether only the first frame is taken, as if there were no others.
    pub fn is_first(&self) -> bool {
        self.take == Take::First
    }

    /// Whether what comes out is an animation.
    pub fn is_played(&self) -> bool {
        self.take == Take::All
    }

    /// Frames that are decoded.
    fn decoded(&self) -> u64 {
        match self.take {
            Take::All => self.timeline.frames.into(),
            Take::First => 1,
            Take::Page(page) => u64::from(page) + 1,
        }
    }

    /// Frames that come out.
    pub fn shown(&self) -> u64 {
        if self.is_played() { self.decoded() } else { 1 }
    }

    /// What the canvas is made of, or the first frame.
    pub fn form(&self, header: &Header) -> Form {
        match self.take {
            Take::First => header.form,
            _ if self.timeline.opaque => Form::Packed(Channels::Rgb),
            _ => Form::Packed(Channels::Rgba),
        }
    }

    /// What is written instead, where the plan's output depends on whether there are frames.
    pub fn output(&self, plan: &Plan) -> Output {
        played(plan.output).filter(|_| self.is_played()).unwrap_or(plan.output)
    }

    /// Upper bound of what decoding to the canvas allocates, if that is how it is done.
    pub fn decode_memory(&self, header: &Header) -> Option<u64> {
        let (wide, high) = (u64::from(header.size.width), u64::from(header.size.height));
        let canvas = Canvas::memory(header.size, self.timeline.restores) + 3 * wide;
        (!self.is_first()).then(|| canvas + (self.animated.memory)(wide, high))
    }

    /// Work units for each frame that comes out, where a pixel takes `pixel`.
    pub fn decode_work(&self, header: &Header, pixel: u64) -> u64 {
        let own = if self.is_played() { PLAYED_WORK } else { FRAME_WORK };
        let frame = header.size.pixels().saturating_mul(pixel).saturating_add(own);
        frame.saturating_mul(self.decoded() / self.shown())
    }

    /// Tells what is not done, and refuses damage unless it is kept.
    ///
    /// # Errors
    /// What [`Timeline::damage`] says.
    pub fn admit(&self, plan: &Plan, job: &Job<'_>) -> Result<(), Failure> {
        let several = self.timeline.frames > 1;
        if several && self.is_first() && matches!(plan.output, Output::Jpeg | Output::Png) {
            job.warn("the format has no animations: the first frame is taken");
        }
        match &self.timeline.damage {
            // What is left of an animation may be one frame.
            Some(failure) if plan.page == Page::FIRST && played(plan.output).is_some() => {
                job.damage().forgive(failure.clone())
            }
            _ => Ok(()),
        }
    }

    /// Sends the one frame that is taken down its way.
    ///
    /// # Errors
    /// As [`Frames::next`](super::Frames::next).
    pub fn page(
        &self,
        file: &[u8],
        header: &Header,
        ways: &mut [Reduce],
        job: &Job<'_>,
    ) -> Result<(), Failure> {
        let (Form::Packed(channels), [way]) = (self.form(header), ways) else {
            return Err(Failure::malformed("planes where pixels were expected"));
        };
        let mut canvas = Canvas::new(header.size, job)?;
        let mut frames = (self.animated.open)(file)?;
        for _ in 0..self.decoded() {
            frames.next(&mut canvas)?.ok_or(Failure::truncated("frames"))?;
        }
        canvas.show(way, channels, job)
    }
}

/// What an output is for an animation, if it can be one. `Natural` is what every browser shows, and
/// AVIF gives way to WebP as it does for pictures that are too large for it.
fn played(output: Output) -> Option<Output> {
    let (played, format) = match output {
        Output::Gif | Output::Natural => (Output::Gif, Format::Gif),
        Output::Avif | Output::AvifOrPixels | Output::Webp => (Output::Webp, Format::Webp),
        _ => return None,
    };
    format.codec().animated.and_then(|animated| animated.write.as_ref()).map(|_| played)
}

fn no_page(page: u32, frames: u32) -> Failure {
    let last = frames.saturating_sub(1);
    Failure::BadOption(format!("option `page`: expected at most {last} for this file, got {page}"))
}
