//! Inverse transforms of blocks (AV1 §7.13.3): rows, then columns.

use super::super::lines::lines_mut;
use super::super::quantise::Extent;
use super::rotation::{COSINES, fold_out, parted};
use super::{Sines, cosine, four, sine};
use crate::simd::{I16x8, U8x16, transpose};

/// Halves, quarters or sixteenths, rounded, by the fraction that divides.
#[inline(always)]
fn divided<const BITS: u32>(x: I16x8) -> I16x8 {
    x.mul_q15(I16x8::splat(1 << (15 - BITS)))
}

/// Sixteenths, rounded. The largest would come to one more, but samples do not go that far.
#[inline(always)]
fn sixteenths(x: I16x8) -> I16x8 {
    x.add_saturating(I16x8::splat(8)).shr(4)
}

/// Adds a row of eight.
#[inline(always)]
fn add(row: I16x8, samples: &mut [u8; 8]) {
    I16x8::load_bytes(samples).add(sixteenths(row)).store_bytes(samples);
}

/// Adds a row of sixteen.
#[inline(always)]
fn add_16(left: I16x8, right: I16x8, samples: &mut [u8; 16]) {
    let (low, high) = U8x16::load(samples).widen();
    U8x16::narrow(low.add(sixteenths(left)), high.add(sixteenths(right))).store(samples);
}

/// Of 4 × 4.
pub fn of_4(sines: Sines, coefficients: &[[i16; 8]], samples: &mut [u8], stride: usize) {
    let [upper, lower, ..] = coefficients else { return };
    let columns = four::transpose([I16x8::load(upper), I16x8::load(lower)]);
    let columns = match sines.horizontal {
        true => four::inverse_sine(columns),
        false => four::inverse_cosine(columns),
    };
    let rows = four::transpose(columns);
    let rows = match sines.vertical {
        true => four::inverse_sine(rows),
        false => four::inverse_cosine(rows),
    };
    let mut lines = lines_mut(samples, stride, 4, 4);
    for pair in rows {
        let (Some(upper), Some(lower)) = (lines.next(), lines.next()) else { return };
        let (Some(upper), Some(lower)) = (upper.first_chunk_mut(), lower.first_chunk_mut()) else {
            return;
        };
        let mut both = [0; 8];
        let (left, right) = both.split_at_mut(4);
        left.copy_from_slice(upper);
        right.copy_from_slice(lower);
        add(pair, &mut both);
        let ([a, b, c, d], [e, f, g, h]) = (upper, lower);
        [*a, *b, *c, *d, *e, *f, *g, *h] = both;
    }
}

#[inline(always)]
fn line_8(sine: bool, x: [I16x8; 8]) -> [I16x8; 8] {
    if sine { sine::inverse_8(x) } else { cosine::inverse_8::<8>(x) }
}

/// Of 8 × 8.
pub fn of_8(sines: Sines, coefficients: &[[i16; 8]], samples: &mut [u8], stride: usize) {
    let Some(rows) = coefficients.first_chunk::<8>() else { return };
    let columns = transpose(core::array::from_fn(|y| I16x8::load(&rows[y])));
    let columns = line_8(sines.horizontal, columns).map(divided::<1>);
    let rows = line_8(sines.vertical, transpose(columns));
    for (row, samples) in rows.into_iter().zip(lines_mut(samples, stride, 8, 8)) {
        if let Some(samples) = samples.first_chunk_mut() {
            add(row, samples);
        }
    }
}

/// A line of 16, of which the first `LIVE` may be other than zero.
#[inline(never)]
fn line_16<const LIVE: usize>(sine: bool, x: &mut [I16x8; 16]) {
    if sine {
        *x = sine::inverse_16::<LIVE>(x);
    } else {
        cosine_16::<LIVE>(x);
    }
}

/// The same of cosines.
#[inline(never)]
fn cosine_16<const LIVE: usize>(x: &mut [I16x8; 16]) {
    *x = cosine::inverse_16::<LIVE>(x);
}

/// What the odd ones of 32 contribute.
#[inline(never)]
fn odd_16<const LIVE: usize>(x: &mut [I16x8; 16]) {
    *x = cosine::odd_16::<LIVE>(x);
}

/// A line of 32, of which the first 8, 16 or all may be other than zero.
#[inline(never)]
fn line_32(live: u8, x: &mut [I16x8; 32]) {
    let (mut even, mut odd) = parted(x);
    match live {
        0..=8 => {
            cosine_16::<4>(&mut even);
            odd_16::<8>(&mut odd);
        }
        9..=16 => {
            cosine_16::<8>(&mut even);
            odd_16::<16>(&mut odd);
        }
        _ => {
            cosine_16::<16>(&mut even);
            odd_16::<32>(&mut odd);
        }
    }
    *x = fold_out(&even, &odd);
}

/// Eight rows of `ACROSS` eights, which `line` transforms, into `out`: the same rows.
#[inline(always)]
fn rows<const ACROSS: usize, const SIDE: usize>(
    coefficients: &[[i16; 8]],
    extent: Extent,
    line: impl Fn(&mut [I16x8; SIDE]),
    out: &mut [[I16x8; SIDE]; ACROSS],
    first: usize,
) {
    let zero = I16x8::splat(0);
    let mut columns = [zero; SIDE];
    let live = usize::from(extent.columns).div_ceil(8);
    for (x, columns) in columns.as_chunks_mut::<8>().0.iter_mut().enumerate().take(live) {
        let row = |y: usize| coefficients.get((first + y) * ACROSS + x).map_or(zero, I16x8::load);
        *columns = transpose(core::array::from_fn(row));
    }
    line(&mut columns);
    for (columns, out) in columns.as_chunks::<8>().0.iter().zip(out) {
        let rows = transpose(columns.map(divided::<2>));
        if let Some(out) = out.get_mut(first..first + 8) {
            out.copy_from_slice(&rows);
        }
    }
}

/// Both passes of blocks that take more than one vector across.
#[inline(always)]
fn of_many<const ACROSS: usize, const SIDE: usize>(
    coefficients: &[[i16; 8]],
    extent: Extent,
    horizontal: impl Fn(&mut [I16x8; SIDE]),
    vertical: impl Fn(&mut [I16x8; SIDE]),
    samples: &mut [u8],
    stride: usize,
) {
    let mut columns = [[I16x8::splat(0); SIDE]; ACROSS];
    for first in (0..SIDE.min(extent.rows.into())).step_by(8) {
        rows(coefficients, extent, &horizontal, &mut columns, first);
    }
    columns.iter_mut().for_each(vertical);
    for (y, line) in lines_mut(samples, stride, SIDE, SIDE).enumerate() {
        for (pair, samples) in columns.as_chunks().0.iter().zip(line.as_chunks_mut().0) {
            let [left, right]: &[[I16x8; SIDE]; 2] = pair;
            add_16(left[y], right[y], samples);
        }
    }
}

/// Of 16 × 16.
pub fn of_16(
    sines: Sines,
    coefficients: &[[i16; 8]],
    extent: Extent,
    samples: &mut [u8],
    stride: usize,
) {
    let line = |live: u8, sine: bool, x: &mut [I16x8; 16]| match live {
        0..=8 => line_16::<8>(sine, x),
        _ => line_16::<16>(sine, x),
    };
    let horizontal = |x: &mut [I16x8; 16]| line(extent.columns, sines.horizontal, x);
    let vertical = |x: &mut [I16x8; 16]| line(extent.rows, sines.vertical, x);
    of_many::<2, 16>(coefficients, extent, horizontal, vertical, samples, stride);
}

/// Of 32 × 32.
pub fn of_32(coefficients: &[[i16; 8]], extent: Extent, samples: &mut [u8], stride: usize) {
    let horizontal = |x: &mut [I16x8; 32]| line_32(extent.columns, x);
    let vertical = |x: &mut [I16x8; 32]| line_32(extent.rows, x);
    of_many::<4, 32>(coefficients, extent, horizontal, vertical, samples, stride);
}

/// What a DC alone adds to each sample: the same.
pub fn of_dc(log2: usize, dc: i16, samples: &mut [u8], stride: usize) {
    let half = I16x8::splat(COSINES[32] * 8);
    let dc = I16x8::splat(dc).mul_q15(half);
    let dc = match log2 {
        2 => dc,
        3 => divided::<1>(dc),
        _ => divided::<2>(dc),
    };
    let change = dc.mul_q15(half);
    let side = 1 << log2;
    for line in lines_mut(samples, stride, side, side) {
        let (eights, rest) = line.as_chunks_mut::<8>();
        for eight in eights {
            add(change, eight);
        }
        if let Ok(four) = <&mut [u8; 4]>::try_from(rest) {
            let [a, b, c, d] = *four;
            let mut eight = [a, b, c, d, 0, 0, 0, 0];
            add(change, &mut eight);
            let [a, b, c, d, ..] = eight;
            *four = [a, b, c, d];
        }
    }
}
