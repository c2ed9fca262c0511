//! Decoding the first frame, row by row, on a transparent screen.

use super::blocks::{Blocks, Frame};
use super::frames::{Colours, order};
use super::lzw;
use crate::budget::Job;
use crate::codec::{Header, packed};
use crate::failure::Failure;
use crate::raster::Channels;
use crate::reduce::Reduce;

/// Decodes to RGB, or RGBA where the frame leaves something transparent.
pub fn decode(
    file: &[u8],
    header: &Header,
    ways: &mut [Reduce],
    job: &Job<'_>,
) -> Result<(), Failure> {
    let mut blocks = Blocks::new(file)?;
    let frame = blocks.next_frame()?.ok_or(Failure::truncated("first frame"))?;
    let colours = Colours::of(&frame, blocks.palette)?;
    let (way, channels) = packed(header, ways)?;
    way.begin(channels, job)?;
    let mut screen = Screen::new(header, &frame, &colours, way, channels, job)?;
    let (wide, high) = (frame.size.width as usize, frame.size.height as usize);
    let mut rows = lzw::Rows::new(wide)?;
    let mut rows = rows.of(&frame)?;
    if !frame.interlaced {
        for _ in 0..high {
            match rows.next_row() {
                Ok(row) => screen.row(Some(row)),
                Err(failure) => {
                    job.damage().forgive(failure)?;
                    break;
                }
            }
        }
        screen.finish();
        return Ok(());
    }
    // Rows that come in several passes are held until all are there.
    let mut held = job.bytes(wide * high)?;
    let mut came = job.bytes(high)?;
    for y in order(high, true) {
        match rows.next_row() {
            Ok(row) => {
                held.get_mut(y * wide..(y + 1) * wide).unwrap_or_default().copy_from_slice(row);
                came.get_mut(y).into_iter().for_each(|came| *came = 1);
            }
            Err(failure) => {
                job.damage().forgive(failure)?;
                break;
            }
        }
    }
    for (row, came) in held.chunks_exact(wide.max(1)).zip(came) {
        screen.row((came != 0).then_some(row));
    }
    screen.finish();
    Ok(())
}

/// The screen under way.
struct Screen<'a> {
    frame: &'a Frame<'a>,
    colours: &'a Colours,
    way: &'a mut Reduce,
    channels: Channels,
    /// A row of RGBA, and of RGB.
    row: Vec<u8>,
    narrow: Vec<u8>,
    /// The next row, and how many there are.
    y: u32,
    high: u32,
}

impl<'a> Screen<'a> {
    fn new(
        header: &Header,
        frame: &'a Frame<'a>,
        colours: &'a Colours,
        way: &'a mut Reduce,
        channels: Channels,
        job: &Job<'_>,
    ) -> Result<Self, Failure> {
        let (wide, high) = (header.size.width as usize, header.size.height);
        let (row, narrow) = (job.bytes(wide * 4)?, job.bytes(wide * 3)?);
        let mut screen = Self { frame, colours, way, channels, row, narrow, y: 0, high };
        screen.blank(frame.top);
        Ok(screen)
    }

    /// Takes the next row of the frame, if it came.
    fn row(&mut self, indices: Option<&[u8]>) {
        self.y += 1;
        if !self.way.wants(1) {
            return;
        }
        self.row.fill(0);
        let pixels = self.row.as_chunks_mut::<4>().0;
        let place = pixels.get_mut(self.frame.left as usize..).unwrap_or_default();
        self.colours.paint(indices.unwrap_or_default(), place);
        if self.channels == Channels::Rgba {
            self.way.row(&self.row);
            return;
        }
        for (place, [r, g, b, _]) in self.narrow.as_chunks_mut().0.iter_mut().zip(&*pixels) {
            *place = [*r, *g, *b];
        }
        self.way.row(&self.narrow);
    }

    /// Gives what is below the frame, or was not there.
    fn finish(mut self) {
        self.blank(self.high.saturating_sub(self.y));
    }

    fn blank(&mut self, rows: u32) {
        for _ in 0..rows {
            self.row(None);
        }
    }
}

/// The tables, some rows, and the frame if it may be interlaced.
pub fn memory(header: &Header, _denominators: &[u32]) -> u64 {
    let (wide, high) = (u64::from(header.size.width), u64::from(header.size.height));
    let held = if header.progressive { wide * high + high } else { 0 };
    lzw::memory(wide) + wide * 7 + held + (4 << 10)
}
