//! The frames of a file, decoded onto a canvas.

use selvedge_plan::geometry::Size;

use super::super::canvas::Rows;
use super::super::header::{Coded, Picture, canvas_size};
use super::super::riff::{Chunk, Chunks, u24};
use super::super::vp8l::decode::Decoder;
use super::super::{alpha, lossy};
use crate::anim::{After, BoxedFrames, Canvas, Frames, Timeline};
use crate::compose::over;
use crate::failure::Failure;
use crate::raster::Channels;

/// What a frame says besides its place (the last bits of its header).
struct Manner {
    milliseconds: u32,
    /// Whether it lies over what is there, instead of taking its place.
    blends: bool,
    after: After,
}

impl Manner {
    fn of(frame: &Chunk<'_>) -> Self {
        let tail = frame.payload.get(12..).and_then(<[u8]>::first_chunk);
        let [t0, t1, t2, flags] = tail.copied().unwrap_or_default();
        Self {
            milliseconds: u24([t0, t1, t2]),
            blends: flags & 2 == 0,
            after: if flags & 1 == 0 { After::Keep } else { After::Clear },
        }
    }
}

/// Counts the frames, and looks at what they do to those before.
pub fn survey(file: &[u8]) -> Result<Timeline, Failure> {
    let mut timeline = Timeline { plays: 1, opaque: true, ..Timeline::default() };
    let Some(canvas) = canvas_size(file)? else { return Ok(Timeline { frames: 1, ..timeline }) };
    for chunk in Chunks::of_file(file) {
        match (&chunk.kind, chunk.payload) {
            (b"ANIM", &[_, _, _, _, p0, p1, ..]) => {
                timeline.plays = u16::from_le_bytes([p0, p1]).into();
            }
            (b"ANMF", _) => {
                let manner = Manner::of(&chunk);
                let picture = Picture::of_frame(canvas, chunk);
                let covers = picture.as_ref().is_ok_and(|picture| picture.size == canvas);
                let has_alpha = match picture {
                    Ok(picture) if chunk.complete => picture.has_alpha(),
                    Ok(_) => Err(Failure::truncated("frame")),
                    Err(failure) => Err(failure),
                };
                match has_alpha {
                    Ok(alpha) => {
                        let hides = !alpha && (covers || timeline.frames > 0);
                        let over = alpha && manner.blends && timeline.frames > 0;
                        timeline.opaque &= (hides || over) && manner.after == After::Keep;
                    }
                    Err(failure) => {
                        timeline.damage = Some(failure);
                        break;
                    }
                }
                timeline.frames = timeline.frames.saturating_add(1);
            }
            _ => {}
        }
    }
    timeline.frames = timeline.frames.max(1);
    Ok(timeline)
}

/// Gives a file that holds nothing but pictures.
///
/// # Errors
/// [`Failure::Unsupported`] for any other one.
pub fn bare<'a>(file: &'a [u8], give: &mut dyn FnMut(&'a [u8])) -> Result<(), Failure> {
    let shows = |chunk: Chunk<'_>| matches!(&chunk.kind, b"VP8X" | b"ANIM" | b"ANMF");
    if !Chunks::of_file(file).all(shows) {
        return Err(Failure::Unsupported("chunks that are no pictures".into()));
    }
    give(file);
    Ok(())
}

/// A file being decoded.
struct File<'a> {
    size: Size,
    chunks: Chunks<'a>,
}

/// Begins to decode.
///
/// # Errors
/// [`Failure::Malformed`] if it is no animation.
pub fn open(file: &[u8]) -> Result<BoxedFrames<'_>, Failure> {
    let size = canvas_size(file)?.ok_or(Failure::malformed("there is no animation"))?;
    Ok(Box::new(File { size, chunks: Chunks::of_file(file) }))
}

/// Upper bound of what decoding allocates.
pub fn memory(wide: u64, high: u64) -> u64 {
    lossy::memory(wide) + alpha::decode_memory(wide, high) + 8 * wide
}

impl Frames for File<'_> {
    fn next(&mut self, canvas: &mut Canvas) -> Result<Option<u32>, Failure> {
        let Some(chunk) = self.chunks.find(|chunk| chunk.kind == *b"ANMF") else {
            return Ok(None);
        };
        let manner = Manner::of(&chunk);
        let picture = Picture::of_frame(self.size, chunk)?;
        canvas.begin(picture.place, picture.size, manner.after)?;
        let mut rows = OnCanvas { canvas, y: 0, blends: manner.blends };
        match picture.coded {
            Coded::Lossless(stream) => {
                let mut decoder = Decoder::new(stream.whole()?)?;
                for _ in 0..picture.size.height {
                    rows.row(decoder.next_row()?);
                }
            }
            Coded::Lossy { alpha, colour } => {
                let colour = colour.ok_or(Failure::truncated("picture data"))?.whole()?;
                let alpha = alpha.map(Chunk::whole).transpose()?;
                lossy::to_pixels(colour, alpha, picture.size, &mut rows)?;
            }
        }
        Ok(Some(manner.milliseconds))
    }
}

/// The rows of a frame on their way to the canvas.
struct OnCanvas<'a> {
    canvas: &'a mut Canvas,
    y: usize,
    blends: bool,
}

impl Rows for OnCanvas<'_> {
    fn row(&mut self, pixels: &[u32]) {
        let blends = self.blends;
        for (place, pixel) in self.canvas.row(self.y).iter_mut().zip(pixels) {
            let [blue, green, red, alpha] = pixel.to_le_bytes();
            let pixel = [red, green, blue, alpha];
            match alpha {
                0 if blends => {}
                1..=254 if blends => over(place, &pixel, Channels::Rgba, Channels::Rgba),
                _ => *place = pixel,
            }
        }
        self.y += 1;
    }
}
