//! Reading the AC scans of progressive files (ITU-T T.81 §G.1.2).

use super::ahead::Ahead;
use super::bits::Bits;
use super::block::Places;
use super::frame::Scan;
use super::huffman::{Table, extend, parts};
use super::restart::Restarts;
use super::tables::missing;
use crate::failure::Failure;

/// How the blocks of a component lie.
#[derive(Clone, Copy)]
pub struct Grid {
    /// Blocks of a row, with those that only fill up the last unit.
    pub stride: usize,
    /// Blocks across and down that a scan of this component alone has.
    pub own: (usize, usize),
}

/// Reads an AC scan of one component.
pub fn ac_scan<const N: usize>(
    bits: &mut Bits<'_>,
    scan: &Scan,
    table: &Table,
    restart: u32,
    grid: Grid,
    blocks: &mut [[i16; N]],
    masks: &mut [u64],
) -> Result<(), Failure> {
    let mut restarts = Restarts::new(restart);
    // Blocks, this one included, that have nothing new.
    let mut empty = 0;
    for y in 0..grid.own.1 {
        let row = y * grid.stride..y * grid.stride + grid.own.0;
        let (Some(blocks), Some(masks)) = (blocks.get_mut(row.clone()), masks.get_mut(row)) else {
            return Err(missing());
        };
        for (block, mask) in blocks.iter_mut().zip(masks) {
            if restarts.due(bits)? {
                empty = 0;
            }
            if scan.high > 0 {
                if bits.unit()? {
                    refine(bits, scan, table, block, mask, &mut empty);
                }
            } else if empty > 0 {
                empty -= 1;
            } else if bits.unit()? {
                first(bits, scan, table, block, mask, &mut empty);
            }
        }
    }
    Ok(())
}

/// A block of the first scan of a band (T.81 §G.1.2.2).
#[inline(always)]
fn first<const N: usize>(
    bits: &mut Bits<'_>,
    scan: &Scan,
    table: &Table,
    block: &mut [i16; N],
    mask: &mut u64,
    empty: &mut u32,
) {
    let mut ahead = bits.ahead;
    let mut broken = false;
    let mut k = scan.first;
    while k <= scan.last {
        // No symbol takes more.
        if ahead.count < 32 {
            bits.refill_into(&mut ahead);
        }
        let value;
        if let Some(symbol) = table.short(&mut ahead) {
            k += symbol.advance - 1;
            value = symbol.value;
        } else {
            let (run, size) = parts(table.next_code(&mut ahead, &mut broken), true);
            if size == 0 && run < 15 {
                *empty = (1 << run) - 1 + ahead.take(run);
                break;
            }
            k += run;
            value = extend(ahead.take(size), size);
        }
        if value != 0 {
            broken |= k > scan.last;
            *mask |= 1 << (k & 63);
            if Places::<N>::KEPT >> (k & 63) & 1 != 0 {
                block[Places::<N>::ALL.of(k)] = value << scan.low;
            }
        }
        k += 1;
    }
    bits.broken |= broken;
    bits.ahead = ahead;
}

/// A block of a refinement (T.81 §G.1.2.3).
#[inline(always)]
fn refine<const N: usize>(
    bits: &mut Bits<'_>,
    scan: &Scan,
    table: &Table,
    block: &mut [i16; N],
    mask: &mut u64,
    empty: &mut u32,
) {
    let mut ahead = bits.ahead;
    let mut broken = false;
    let band = scan.band();
    let before = *mask & band;
    // The places of the band that are still to come.
    let mut rest = band;
    while *empty == 0 && rest != 0 {
        bits.refill_into(&mut ahead);
        let (mut run, size) = parts(table.next_code(&mut ahead, &mut broken), true);
        let mut value = 0;
        match size {
            0 if run < 15 => {
                *empty = (1 << run) + ahead.take(run);
                break;
            }
            0 => {}
            _ => {
                broken |= size > 1;
                value = if ahead.take(1) != 0 { 1 } else { -1 };
            }
        }
        // The place after `run` zeros: its lowest bit, and all that is below it.
        let mut zeros = rest & !before;
        while run > 0 && zeros != 0 {
            zeros &= zeros - 1;
            run -= 1;
        }
        let place = zeros & zeros.wrapping_neg();
        let passed = rest & place.wrapping_sub(1);
        correct(bits, &mut ahead, scan.low, passed & before, block);
        rest &= !(passed | place);
        if value != 0 {
            broken |= place == 0;
            *mask |= place;
            if Places::<N>::KEPT & place != 0 {
                block[Places::<N>::ALL.of(place.trailing_zeros())] = value << scan.low;
            }
        }
    }
    if *empty > 0 {
        *empty -= 1;
        correct(bits, &mut ahead, scan.low, rest & before, block);
    }
    bits.broken |= broken;
    bits.ahead = ahead;
}

/// Reads one more bit of each coefficient in `places`, which are all non-zero.
#[inline(always)]
fn correct<const N: usize>(
    bits: &mut Bits<'_>,
    ahead: &mut Ahead,
    low: u32,
    mut places: u64,
    block: &mut [i16; N],
) {
    while places != 0 {
        bits.refill_into(ahead);
        // As many as surely are ahead; the first comes in the top bit.
        let count = places.count_ones().min(32);
        let more = ahead.peek(count);
        ahead.skip(count);
        let (these, rest) = lowest(places, count);
        let mut kept = these & Places::<N>::KEPT;
        while kept != 0 {
            let place = kept & kept.wrapping_neg();
            kept ^= place;
            let order = (these & (place - 1)).count_ones();
            if more >> (count - 1 - order) & 1 != 0 {
                let value = &mut block[Places::<N>::ALL.of(place.trailing_zeros())];
                *value += value.signum() << low;
            }
        }
        places = rest;
    }
}

/// The `count` lowest ones of a mask, and the others.
#[inline(always)]
fn lowest(mask: u64, count: u32) -> (u64, u64) {
    if mask.count_ones() <= count {
        return (mask, 0);
    }
    let rest = (0..count).fold(mask, |rest, _| rest & rest.wrapping_sub(1));
    (mask & !rest, rest)
}
