//! Directional prediction (AV1 §7.11.2.4), with neither edge filtered nor upsampled.

use super::Mode;
use super::border::{BEFORE, Border, LENGTH};
use super::lines::lines_mut;
use crate::simd::{I16x8, transpose};

/// By how many 64ths of a sample one goes along an edge when one goes by one away from it, by the
/// angle's half (`Dr_Intra_Derivative`).
#[rustfmt::skip]
const STEPS: [u16; 45] = [
    0, 1023, 0, 547, 372, 0, 0, 273, 215, 0, 178, 151, 0, 132, 116, 0, 102, 0, 90, 80, 0, 71, 64,
    0, 57, 51, 0, 45, 0, 40, 35, 0, 31, 27, 0, 23, 19, 0, 15, 0, 11, 0, 7, 3, 0,
];

/// For an angle in degrees, from 3 to 87.
pub(super) fn step(angle: i32) -> i32 {
    STEPS.get(angle as usize / 2).copied().unwrap_or_default().into()
}

/// The angle of a mode, in degrees.
fn angle(mode: Mode, delta: i8) -> i32 {
    let nominal = match mode {
        Mode::D45 => 45,
        Mode::D67 => 67,
        Mode::D113 => 113,
        Mode::D135 => 135,
        Mode::D157 => 157,
        Mode::Horizontal => 180,
        Mode::D203 => 203,
        _ => 90,
    };
    nominal + 3 * i32::from(delta.clamp(-3, 3))
}

/// Predicts a block from its edges along a direction.
#[inline(always)]
pub fn predict<const LOG2: usize>(
    mode: Mode,
    delta: i8,
    border: &Border,
    out: &mut [u8],
    stride: usize,
) {
    let angle = angle(mode, delta);
    match angle {
        ..90 => from_above::<LOG2>(step(angle), border, out, stride),
        90..=180 => from_both::<LOG2>(step(180 - angle), step(angle - 90), border, out, stride),
        _ => from_left::<LOG2>(step(270 - angle), border, out, stride),
    }
}

/// Eight samples between those of an edge from `place` on and their next ones, in 32nds.
#[inline(always)]
fn between(edge: &[u8; LENGTH], place: usize, fraction: i32) -> I16x8 {
    let load = |place: usize| {
        let samples = edge.get(place..).and_then(|edge| edge.first_chunk::<8>());
        samples.map_or(I16x8::splat(0), I16x8::load_bytes)
    };
    let (here, next) = (load(place), load(place + 1));
    let change = next.sub(here).mul(I16x8::splat(fraction as i16));
    here.add(change.add(I16x8::splat(16)).shr(5))
}

/// The 32nds of a place in 64ths.
#[inline(always)]
fn fraction(place: i32) -> i32 {
    place >> 1 & 31
}

/// Stores up to eight samples of a row.
#[inline(always)]
fn store<const LOG2: usize>(row: I16x8, line: &mut [u8], x: usize) {
    let Some(line) = line.get_mut(x..) else { return };
    if LOG2 > 2 {
        if let Some(line) = line.first_chunk_mut() {
            row.store_bytes(line);
        }
    } else if let Some(line) = line.first_chunk_mut::<4>() {
        let mut lanes = [0; 8];
        row.store_bytes(&mut lanes);
        line.copy_from_slice(&lanes[..4]);
    }
}

/// Angles below 90°: each row is the row above, moved to the left.
#[inline(always)]
fn from_above<const LOG2: usize>(step: i32, border: &Border, out: &mut [u8], stride: usize) {
    let side = 1 << LOG2;
    for (line, y) in lines_mut(out, stride, side, side).zip(0..) {
        let place = (y + 1) * step;
        // From the last sample on, the edge is all the same.
        let start = BEFORE + (place as usize >> 6).min(2 * side - 1);
        for x in (0..side).step_by(8) {
            store::<LOG2>(between(&border.above, start + x, fraction(place)), line, x);
        }
    }
}

/// Eight columns from `x` on, as eight rows from `y` on: the column at the left, moved by `step`
/// in 64ths for each step to the right.
#[inline(always)]
fn columns<const LOG2: usize>(border: &Border, step: i32, x: usize, y: usize) -> [I16x8; 8] {
    transpose(core::array::from_fn(|column| {
        if column >> LOG2 != 0 {
            return I16x8::splat(0);
        }
        let place = (x + column + 1) as i32 * step;
        // What is before the corner is not looked at.
        let start = ((BEFORE + y) as i32 + (place >> 6)).max(0);
        between(&border.left, start as usize, fraction(place))
    }))
}

/// Angles above 180°: each column is the column at the left, moved upwards.
#[inline(always)]
fn from_left<const LOG2: usize>(step: i32, border: &Border, out: &mut [u8], stride: usize) {
    let side = 1 << LOG2;
    for y in (0..side).step_by(8) {
        let out = out.get_mut(y * stride..).unwrap_or_default();
        for x in (0..side).step_by(8) {
            let rows = columns::<LOG2>(border, step, x, y);
            for (row, line) in rows.into_iter().zip(lines_mut(out, stride, side, side)) {
                store::<LOG2>(row, line, x);
            }
        }
    }
}

/// Angles between: rows are the row above, moved to the right; where that comes from beyond the
/// corner, columns are the column at the left, moved downwards.
#[inline(always)]
fn from_both<const LOG2: usize>(
    step_above: i32,
    step_left: i32,
    border: &Border,
    out: &mut [u8],
    stride: usize,
) {
    let side = 1 << LOG2;
    let numbers = I16x8::load(&[0, 1, 2, 3, 4, 5, 6, 7]);
    for y in (0..side).step_by(8) {
        let out = out.get_mut(y * stride..).unwrap_or_default();
        for x in (0..side).step_by(8) {
            // The place of a row's first sample here along the edge above.
            let place = |row: usize| ((x as i32) << 6) - (y + row + 1) as i32 * step_above;
            let has_left = place(7.min(side - 1)) >> 6 < -1;
            let has_above = (place(0) >> 6) + 7 >= -1;
            let left =
                if has_left { columns::<LOG2>(border, -step_left, x, y) } else { [numbers; 8] };
            for ((left, line), row) in
                left.into_iter().zip(lines_mut(out, stride, side, side)).zip(0..)
            {
                if !has_above {
                    store::<LOG2>(left, line, x);
                    continue;
                }
                let place = place(row);
                let start = BEFORE as i32 + (place >> 6);
                let above = between(&border.above, start.max(0) as usize, fraction(place));
                // How many of the samples come from beyond the corner.
                let beyond = I16x8::splat((-1 - (place >> 6)) as i16).larger(numbers);
                let samples = beyond.and(left).or(above.without(beyond));
                store::<LOG2>(if has_left { samples } else { above }, line, x);
            }
        }
    }
}
