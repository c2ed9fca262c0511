//! What a transform will give and need, from the header and the plan alone.

use selvedge_plan::Plan;
use selvedge_plan::geometry::{self, Layout, Size};
use selvedge_plan::options::background::Colour;
use selvedge_plan::options::fit::Fit;
use selvedge_plan::orientation::Turn;
use selvedge_plan::plan::Output;

use crate::codec::{Format, Header};
use crate::failure::Failure;
use crate::raster::Channels;
use crate::shrink::Shrink;
use crate::{compose, resize};

/// What a transform will give and need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forecast {
    /// Media type of the output.
    pub media_type: &'static str,
    /// Size of the output.
    pub size: Size,
    /// Upper bound of bytes allocated at once, without the source.
    pub memory: u64,
    /// Work units of all steps.
    pub work: u64,
}

/// Everything that is known before a pixel is decoded: the pipeline only follows it.
#[derive(Clone, Debug)]
pub(crate) struct Blueprint {
    /// The plan's turn after the source's own.
    pub turn: Turn,
    /// In the upright picture.
    pub layout: Layout,
    /// What lies under the picture.
    pub background: Option<Colour>,
    /// `None` for raw pixels.
    pub format: Option<Format>,
    /// Stored size of the source.
    source: Size,
    channels: Channels,
    denominators: &'static [u32],
    decode: Step,
}

/// Memory and work of one step.
#[derive(Clone, Copy, Debug, Default)]
struct Step {
    memory: u64,
    work: u64,
}

impl Blueprint {
    /// For a file.
    pub fn new(header: &Header, plan: &Plan) -> Result<Self, Failure> {
        let codec = header.format.codec();
        let mut blueprint = Self::of_pixels(header.size, header.channels, header.turn(), plan)?;
        blueprint.denominators = codec.denominators;
        blueprint.decode = Step {
            memory: (codec.decode_memory)(header, blueprint.shrink().denominator()),
            work: header.size.pixels().saturating_mul(codec.decode_work),
        };
        Ok(blueprint)
    }

    /// For pixels that need no decoding.
    pub fn of_pixels(
        source: Size,
        channels: Channels,
        orientation: Turn,
        plan: &Plan,
    ) -> Result<Self, Failure> {
        let turn = orientation.then(plan.turn());
        let layout = geometry::layout(turn.size(source), plan)?;
        let white_under = plan.fit == Fit::Pad && plan.width.is_some() && plan.height.is_some();
        let mut background = plan.background.or(white_under.then_some(Colour::WHITE));
        let padded = layout.canvas != layout.scaled;
        let opaque = match background {
            Some(colour) => colour.alpha == 255 || !(channels.has_alpha() || padded),
            None => !channels.has_alpha(),
        };
        let format = match plan.output {
            Output::Jpeg => Some(Format::Jpeg),
            Output::Natural if opaque => Some(Format::Jpeg),
            Output::Natural | Output::Png => Some(Format::Png),
            Output::Pixels => None,
            Output::Webp => Some(Format::Webp),
        };
        let encode = format.and_then(|format| format.codec().encode.as_ref());
        if !opaque && encode.is_some_and(|encode| !encode.alpha) {
            // No room for transparency: a clear background becomes white, a tinted one opaque.
            let under = background
                .filter(|colour| colour.alpha != 0)
                .unwrap_or(Colour::WHITE);
            background = Some(Colour {
                alpha: 255,
                ..under
            });
        }
        let (denominators, decode) = (&[] as &[u32], Step::default());
        Ok(Self {
            turn,
            layout,
            background,
            format,
            source,
            channels,
            denominators,
            decode,
        })
    }

    /// The shrink that brings the source down to what the filter takes.
    pub fn shrink(&self) -> Shrink {
        let region = self.turn.source_region(self.layout.region, self.source);
        Shrink::new(
            self.source,
            region,
            self.scaled_as_stored(),
            self.denominators,
        )
    }

    /// The size that the stored, not yet turned picture is scaled to.
    pub fn scaled_as_stored(&self) -> Size {
        self.turn.size(self.layout.scaled)
    }

    /// Size of what the shrink gives.
    fn shrunk(&self) -> Size {
        self.shrink().window().0.size()
    }

    fn composed(&self) -> Channels {
        self.background.map_or(self.channels, |colour| {
            compose::composed(self.channels, colour)
        })
    }

    pub fn decode_work(&self) -> u64 {
        self.decode.work
    }

    pub fn resize_work(&self) -> u64 {
        resize::work(self.shrunk(), self.scaled_as_stored(), self.channels)
    }

    /// Turning and composing, about two nanoseconds a pixel.
    pub fn compose_work(&self) -> u64 {
        self.layout.canvas.pixels().saturating_mul(2)
    }

    pub fn encode_work(&self) -> u64 {
        let encode = self
            .format
            .and_then(|format| format.codec().encode.as_ref());
        self.layout
            .canvas
            .pixels()
            .saturating_mul(encode.map_or(0, |encode| encode.work))
    }

    /// The largest need of any step, each with what it takes over from the one before.
    fn memory(&self) -> u64 {
        let count = self.channels.count() as u64;
        let (shrunk, scaled) = (self.shrunk(), self.layout.scaled);
        let shrunk_bytes = shrunk.pixels().saturating_mul(count);
        let sums = u64::from(shrunk.width) * count * 4;
        let scaled_bytes = scaled.pixels().saturating_mul(count);
        let canvas = compose::memory(self.layout.canvas, self.composed());
        let encode = self
            .format
            .and_then(|format| format.codec().encode.as_ref());
        let encoded = self.layout.canvas.pixels() * encode.map_or(0, |encode| encode.memory);
        [
            self.decode.memory + shrunk_bytes + sums,
            shrunk_bytes + resize::memory(shrunk, self.scaled_as_stored(), self.channels),
            scaled_bytes * 2,
            scaled_bytes + canvas,
            scaled_bytes.max(canvas) + encoded + SLACK,
        ]
        .into_iter()
        .max()
        .unwrap_or(0)
        .saturating_add(SLACK)
    }

    pub fn forecast(&self) -> Forecast {
        Forecast {
            media_type: self
                .format
                .map_or("application/octet-stream", Format::media_type),
            size: self.layout.canvas,
            memory: self.memory(),
            work: [
                self.decode_work(),
                self.resize_work(),
                self.compose_work(),
                self.encode_work(),
            ]
            .into_iter()
            .fold(0, u64::saturating_add),
        }
    }
}

/// What small allocations, messages and an encoder's tables add up to.
const SLACK: u64 = 256 << 10;
