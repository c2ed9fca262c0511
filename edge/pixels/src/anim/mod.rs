//! Animations: frame by frame through the pipeline, with one canvas in memory.
//!
//! ```text
//! frames ─► canvas ─► reduce ─► orient ─► … ─► draw ─► encode frame
//!    ▲                                                      │
//!    └──────────────────────────────────────────────────────┘
//! ```
//!
//! A decoder puts its frames on a [`Canvas`], one after the other; what that shows goes through the
//! steps that a still goes through, and to an encoder that keeps bytes, not pixels.

mod canvas;
mod changes;
mod film;
mod play;
mod spare;

use selvedge_plan::geometry::Size;

use crate::budget::Job;
use crate::codec::Style;
use crate::failure::Failure;
use crate::raster::{Channels, Raster};

pub use canvas::{After, Canvas};
pub use changes::{Rectangle, differs};
pub(crate) use film::Film;
pub(crate) use play::play;

/// What the structure of a file says of its frames; no pixel is decoded for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timeline {
    /// Frames that are all there. Of a still or of the first bytes of a file there may be just one.
    pub frames: u32,
    /// How often they are played; 0 is for ever.
    pub plays: u32,
    /// Whether no frame leaves anything transparent.
    pub opaque: bool,
    /// Whether something under a frame is put back after it.
    pub restores: bool,
    /// Why there are no more frames, if that is not their end.
    pub damage: Option<Failure>,
}

/// What a format with frames does besides decoding its first one.
pub(crate) struct Animated {
    /// Walks through the first bytes of a file, or all of it.
    pub survey: fn(&[u8]) -> Result<Timeline, Failure>,
    /// Begins to decode.
    pub open: for<'a> fn(&'a [u8]) -> Result<BoxedFrames<'a>, Failure>,
    /// Upper bound of what that allocates for a picture so wide and so high, without the canvas.
    pub memory: fn(u64, u64) -> u64,
    /// Gives the parts of a file that are to be seen, metadata not among them.
    pub bare: Bare,
    /// How such files are written, if they are.
    pub write: Option<Write>,
}

/// Gives the parts of a file.
pub(crate) type Bare = for<'a> fn(&'a [u8], &mut dyn FnMut(&'a [u8])) -> Result<(), Failure>;

/// How a file of frames is written.
pub(crate) struct Write {
    /// Begins a file of frames of a size, played so often; 0 is for ever.
    pub begin: Begin,
    /// Upper bound of bytes that writing so many frames allocates, the file included.
    pub memory: fn(Size, Channels, Style, u64) -> u64,
}

/// Begins to write.
pub(crate) type Begin = fn(Size, u32, Style) -> Result<Box<dyn Writer>, Failure>;

/// A file of frames under way.
pub trait Writer {
    /// Adds a frame, which is shown for so many milliseconds.
    ///
    /// # Errors
    /// [`Failure::OverBudget`] or [`Failure::TooLarge`].
    fn frame(&mut self, frame: Raster, milliseconds: u32, job: &Job<'_>) -> Result<(), Failure>;

    /// The file.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    fn finish(self: Box<Self>) -> Result<Vec<u8>, Failure>;
}

/// A file being decoded.
pub(crate) type BoxedFrames<'a> = Box<dyn Frames + 'a>;

/// A file whose frames are decoded one after the other.
pub trait Frames {
    /// Puts the next frame on the canvas, and tells for how many milliseconds it is shown; `None`
    /// after the last one.
    ///
    /// # Errors
    /// [`Failure::Truncated`], [`Failure::Malformed`] or [`Failure::OverBudget`]; the canvas has
    /// what was decoded before.
    fn next(&mut self, canvas: &mut Canvas) -> Result<Option<u32>, Failure>;
}

/// Up to so many milliseconds browsers show a frame for a tenth of a second instead.
const AS_FAST_AS_CAN_BE: u32 = 10;

/// Whether two frames that look the same can be one that is shown for as long as both. Times that
/// browsers change say nothing in a sum.
pub fn can_be_summed(one: u32, other: u32) -> bool {
    one.min(other) > AS_FAST_AS_CAN_BE
}
