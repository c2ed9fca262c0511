//! Decoding a file: its segments in order, its scans as they come.

use super::frame::{Frame, Scan};
use super::header::{Segment, Segments};
use super::plane::Blocks;
use super::progressive::Progressive;
use super::sequential;
use super::tables::Tables;
use crate::budget::Job;
use crate::codec::Header;
use crate::failure::Failure;
use crate::raster::Channels;
use crate::reduce::Reduce;

/// Most scans of a file. The usual scripts have ten or so; each costs a pass over the picture, and a
/// bomb has tens of thousands.
const SCANS: usize = 64;

/// Most segments that are passed over as damaged before no more are looked for.
const FAULTS: usize = 64;

/// Half of white: what is missing becomes, in luma as in chroma.
const GREY: u8 = 128;

/// Decodes each component into its way, at its way's scale.
pub fn decode(
    file: &[u8],
    _header: &Header,
    ways: &mut [Reduce],
    job: &Job<'_>,
) -> Result<(), Failure> {
    for way in ways.iter_mut() {
        way.begin(Channels::Grey, job)?;
    }
    let mut picture = Picture {
        file,
        segments: Segments::new(file),
        tables: Tables::default(),
        frame: None,
        progressive: None,
        given: vec![false; ways.len()],
        scans: 0,
        is_begun: false,
        ways,
        job,
    };
    let mut faults = 0;
    loop {
        match picture.segment() {
            Ok(true) => {}
            Ok(false) => break,
            Err(failure) if picture.is_begun => {
                job.damage().forgive(failure)?;
                faults += 1;
                if faults == FAULTS || !picture.segments.search() {
                    break;
                }
            }
            // There is nothing to keep yet.
            Err(failure) => return Err(failure),
        }
    }
    picture.finish()
}

/// A picture that is being read.
struct Picture<'a, 'j> {
    file: &'a [u8],
    segments: Segments<'a>,
    tables: Tables,
    frame: Option<Frame>,
    /// The coefficients, if the frame is progressive.
    progressive: Option<Progressive>,
    /// Of a sequential frame, which components came.
    given: Vec<bool>,
    scans: usize,
    /// Whether a scan was read.
    is_begun: bool,
    ways: &'a mut [Reduce],
    job: &'a Job<'j>,
}

impl Picture<'_, '_> {
    /// Reads the next segment, and the data of a scan behind its header. `false` at the end.
    fn segment(&mut self) -> Result<bool, Failure> {
        let Segment { marker, payload } = match self.segments.next() {
            Ok(Some(segment)) => segment,
            Ok(None) => return Ok(false),
            // Many files lack their last marker; what counts is whether all of the picture was there.
            Err(Failure::Truncated(_)) if self.is_complete() => return Ok(false),
            Err(Failure::Truncated(_)) if self.is_begun => {
                return Err(Failure::truncated("picture data"));
            }
            Err(failure) => return Err(failure),
        };
        match (marker, &self.frame) {
            (0xc0..=0xc2, None) => self.begin(Frame::read(payload, marker == 0xc2)?)?,
            (0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf, _) => {
                return Err(Failure::malformed("two frame headers"));
            }
            (0xda, Some(frame)) => {
                let scan = Scan::read(payload, frame)?;
                self.scan(&scan)?;
            }
            (0xda, None) => return Err(Failure::malformed("a scan before the frame header")),
            _ => self.tables.read(marker, payload)?,
        }
        Ok(true)
    }

    fn begin(&mut self, frame: Frame) -> Result<(), Failure> {
        if frame.components.len() != self.ways.len() {
            return Err(Failure::malformed("two frame headers"));
        }
        if frame.progressive {
            let at = self.segments.at();
            self.progressive = Some(Progressive::new(&frame, self.ways, self.file, at)?);
        }
        self.frame = Some(frame);
        Ok(())
    }

    fn scan(&mut self, scan: &Scan) -> Result<(), Failure> {
        self.scans += 1;
        if self.scans > SCANS {
            return Err(Failure::too_large("JPEG scans", SCANS as u64, self.scans as u64));
        }
        let (file, at, damage) = (self.file, self.segments.at(), self.job.damage());
        // However lenient, a picture of which there is nothing is none.
        if at >= file.len() && !self.is_begun {
            return Err(Failure::truncated("picture data"));
        }
        let end = match (&mut self.progressive, &self.frame) {
            (Some(progressive), _) => progressive.scan(file, at, scan, &self.tables, damage)?,
            (None, Some(frame)) => {
                for (index, ..) in &scan.components {
                    if self.given.get(*index).is_none_or(|given| *given) {
                        return Err(Failure::malformed("a component comes twice"));
                    }
                }
                let end =
                    sequential::scan(file, at, frame, scan, &mut self.tables, self.ways, damage)?;
                for (index, ..) in &scan.components {
                    if let Some(given) = self.given.get_mut(*index) {
                        *given = true;
                    }
                }
                end
            }
            (None, None) => return Ok(()),
        };
        self.is_begun = true;
        self.segments.go(end);
        Ok(())
    }

    /// Whether all of the picture came.
    fn is_complete(&self) -> bool {
        match &self.progressive {
            Some(progressive) => progressive.is_complete(),
            None => self.given.iter().all(|given| *given),
        }
    }

    /// Gives what the scans left behind.
    fn finish(self) -> Result<(), Failure> {
        let Some(frame) = self.frame.filter(|_| self.is_begun) else {
            return Err(Failure::truncated("picture data"));
        };
        if let Some(mut progressive) = self.progressive {
            return progressive.give(&frame, &self.tables, self.ways, self.job.damage());
        }
        let parts = frame.components.iter().zip(self.ways).zip(&self.given);
        for ((component, way), _) in parts.filter(|(_, given)| !**given) {
            self.job.damage().forgive(Failure::truncated("picture data"))?;
            let (plane, denominator) = (frame.plane(component), way.denominator());
            let mut row = self.job.bytes(plane.width.div_ceil(denominator) as usize)?;
            row.fill(GREY);
            (0..plane.height.div_ceil(denominator)).for_each(|_| way.row(&row));
        }
        Ok(())
    }
}

/// Upper bound of what decoding allocates besides the ways' own: tables, the window, and for each
/// component a row of units in coefficients and a strip of samples.
pub fn memory(header: &Header, denominators: &[u32]) -> u64 {
    const TABLES: u64 = 8 * (4_096 * (4 + 4 + 2) + 1_024 + 512) + (24 << 10);
    let planes = header.planes();
    let largest_across = planes.iter().map(|(across, _)| u64::from(*across)).max().unwrap_or(1);
    let largest_down = planes.iter().map(|(_, down)| u64::from(*down)).max().unwrap_or(1);
    let units = u64::from(header.size.width).div_ceil(8 * largest_across);
    let rows = u64::from(header.size.height).div_ceil(8 * largest_down);
    let each = planes.iter().zip(denominators).map(|((across, down), denominator)| {
        let (across, down) = (u64::from(*across), u64::from(*down));
        let side = u64::from(8 / denominator);
        let row = units * across;
        let strip = (row + 1) * side * side;
        let held = if header.progressive { rows * down * row } else { 0 };
        let mask = if *denominator < 8 { 8 } else { 0 };
        row * down * Blocks::bytes(*denominator)
            + strip
            + held * (Blocks::bytes(*denominator) + mask)
    });
    TABLES + each.sum::<u64>()
}
