//! Writing files: of each frame what changed since those before.

use selvedge_plan::geometry::Size;
use selvedge_plan::limits;

use super::compress::{self, Compressor};
use super::descriptors;
use super::dots::Dots;
use crate::anim::{After, Rectangle, Writer, can_be_summed, differs};
use crate::budget::{Job, zeros};
use crate::codec::Style;
use crate::failure::Failure;
use crate::quantise::{CLEAR, Cells, Diffuser};
use crate::raster::{Channels, Raster};

/// By how much a sample may differ from what is shown without being written: less than what a
/// palette changes it by.
const TOLERANCE: u8 = 3;

/// From this alpha on a pixel is seen: a file says either of each.
const SEEN: u8 = 128;

/// A palette of a frame's own takes 768 bytes, and another one for the same things is seen. It is made
/// where the mean of the squared errors is so many times as large with the one that there is, and so
/// much larger.
const WORSE: (u64, u64) = (3, 16);

/// A file under way.
struct Animation {
    size: Size,
    plays: u32,
    /// For all frames that have none of their own. It grows as long as there is room.
    dots: Dots,
    /// Whether errors go on to other pixels instead of making dots of a pattern: nothing flickers in one
    /// frame.
    still: bool,
    compressor: Compressor,
    /// Frames as blocks.
    frames: Vec<Vec<u8>>,
    /// Bytes of them.
    length: u64,
    /// The pixels that what is shown was made of, which may be those of several frames.
    shown: Option<Raster>,
    /// How long the last frame is shown, and by how much more those before were meant to be.
    milliseconds: u32,
    owed: i64,
}

/// Begins a file.
pub fn begin(size: Size, plays: u32, _: Style) -> Result<Box<dyn Writer>, Failure> {
    Ok(Box::new(Animation::new(size, plays, false)?))
}

/// A file of one frame.
pub fn still(raster: &Raster, _: Style) -> Result<Vec<u8>, Failure> {
    let mut file = Animation::new(raster.size, 1, true)?;
    file.add(seen(raster)?, 0)?;
    file.file()
}

/// Upper bound of what writing so many frames allocates: what is shown, a frame and its numbers, tables,
/// and the file, in pieces and as a whole.
pub fn memory(size: Size, channels: Channels, _: Style, frames: u64) -> u64 {
    let frame = compress::longest(size.pixels()) + descriptors::MOST as u64;
    let file = frames.saturating_mul(frame).min(limits::FRAMES_BYTES + frame);
    let pixels = size.pixels() * (3 * Channels::Rgba.count() + channels.count()) as u64;
    let tables =
        2 * Dots::MEMORY + Cells::MEMORY + Compressor::MEMORY + Diffuser::memory(size.width);
    pixels + 2 * size.pixels() + tables + 2 * frame + 2 * file + frames.saturating_mul(256)
}

impl Writer for Animation {
    fn frame(&mut self, frame: Raster, milliseconds: u32, _: &Job<'_>) -> Result<(), Failure> {
        let seen = seen(&frame)?;
        drop(frame);
        self.add(seen, milliseconds)
    }

    fn finish(self: Box<Self>) -> Result<Vec<u8>, Failure> {
        self.file()
    }
}

impl Animation {
    fn new(size: Size, plays: u32, still: bool) -> Result<Self, Failure> {
        Ok(Self {
            size,
            plays,
            dots: Dots::new()?,
            still,
            compressor: Compressor::new()?,
            frames: Vec::new(),
            length: 0,
            shown: None,
            milliseconds: 0,
            owed: 0,
        })
    }

    /// Adds a frame of RGBA whose alpha is 0 or 255.
    fn add(&mut self, frame: Raster, milliseconds: u32) -> Result<(), Failure> {
        let Some(mut shown) = self.shown.take() else {
            let whole = Rectangle { left: 0, top: 0, size: frame.size };
            self.write(&blank(&frame)?, &frame, whole, After::Keep)?;
            (self.shown, self.milliseconds) = (Some(frame), milliseconds);
            return Ok(());
        };
        let vanishes = vanishes(&shown, &frame);
        if vanishes {
            // Nothing can be made transparent but by what comes after the frame before: that is
            // written again, as a whole, and cleared.
            let blank = blank(&shown)?;
            let place = Rectangle::of_changes(&blank, &shown, 0).unwrap_or(POINT);
            self.length -= self.frames.pop().map_or(0, |frame| frame.len() as u64);
            self.write(&blank, &shown, place, After::Clear)?;
            shown = blank;
        }
        match Rectangle::of_changes(&shown, &frame, TOLERANCE) {
            None if !vanishes && can_be_summed(self.milliseconds, milliseconds) => {
                self.milliseconds = self.milliseconds.saturating_add(milliseconds);
            }
            changes => {
                self.settle();
                self.write(&shown, &frame, changes.unwrap_or(POINT), After::Keep)?;
                let pairs = shown.samples.as_chunks_mut::<4>().0.iter_mut();
                for (shown, pixel) in pairs.zip(frame.samples.as_chunks::<4>().0) {
                    if is_news(shown, pixel) {
                        *shown = *pixel;
                    }
                }
                self.milliseconds = milliseconds;
            }
        }
        self.shown = Some(shown);
        Ok(())
    }

    /// Writes what of a frame is not shown.
    fn write(
        &mut self,
        shown: &Raster,
        frame: &Raster,
        place: Rectangle,
        after: After,
    ) -> Result<(), Failure> {
        let rows = || place.rows(shown).zip(place.rows(frame));
        let news = || rows().flat_map(|(shown, row)| pixels(shown, row)).flatten();
        let most = place.size.pixels();
        let mut own = None;
        if !self.dots.palette.extend(news()) {
            let mut cells = Cells::of(news(), most)?;
            let fresh = Dots::of(&mut cells)?;
            let (times, more) = WORSE;
            if self.dots.palette.colours().is_empty() {
                self.dots = fresh;
            } else if self.dots.palette.error_of(&cells) > fresh.palette.error() * times + more {
                own = Some(fresh);
            }
        }
        let dots = own.as_mut().unwrap_or(&mut self.dots);
        let mut numbers: Vec<u8> = zeros(most as usize)?;
        let (left, wide) = (place.left as usize, place.size.width as usize);
        let mut diffuser = Diffuser::new(place.size.width)?;
        for (y, ((shown, row), numbers)) in
            (place.top as usize..).zip(rows().zip(numbers.chunks_mut(wide)))
        {
            if self.still {
                diffuser.row(row.as_chunks().0, &mut dots.palette, numbers);
                continue;
            }
            for (x, (number, colour)) in (left..).zip(numbers.iter_mut().zip(pixels(shown, row))) {
                *number = colour.map_or(CLEAR, |colour| dots.number(colour, x, y));
            }
        }
        let mut block: Vec<u8> = Vec::new();
        let longest = compress::longest(most) as usize + descriptors::MOST;
        block.try_reserve_exact(longest).map_err(|_| Failure::out_of_memory(longest))?;
        let colours = own.as_ref().map(|dots| dots.palette.colours());
        // Some programs clear to a colour where nothing is said to be clear.
        let clear = numbers.contains(&CLEAR) || after == After::Clear;
        descriptors::frame(place, after, clear, colours, &mut block);
        let largest = numbers.iter().copied().max().unwrap_or(0);
        let least = (u8::BITS - largest.leading_zeros()).max(2) as u8;
        self.compressor.run(&numbers, least, &mut block);
        self.push(&block)
    }

    /// Adds a frame, without what is only reserved for it.
    fn push(&mut self, block: &[u8]) -> Result<(), Failure> {
        self.length += block.len() as u64;
        if self.length > limits::FRAMES_BYTES {
            let limit = limits::FRAMES_BYTES;
            return Err(Failure::too_large("bytes of an animation", limit, self.length));
        }
        let mut tight: Vec<u8> = zeros(block.len())?;
        tight.copy_from_slice(block);
        self.frames.try_reserve(1).map_err(|_| Failure::out_of_memory(size_of::<Vec<u8>>()))?;
        self.frames.push(tight);
        Ok(())
    }

    /// Says in the last frame how long it is shown, in hundredths of a second: what is too much or too
    /// little is made up for by the next one. No time becomes one that browsers change.
    fn settle(&mut self) {
        let meant = i64::from(self.milliseconds);
        let hundredths = if can_be_summed(self.milliseconds, u32::MAX) {
            let meant = meant + self.owed;
            let hundredths = ((meant + 5) / 10).clamp(2, u16::MAX.into());
            self.owed = (meant - hundredths * 10).clamp(-10, 10);
            hundredths
        } else {
            meant / 10
        };
        if let Some(frame) = self.frames.last_mut() {
            descriptors::set_delay(frame, hundredths as u16);
        }
    }

    fn file(mut self) -> Result<Vec<u8>, Failure> {
        self.settle();
        let mut file: Vec<u8> = Vec::new();
        let length = self.length as usize + descriptors::MOST;
        file.try_reserve_exact(length).map_err(|_| Failure::out_of_memory(length))?;
        descriptors::head(self.size, self.dots.palette.colours(), self.plays, &mut file);
        self.frames.iter().for_each(|frame| file.extend_from_slice(frame));
        file.push(descriptors::TRAILER);
        Ok(file)
    }
}

/// Where something has to be written, but nothing changed.
const POINT: Rectangle = Rectangle { left: 0, top: 0, size: Size { width: 1, height: 1 } };

/// Whether a pixel is written: it is seen, and not there yet.
#[inline(always)]
fn is_news(shown: &[u8; 4], pixel: &[u8; 4]) -> bool {
    pixel[3] > 0 && shown != pixel && differs(shown, pixel, TOLERANCE)
}

/// The colours of a row that are written.
fn pixels(shown: &[u8], row: &[u8]) -> impl Iterator<Item = Option<[u8; 4]>> {
    let pairs = shown.as_chunks::<4>().0.iter().zip(row.as_chunks::<4>().0);
    pairs.map(|(shown, pixel)| is_news(shown, pixel).then_some(*pixel))
}

/// Whether anything that is shown is not in the next frame.
fn vanishes(shown: &Raster, frame: &Raster) -> bool {
    let mut pairs = shown.samples.as_chunks::<4>().0.iter().zip(frame.samples.as_chunks::<4>().0);
    pairs.any(|(shown, pixel)| shown[3] > pixel[3])
}

/// As large, and transparent.
fn blank(frame: &Raster) -> Result<Raster, Failure> {
    Ok(Raster { samples: zeros(frame.samples.len())?, ..*frame })
}

/// RGBA whose alpha is 0 or 255.
fn seen(raster: &Raster) -> Result<Raster, Failure> {
    let count = raster.channels.count();
    let mut samples: Vec<u8> = zeros(raster.size.pixels() as usize * 4)?;
    let places = samples.as_chunks_mut::<4>().0.iter_mut();
    for (place, pixel) in places.zip(raster.samples.chunks_exact(count)) {
        *place = match *pixel {
            [grey] => [grey, grey, grey, 255],
            [grey, SEEN..=255] => [grey, grey, grey, 255],
            [r, g, b] | [r, g, b, SEEN..=255] => [r, g, b, 255],
            _ => [0; 4],
        };
    }
    Ok(Raster { size: raster.size, channels: Channels::Rgba, samples })
}
