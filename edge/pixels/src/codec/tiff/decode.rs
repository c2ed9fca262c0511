//! Decoding row by row: each column of chunks gives its part.

use super::chunks::Column;
use super::layout::{Layout, Meaning};
use super::samples::{self, Pixels};
use crate::budget::Job;
use crate::codec::{Form, Header};
use crate::failure::Failure;
use crate::raster::{Channels, Space};
use crate::reduce::Reduce;

/// Decodes to 8 bits a sample; inks to planes, inverted as they are in JPEG.
pub fn decode(
    file: &[u8],
    header: &Header,
    ways: &mut [Reduce],
    job: &Job<'_>,
) -> Result<(), Failure> {
    let layout = Layout::read(file)?;
    let palette = match layout.meaning {
        Meaning::Palette => layout.palette()?,
        _ => Vec::new(),
    };
    let pixels = Pixels::new(&layout, palette);
    let channels = match header.form {
        Form::Packed(channels) => channels,
        Form::Planes(_) => Channels::Grey,
    };
    for way in ways.iter_mut() {
        way.begin(channels, job)?;
    }
    let mut rows = Rows::new(&layout, job)?;
    let (width, step) = (layout.size.width as usize, layout.samples as usize);
    let mut row = job.bytes(width * channels.count())?;
    let mut is_whole = true;
    for y in 0..layout.size.height {
        if is_whole && let Err(failure) = rows.next_row(y, job) {
            job.damage().forgive(failure)?;
            is_whole = false;
        }
        if !is_whole {
            rows.samples.fill(0);
        }
        for (plane, way) in ways.iter_mut().enumerate() {
            if !way.wants(1) {
                continue;
            }
            let found = rows.samples.chunks_exact(step);
            let places = row.chunks_exact_mut(channels.count()).zip(found);
            if layout.meaning == Meaning::Inks {
                places.for_each(|(place, samples)| {
                    let ink = samples.get(plane).copied().unwrap_or(0);
                    place.fill(255 - ink);
                });
            } else {
                places.for_each(|(place, samples)| pixels.put(samples, place));
            }
            way.row(&row);
        }
    }
    Ok(())
}

/// Rows of samples.
struct Rows<'a, 'l> {
    layout: &'l Layout<'a>,
    /// Of each plane those side by side.
    columns: Vec<Column<'a>>,
    stored: Vec<u8>,
    samples: Vec<u8>,
}

impl<'a, 'l> Rows<'a, 'l> {
    fn new(layout: &'l Layout<'a>, job: &Job<'_>) -> Result<Self, Failure> {
        let (_, planes) = layout.planes();
        let count = planes as usize * layout.across() as usize;
        let mut columns = Vec::new();
        columns
            .try_reserve_exact(count)
            .map_err(|_| Failure::out_of_memory(count * size_of::<Column<'_>>()))?;
        for _ in 0..count {
            columns.push(Column::new(layout.compression)?);
        }
        let samples = job.bytes(layout.size.width as usize * layout.samples as usize)?;
        Ok(Self { layout, columns, stored: job.bytes(layout.stride())?, samples })
    }

    /// Reads the row `y`, the one after the last.
    fn next_row(&mut self, y: u32, job: &Job<'_>) -> Result<(), Failure> {
        let layout = self.layout;
        let (across, high) = (layout.across(), layout.chunk.height);
        let (together, step) = (layout.planes().0 as usize, layout.samples as usize);
        let wide = layout.chunk.width as usize;
        for (index, column) in (0..).zip(&mut self.columns) {
            let (plane, x) = (index / across, index % across);
            if y.is_multiple_of(high) {
                column.begin(layout, layout.stored(plane, x, y / high), job)?;
            }
            column.read(&mut self.stored)?;
            if layout.differences {
                samples::sum_up(layout, &mut self.stored);
            }
            // Where its first sample belongs. What lies beyond the edge has no place.
            let start = x as usize * wide * step + plane as usize;
            let part = self.samples.get_mut(start..).unwrap_or_default();
            if together == step {
                let length = (wide * step).min(part.len());
                let part = part.get_mut(..length).unwrap_or_default();
                samples::unpack(layout, &self.stored, |at, sample| {
                    part.get_mut(at).into_iter().for_each(|place| *place = sample);
                });
            } else {
                samples::unpack(layout, &self.stored, |at, sample| {
                    if at < wide {
                        part.get_mut(at * step).into_iter().for_each(|place| *place = sample);
                    }
                });
            }
        }
        Ok(())
    }
}

/// A row of samples and one of pixels, and the palette. What columns take is added for each file.
pub fn memory(header: &Header, _denominators: &[u32]) -> u64 {
    let inks = matches!(&header.form, Form::Planes(planes) if planes.space == Space::Cmyk);
    let channels = if inks { 1 } else { header.form.channels().count() as u64 };
    u64::from(header.size.width) * (8 + channels) + (4 << 10)
}
