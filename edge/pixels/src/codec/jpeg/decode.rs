//! Decoding a file: its segments in order, its scans as they come.

use super::ac::Restarts;
use super::bits::Bits;
use super::block::Coding;
use super::frame::{Frame, Scan};
use super::header::{Segment, Segments};
use super::plane::{Blocks, Strip};
use super::progressive::Progressive;
use super::tables::{Tables, missing};
use crate::budget::Job;
use crate::codec::Header;
use crate::failure::Failure;
use crate::raster::Channels;
use crate::reduce::Reduce;

/// Most scans of a file. The usual scripts have ten or so; each costs a pass over the picture, and a
/// bomb has tens of thousands.
const SCANS: usize = 64;

/// Decodes each component into its way, at its way's scale.
pub fn decode(
    file: &[u8],
    _header: &Header,
    ways: &mut [Reduce],
    job: &Job<'_>,
) -> Result<(), Failure> {
    let mut segments = Segments::new(file);
    let mut tables = Tables::default();
    let mut frame: Option<Frame> = None;
    let mut progressive: Option<Progressive> = None;
    let mut given = 0;
    for way in ways.iter_mut() {
        way.begin(Channels::Grey, job)?;
    }
    let mut scans = 0;
    loop {
        let complete =
            given == ways.len() || progressive.as_ref().is_some_and(Progressive::is_complete);
        let Segment { marker, payload } = match segments.next() {
            Ok(Some(segment)) => segment,
            Ok(None) => break,
            // Many files lack their last marker; what counts is whether all of the picture was there.
            Err(Failure::Truncated(_)) if complete => break,
            Err(failure) => return Err(failure),
        };
        match (marker, &frame) {
            (0xc0..=0xc2, None) => {
                let read = Frame::read(payload, marker == 0xc2)?;
                if read.components.len() != ways.len() {
                    return Err(Failure::malformed("two frame headers"));
                }
                if read.progressive {
                    progressive = Some(Progressive::new(&read, ways, file, segments.at())?);
                }
                frame = Some(read);
            }
            (0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf, _) => {
                return Err(Failure::malformed("two frame headers"));
            }
            (0xda, Some(frame)) => {
                scans += 1;
                if scans > SCANS {
                    return Err(Failure::too_large("JPEG scans", SCANS as u64, scans as u64));
                }
                let scan = Scan::read(payload, frame)?;
                let at = match &mut progressive {
                    Some(progressive) => progressive.scan(file, segments.at(), &scan, &tables)?,
                    None => {
                        given += scan.components.len();
                        if given > ways.len() {
                            return Err(Failure::malformed("a component comes twice"));
                        }
                        sequential(file, segments.at(), frame, &scan, &mut tables, ways)?
                    }
                };
                segments.go(at);
            }
            (0xda, None) => return Err(Failure::malformed("a scan before the frame header")),
            _ => tables.read(marker, payload)?,
        }
    }
    if let (Some(mut progressive), Some(frame)) = (progressive, frame) {
        return progressive.give(&frame, &tables, ways);
    }
    Ok(())
}

/// A component of a scan, with what its blocks are decoded with and where they go.
struct Lane<'a> {
    coding: Coding<'a>,
    /// Blocks of a unit, across and down.
    across: usize,
    down: usize,
    /// Blocks of a row.
    count: usize,
    /// The last DC value.
    before: i32,
    blocks: Blocks,
    strip: Strip,
    way: &'a mut Reduce,
    /// Rows of samples still to come.
    rows: u32,
}

/// Decodes a scan of a sequential frame. Gives the place of the marker that follows.
fn sequential(
    file: &[u8],
    at: usize,
    frame: &Frame,
    scan: &Scan,
    tables: &mut Tables,
    ways: &mut [Reduce],
) -> Result<usize, Failure> {
    // At full size every coefficient is kept, and none passed over.
    let scales = ways.iter().any(|way| way.denominator() > 1);
    for (_, _, ac) in &scan.components {
        if let Some(Some(table)) = tables.ac.get_mut(*ac) {
            table.prepare_pairs();
            if scales {
                table.prepare_skips();
            }
        }
    }
    let steps = tables.padded_steps();
    let interleaved = scan.components.len() > 1;
    let mut units = frame.units();
    let mut lanes = Vec::new();
    for (index, way) in ways.iter_mut().enumerate() {
        let Some((_, dc, ac)) = scan.components.iter().find(|(i, ..)| *i == index) else {
            continue;
        };
        let component = frame.components.get(index).ok_or_else(missing)?;
        let plane = frame.plane(component);
        let (across, down) = if interleaved {
            (component.across as usize, component.down as usize)
        } else {
            // A component by itself has no units beyond its own blocks (T.81 §A.2.2).
            units = (plane.width.div_ceil(8), plane.height.div_ceil(8));
            (1, 1)
        };
        let count = units.0 as usize * across;
        let blocks = Blocks::new(count * down, way.denominator())?;
        lanes.push(Lane {
            coding: Coding {
                dc: tables.dc.get(*dc).and_then(Option::as_ref).ok_or_else(missing)?,
                ac: tables.ac.get(*ac).and_then(Option::as_ref).ok_or_else(missing)?,
                steps: steps.get(component.table).and_then(Option::as_ref).ok_or_else(missing)?,
            },
            across,
            down,
            count,
            before: 0,
            strip: Strip::new(count, blocks.side()),
            blocks,
            rows: plane.height.div_ceil(way.denominator()),
            way,
        });
    }

    let mut bits = Bits::new(file, at);
    let mut restarts = Restarts::new(tables.restart);
    for _ in 0..units.1 {
        for unit in 0..units.0 as usize {
            if restarts.due(&mut bits)? {
                for lane in &mut lanes {
                    lane.before = 0;
                }
            }
            bits.unit()?;
            for lane in &mut lanes {
                for y in 0..lane.down {
                    let first = y * lane.count + unit * lane.across;
                    for x in first..first + lane.across {
                        lane.blocks.decode(x, &mut bits, &lane.coding, &mut lane.before);
                    }
                }
            }
        }
        for lane in &mut lanes {
            for y in 0..lane.down {
                lane.strip.give(&lane.blocks, y * lane.count, lane.count, lane.rows, lane.way);
                lane.rows = lane.rows.saturating_sub(lane.blocks.side() as u32);
            }
            lane.blocks.clear();
        }
    }
    bits.finish()
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
