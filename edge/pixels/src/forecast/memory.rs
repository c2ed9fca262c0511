//! The most bytes in use at once, step by step as the pipeline goes.

use selvedge_plan::geometry::Size;
use selvedge_plan::orientation::Turn;

use super::{Blueprint, SLACK, Written};
use crate::codec::Form;
use crate::compose::composed;
use crate::draw::drawn;
use crate::frame::framed;
use crate::join;
use crate::raster::{Channels, Space};
use crate::reduce::Reduce;

/// What is held, and the most that ever was.
struct Tally {
    held: u64,
    most: u64,
}

impl Tally {
    /// A step that makes something of `bytes` out of what is held.
    fn make(&mut self, bytes: u64) {
        self.beside(bytes);
        self.held = bytes;
    }

    /// A step that needs `bytes` beside what is held.
    fn beside(&mut self, bytes: u64) {
        self.most = self.most.max(self.held.saturating_add(bytes));
    }
}

fn bytes(size: Size, channels: Channels) -> u64 {
    size.pixels() * channels.count() as u64
}

impl Blueprint {
    /// Upper bound of bytes allocated at once, without the source.
    pub(super) fn memory(&self) -> u64 {
        let beside = [self.colours.kept(), self.load.memory(), SLACK];
        beside.into_iter().fold(self.most(), u64::saturating_add)
    }

    /// The same without what is kept of the source all the time.
    fn most(&self) -> u64 {
        let ways = self.ways();
        let way_channels = self.channels_on_way();
        let reduced: u64 = ways.iter().map(|way| way.memory(way_channels)).sum();
        let held = ways.iter().map(Reduce::pixels).sum::<u64>() * way_channels.count() as u64;
        let most = self.held + self.colours.memory().max(self.decode.memory + reduced);
        let mut tally = Tally { held, most };
        let channels =
            if self.stays_planar { self.planes(&mut tally) } else { self.pixels(&mut tally) };
        let canvas = self.place.canvas;
        if let Some(encode) = self.encode {
            if encode.takes_planes() && !self.stays_planar {
                // Pixels are made planes, and alpha one of its own.
                let alpha = if channels.has_alpha() { canvas.pixels() } else { 0 };
                let grey = channels.count() < 3;
                tally.make(self.bytes_of_planes(canvas, grey) + alpha);
            }
            let file = (encode.memory)(canvas, channels, self.style);
            let again = self.ceiling.map_or(0, |ceiling| ceiling.memory(tally.held, file));
            tally.beside(file.saturating_add(again));
        }
        if let Some(film) = self.film.as_ref().filter(|film| film.is_played()) {
            // Canvas, decoder and file are there all the time.
            let written = self
                .written
                .animation()
                .map_or(0, |write| (write.memory)(canvas, channels, self.style, film.shown()));
            return tally.most + self.decode.memory + written;
        }
        match self.written {
            // The file, and an address that is longer by a third.
            Written::DataUrl(_) => tally.most = tally.most.max(3 * bytes(canvas, channels)),
            Written::Note(note) => tally.beside(note.memory(canvas, channels)),
            Written::File(_) | Written::Pixels => {}
        }
        tally.most
    }

    /// The channels of the finished pixels.
    pub(super) fn finished(&self) -> Channels {
        let mut tally = Tally { held: 0, most: 0 };
        if self.stays_planar { self.planes(&mut tally) } else { self.pixels(&mut tally) }
    }

    /// From scaled planes to those that are encoded.
    fn planes(&self, tally: &mut Tally) -> Channels {
        if self.turn != Turn::NONE {
            // One plane at a time.
            tally.beside(self.layout.scaled.pixels());
        }
        let grey = self.space() == Some(Space::Grey);
        if self.place.canvas != self.layout.scaled {
            tally.make(self.bytes_of_planes(self.place.canvas, grey));
        }
        self.form.channels()
    }

    /// From what was scaled to the finished pixels.
    fn pixels(&self, tally: &mut Tally) -> Channels {
        let mut size = self.layout.scaled;
        let mut channels = self.form.channels();
        if let Some((_, size, way)) = self.joined() {
            tally.make(way.memory(channels) + join::memory(size.width.into()));
        }
        if self.colours.kind().is_some() {
            tally.beside(self.colours.memory() + bytes(size, channels));
        }
        if matches!(self.form, Form::Planes(_)) && self.space() != Some(Space::Grey) {
            tally.make(bytes(size, channels));
        }
        if self.turn != Turn::NONE {
            tally.make(bytes(size, channels));
        }
        if let Some(retouch) = &self.retouch {
            let (most, held) = retouch.memory(size, channels);
            tally.most = tally.most.max(most);
            tally.held = held;
            channels = retouch.channels(channels);
        }
        if (self.radius.is_some() || self.tilt.is_some()) && !channels.has_alpha() {
            channels = channels.with_alpha();
            tally.make(bytes(size, channels));
        }
        if let Some(tilt) = &self.tilt {
            size = tilt.size;
            tally.make(bytes(size, channels));
        }
        let canvas = self.place.canvas;
        if let Some(colour) = self.background
            && (canvas != size || channels.has_alpha())
        {
            channels = composed(channels, colour);
            tally.make(bytes(canvas, channels));
        }
        if let Some(border) = &self.border
            && framed(channels, border.colour) != channels
        {
            channels = framed(channels, border.colour);
            tally.make(bytes(canvas, channels));
        }
        if !self.draw.is_empty() && drawn(channels, &self.draw) != channels {
            channels = drawn(channels, &self.draw);
            tally.make(bytes(canvas, channels));
        }
        if let Some(colour) = self.under
            && channels.has_alpha()
        {
            channels = composed(channels, colour);
            tally.make(bytes(canvas, channels));
        }
        channels
    }

    fn bytes_of_planes(&self, size: Size, grey: bool) -> u64 {
        let pixels = size.pixels();
        if grey {
            return pixels;
        }
        pixels + 2 * pixels.div_ceil(u64::from(self.chroma.0 * self.chroma.1)) + 4_096
    }
}
