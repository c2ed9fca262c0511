//! Sequential files (ITU-T T.81 §F): rows of samples come as the scan is read.

use super::bits::Bits;
use super::block::Coding;
use super::frame::{Frame, Scan};
use super::plane::{Blocks, Strip};
use super::restart::Restarts;
use super::tables::{Tables, missing};
use crate::damage::Damage;
use crate::failure::Failure;
use crate::reduce::Reduce;

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
pub fn scan(
    file: &[u8],
    at: usize,
    frame: &Frame,
    scan: &Scan,
    tables: &mut Tables,
    ways: &mut [Reduce],
    damage: &Damage,
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

    let mut bits = Bits::new(file, at, damage)?;
    let mut restarts = Restarts::new(tables.restart);
    for _ in 0..units.1 {
        for unit in 0..units.0 as usize {
            if restarts.due(&mut bits)? {
                for lane in &mut lanes {
                    lane.before = 0;
                }
            }
            if !bits.unit()? {
                continue;
            }
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
