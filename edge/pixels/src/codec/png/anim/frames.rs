//! The frames of a file, decoded onto a canvas.

use std::rc::Rc;

use super::film::Film;
use crate::anim::{After, BoxedFrames, Canvas, Frames, Timeline};
use crate::codec::png::chunks::{Chunks, Kind};
use crate::codec::png::crc::Crc;
use crate::codec::png::decode::{Rows, Samples};
use crate::codec::png::header::Ihdr;
use crate::compose::over;
use crate::failure::Failure;
use crate::raster::Channels;

/// Counts the frames, and looks at what they do to those before.
pub fn survey(file: &[u8]) -> Result<Timeline, Failure> {
    let mut timeline = Timeline { frames: 1, plays: 1, ..Timeline::default() };
    // Most files are stills, of which no more is to be known.
    if !has(file, b"acTL") {
        return Ok(timeline);
    }
    let crc = Crc::new();
    let ihdr = Ihdr::read(file, &crc)?;
    let mut film = match Film::of(file, ihdr.size, &crc) {
        Ok(Some(film)) => film,
        Ok(None) => return Ok(timeline),
        Err(failure) => return Ok(Timeline { damage: Some(failure), ..timeline }),
    };
    timeline.plays = film.plays();
    timeline.opaque = !ihdr.channels(has(file, b"tRNS")).has_alpha();
    let mut frames = 0_u32;
    loop {
        match film.next_frame(&crc) {
            Ok(Some(frame)) => {
                let control = frame.control;
                let covers = control.size == ihdr.size && control.after == After::Keep;
                timeline.opaque &= control.after != After::Clear && (covers || frames > 0);
                timeline.restores |= control.after == After::Restore;
                frames = frames.saturating_add(1);
            }
            Ok(None) => break,
            Err(failure) => {
                timeline.damage = Some(failure);
                break;
            }
        }
    }
    timeline.frames = frames.max(1);
    Ok(timeline)
}

/// Whether there is such a chunk before the picture data.
fn has(file: &[u8], kind: &Kind) -> bool {
    Chunks::ahead(file).any(|chunk| chunk.kind == *kind)
}

/// A file being decoded.
struct File<'a> {
    film: Film<'a>,
    ihdr: Ihdr,
    channels: Channels,
    samples: Samples,
    crc: Rc<Crc>,
    is_first: bool,
}

/// Begins to decode.
///
/// # Errors
/// [`Failure::Malformed`] if it is no animation; [`Failure::OverBudget`].
pub fn open(file: &[u8]) -> Result<BoxedFrames<'_>, Failure> {
    let crc = Rc::new(Crc::new());
    let ihdr = Ihdr::read(file, &crc)?;
    let film = Film::of(file, ihdr.size, &crc)?;
    let film = film.ok_or(Failure::malformed("there is no animation"))?;
    let channels = ihdr.channels(has(file, b"tRNS"));
    let samples = Samples::of(file, &ihdr, channels, &crc)?;
    Ok(Box::new(File { film, ihdr, channels, samples, crc, is_first: true }))
}

impl Frames for File<'_> {
    fn next(&mut self, canvas: &mut Canvas) -> Result<Option<u32>, Failure> {
        let Some(frame) = self.film.next_frame(&self.crc)? else { return Ok(None) };
        let control = frame.control;
        // Before the first one there is nothing to come back.
        let after = if self.is_first && control.after == After::Restore {
            After::Clear
        } else {
            control.after
        };
        self.is_first = false;
        canvas.begin(control.place, control.size, after)?;
        let ihdr = Ihdr { size: control.size, ..self.ihdr };
        let rows = Rows::new(&ihdr, frame.pieces(Rc::clone(&self.crc)))?;
        let channels = self.channels;
        rows.each(&mut self.samples, |place, row| {
            let places = canvas.row(place.y).iter_mut().skip(place.left).step_by(place.across);
            for (place, pixel) in places.zip(row.chunks_exact(channels.count())) {
                if control.blends && channels.has_alpha() {
                    over(place, pixel, channels, Channels::Rgba);
                } else {
                    *place = coloured(pixel);
                }
            }
        })?;
        Ok(Some(control.milliseconds))
    }
}

/// A pixel as red, green, blue and alpha.
fn coloured(pixel: &[u8]) -> [u8; 4] {
    match *pixel {
        [grey] => [grey, grey, grey, u8::MAX],
        [grey, alpha] => [grey, grey, grey, alpha],
        [red, green, blue] => [red, green, blue, u8::MAX],
        [red, green, blue, alpha] => [red, green, blue, alpha],
        _ => [0; 4],
    }
}
