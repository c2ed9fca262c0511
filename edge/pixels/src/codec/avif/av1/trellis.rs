//! Which levels cost least, bits and errors together: one by one in the order of coding, each by the
//! contexts that those before it make, as VP8's and HEVC's encoders do it with less than a whole trellis.

use super::coefficients::{Form, LARGE, NEARNESS, class, last_context, packed};
use super::cost::{BlockCosts, Costs, golomb};
use super::quantise::{Quantiser, shown};
use super::scan::{SCAN4, SCAN8, SCAN16, SCAN32};

/// A transform block to be settled.
pub struct Task<'a> {
    /// What it is.
    pub form: &'a Form,
    /// By rows.
    pub coefficients: &'a [i16],
    /// What levels stand for.
    pub quantiser: &'a Quantiser,
    /// What a 256th of a bit is worth, in 16ths of a 256th of a squared error.
    pub lambda: u64,
}

/// Errors of coefficients, and bits.
#[derive(Clone, Copy, Default)]
struct Sum {
    error: u64,
    bits: u32,
}

impl Sum {
    fn and(self, error: u64, bits: u32) -> Self {
        Self { error: self.error + error, bits: self.bits + bits }
    }
}

/// Lowers levels, which come as the nearest ones with `eob` of them in the order of coding, where that
/// costs less. Gives their cost, in 256ths of a bit.
pub fn settle(costs: &Costs, task: &Task<'_>, levels: &mut [i16], eob: usize) -> u32 {
    match task.form.log2 {
        2 => walk::<4, 16, 24>(&SCAN4, costs, task, levels, eob),
        3 => walk::<8, 64, 80>(&SCAN8, costs, task, levels, eob),
        4 => walk::<16, 256, 288>(&SCAN16, costs, task, levels, eob),
        _ => walk::<32, 1024, 1088>(&SCAN32, costs, task, levels, eob),
    }
}

/// See `coefficients::walk`, whose contexts these are.
#[inline(always)]
fn walk<const SIDE: usize, const AREA: usize, const PADDED: usize>(
    scan: &[u16; AREA],
    costs: &Costs,
    task: &Task<'_>,
    levels: &mut [i16],
    eob: usize,
) -> u32 {
    let table = &costs.blocks[task.form.log2.saturating_sub(2).min(3)][task.form.plane.min(1)];
    let zero_bits = table.all_zero[usize::from(task.form.context.all_zero & 3)];
    // Coefficients are eight times what orthonormal transforms would give, or four times.
    let scale = if SIDE == 32 { 4 } else { 6 };
    let log2 = task.form.log2;
    let (Some(levels), Some(coefficients)) =
        (levels.first_chunk_mut::<AREA>(), task.coefficients.first_chunk::<AREA>())
    else {
        return 0;
    };
    let (Some(steps), Some(weights)) = (
        task.quantiser.steps(log2).first_chunk::<AREA>(),
        task.quantiser.weights(log2).first_chunk::<AREA>(),
    ) else {
        return 0;
    };
    let price = |sum: Sum| ((sum.error << 8) >> scale) + ((u64::from(sum.bits) * task.lambda) >> 4);
    // As `distance::coefficient_error` has it.
    let square = |error: i32, place: usize| {
        let seen =
            u64::from(((error * i32::from(weights[place]) + (1 << 14)) >> 15).unsigned_abs());
        seen * seen
    };
    let mut near = [0_u8; PADDED];
    // What there is with the levels after this one, and what without them.
    let (mut with, mut without, mut end) = (Sum::default(), Sum::default(), 0);
    let signs = costs.sign[task.form.plane.min(1)][usize::from(task.form.context.sign).min(2)];
    for index in (0..eob.min(AREA)).rev() {
        let position = usize::from(scan[index]) & (AREA - 1);
        let coefficient = i32::from(coefficients[position]);
        let magnitude = coefficient.abs();
        let level = u32::from(levels[position].unsigned_abs());
        let nothing = square(magnitude, position);
        let (base_start, more_start) = NEARNESS.of(index);
        let (base, more) = if end == 0 {
            (0, 0)
        } else {
            let at = |offset: usize| u32::from(near[position + offset]);
            let nearest = at(1) + at(SIDE) + at(SIDE + 1);
            let all = nearest + at(2) + at(2 * SIDE);
            let base =
                if index == 0 { 0 } else { base_start + ((all >> 6) as usize).div_ceil(2).min(4) };
            (base, more_start + ((nearest & 63) as usize).div_ceil(2).min(6))
        };
        let base_costs = &table.base[base & 15];
        if level == 0 {
            if end > 0 {
                with = with.and(nothing, base_costs[0].into());
            }
            without = without.and(nothing, 0);
            continue;
        }
        let sign = if index == 0 { u32::from(signs[usize::from(coefficient < 0)]) } else { 0 };
        let mut best = (u64::MAX, 0, Sum::default(), end);
        for candidate in [level, level - 1] {
            let shown = i32::from(shown(log2, steps[position], candidate as i16));
            let error = square(magnitude - shown, position);
            let first = candidate.min(3) as usize;
            if end > 0 {
                let mut bits = u32::from(base_costs[first]);
                if candidate > 0 {
                    bits += sign;
                }
                if first > 2 {
                    bits += above(table, more, candidate);
                }
                let sum = with.and(error, bits);
                let price = price(sum);
                if price < best.0 {
                    best = (price, candidate, sum, end);
                }
            }
            if candidate > 0 {
                let class = class(index + 1);
                let high = if class < 2 { 0 } else { index >> (class - 2) & 1 };
                let mut bits = u32::from(table.last[last_context(index, AREA) & 3][first])
                    + u32::from(table.ends[class.min(11)][high])
                    + sign;
                if first > 2 {
                    bits += above(table, more_start, candidate);
                }
                let sum = without.and(error, bits);
                let price = price(sum);
                if price < best.0 {
                    best = (price, candidate, sum, index + 1);
                }
            }
        }
        let (_, candidate, sum, new_end) = best;
        if new_end != end && end > 0 {
            near.fill(0);
            for position in &scan[index + 1..end] {
                levels[usize::from(*position) & (AREA - 1)] = 0;
            }
        }
        with = sum;
        end = new_end;
        levels[position] = if coefficient < 0 { -(candidate as i16) } else { candidate as i16 };
        near[position] = packed(candidate);
        without = without.and(nothing, 0);
    }
    let kind = if task.form.plane == 0 {
        costs.kind(task.form.log2, task.form.mode, task.form.kind)
    } else {
        0
    };
    let with = with.and(0, u32::from(zero_bits[0]) + kind);
    let without = without.and(0, zero_bits[1].into());
    if end == 0 || price(without) <= price(with) {
        levels.fill(0);
        return without.bits;
    }
    with.bits
}

/// What a level has above 3.
#[inline(always)]
fn above(table: &BlockCosts, context: usize, level: u32) -> u32 {
    let bits = u32::from(table.more[context.min(20)][level.min(LARGE) as usize]);
    if level >= LARGE { bits + golomb(level) } else { bits }
}
