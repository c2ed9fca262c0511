//! Writing animations: of each frame what changed since those before.

use selvedge_plan::geometry::Size;
use selvedge_plan::limits;
use selvedge_plan::options::quality::Quality;

use super::super::riff::{Writer as Chunks, flag};
use super::super::{alpha, encode, vp8l};
use super::patches;
use crate::anim::{Rectangle, Writer, can_be_summed};
use crate::budget::{Job, zeros};
use crate::codec::Style;
use crate::codec::transparent::is_seen_through;
use crate::colour;
use crate::failure::Failure;
use crate::raster::{Channels, Raster};

/// The longest time that 24 bits of milliseconds tell.
const LONGEST: u32 = 0xff_ffff;

/// Bytes that pixels take at least without loss, of so many that are like none beside them.
const LIKELY: (u64, u64) = (1, 2);

/// A file under way.
struct Animation {
    size: Size,
    plays: u32,
    style: Style,
    /// Frames as the payloads of their chunks.
    frames: Vec<Vec<u8>>,
    /// Bytes of their chunks.
    length: u64,
    /// The pixels that what is shown was made of, which may be those of several frames.
    shown: Option<Raster>,
    /// How long the last frame is shown.
    milliseconds: u32,
    alpha: bool,
    /// Whether the last frame was smaller without loss.
    exact: bool,
}

/// Begins a file.
pub fn begin(size: Size, plays: u32, style: Style) -> Result<Box<dyn Writer>, Failure> {
    Ok(Box::new(Animation {
        size,
        plays,
        style,
        frames: Vec::new(),
        length: 0,
        shown: None,
        milliseconds: 0,
        alpha: false,
        exact: false,
    }))
}

/// Upper bound of what writing allocates: what is shown, a frame being written with what it is made
/// of, and the file, in pieces and as a whole.
pub fn memory(size: Size, channels: Channels, style: Style, frames: u64) -> u64 {
    // A header, and places in lists that grow by doubling.
    const OF_EACH: u64 = 256;
    let frame = size.pixels() * 2 + OF_EACH;
    let file = frames.saturating_mul(frame).min(limits::FRAMES_BYTES + frame);
    let pixels = size.pixels() * channels.count() as u64;
    let masked = encode::memory(size, channels.with_alpha(), style) + 3 * size.pixels();
    let exact = vp8l::encode::memory(size) + 4 * size.pixels();
    let pieces = frames.saturating_mul(OF_EACH);
    // The frame itself, what is shown, and the part that is cut out of it.
    3 * pixels + size.pixels() + masked.max(exact + frame) + frame + 2 * file + pieces
}

impl Writer for Animation {
    fn frame(&mut self, frame: Raster, milliseconds: u32, job: &Job<'_>) -> Result<(), Failure> {
        let milliseconds = milliseconds.min(LONGEST);
        let most = if self.exact { 0 } else { tolerance(self.style.quality) };
        let changes = match &self.shown {
            Some(shown) => Rectangle::of_changes(shown, &frame, most),
            None => Some(Rectangle { left: 0, top: 0, size: frame.size }),
        };
        let Some(changes) = changes.or_else(|| self.pause(milliseconds)) else { return Ok(()) };
        let place = changes.at_even_places();
        let part = place.cut(&frame, job)?;
        let mask = match &self.shown {
            Some(shown) => patches::mask(shown, &part, place, most, job)?,
            None => None,
        };
        let lossy = self.lossy(&part, place, mask.as_ref(), job)?;
        let exact = self.exact(&part, place, lossy.payload.len(), job)?;
        self.exact = exact.is_some();
        let shown = self.shown.get_or_insert(frame);
        // What is written without loss is exact where it is left out, too.
        patches::put(shown, &part, place, mask.as_ref().filter(|_| exact.is_none()));
        self.push(exact.unwrap_or(lossy))?;
        self.milliseconds = milliseconds;
        self.set_time();
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<Vec<u8>, Failure> {
        let mut file = Chunks::new()?;
        let alpha = if self.alpha { flag::ALPHA } else { 0 };
        file.canvas(self.size, flag::ANIMATION | alpha)?;
        let [p0, p1] = u16::try_from(self.plays).unwrap_or(u16::MAX).to_le_bytes();
        // The colour behind the frames, which browsers leave transparent, and how often all is played.
        file.chunk(*b"ANIM", &[0, 0, 0, 0, p0, p1])?;
        file.reserve(self.length as usize)?;
        for frame in self.frames {
            file.chunk(*b"ANMF", &frame)?;
        }
        file.finish()
    }
}

/// A frame as it is written.
struct Coded {
    payload: Vec<u8>,
    alpha: bool,
}

impl Animation {
    /// Part of a frame with losses: all of it, or over what is there what the mask shows.
    fn lossy(
        &self,
        part: &Raster,
        place: Rectangle,
        mask: Option<&Raster>,
        job: &Job<'_>,
    ) -> Result<Coded, Failure> {
        let mut chunks = Chunks::frame(place, mask.is_some())?;
        let (planar, own) = colour::unpack(part.clone(), (2, 2), job)?;
        let own = own.filter(is_seen_through);
        let alpha = match (mask, &own) {
            (Some(mask), _) => Some((mask, alpha::encode_cells(mask)?)),
            (None, Some(own)) => Some((own, alpha::encode(own)?)),
            (None, None) => None,
        };
        let has_alpha = alpha.is_some();
        encode::picture(planar, alpha, self.style, &mut chunks)?;
        Ok(Coded { payload: chunks.chunks(), alpha: has_alpha })
    }

    /// The same without loss, if that takes no more bytes than `most`.
    fn exact(
        &self,
        part: &Raster,
        place: Rectangle,
        most: usize,
        job: &Job<'_>,
    ) -> Result<Option<Coded>, Failure> {
        let news = match &self.shown {
            Some(shown) => patches::news(shown, part, place, job)?,
            None => None,
        };
        let pixels = news.as_ref().unwrap_or(part);
        let (bytes, singular) = LIKELY;
        if patches::singular(pixels) * bytes / singular > most as u64 {
            return Ok(None);
        }
        let mut chunks = Chunks::frame(place, news.is_some())?;
        chunks.chunk(*b"VP8L", &vp8l::encode::encode(pixels)?)?;
        let payload = chunks.chunks();
        let alpha = pixels.channels.has_alpha();
        Ok((payload.len() <= most).then_some(Coded { payload, alpha }))
    }

    /// Shows the last frame for longer, where nothing changed. If that would not be the same, gives what
    /// is to be written again.
    fn pause(&mut self, milliseconds: u32) -> Option<Rectangle> {
        let sum = self.milliseconds.saturating_add(milliseconds);
        if !can_be_summed(self.milliseconds, milliseconds) || sum > LONGEST {
            return Some(Rectangle { left: 0, top: 0, size: Size { width: 1, height: 1 } });
        }
        self.milliseconds = sum;
        self.set_time();
        None
    }

    /// Says in the last frame how long it is shown.
    fn set_time(&mut self) {
        let [t0, t1, t2, _] = self.milliseconds.to_le_bytes();
        if let Some(place) = self.frames.last_mut().and_then(|frame| frame.get_mut(12..15)) {
            place.copy_from_slice(&[t0, t1, t2]);
        }
    }

    /// Adds a frame, without what is only reserved for it.
    fn push(&mut self, Coded { payload, alpha }: Coded) -> Result<(), Failure> {
        self.alpha |= alpha;
        // A chunk has a head of eight bytes and an even length.
        self.length += payload.len() as u64 + 9;
        if self.length > limits::FRAMES_BYTES {
            let limit = limits::FRAMES_BYTES;
            return Err(Failure::too_large("bytes of an animation", limit, self.length));
        }
        let mut tight: Vec<u8> = zeros(payload.len())?;
        tight.copy_from_slice(&payload);
        self.frames.try_reserve(1).map_err(|_| Failure::out_of_memory(size_of::<Vec<u8>>()))?;
        self.frames.push(tight);
        Ok(())
    }
}

/// By how much a sample may differ from what is shown without being written: less than the quality
/// changes it by. It is as libwebp has it, from 1 at quality 100 to 31 at 0.
fn tolerance(quality: Quality) -> u8 {
    let root = (f64::from(quality.value()) / 100.0).sqrt();
    (31.0 - 30.0 * root + 0.5) as u8
}
