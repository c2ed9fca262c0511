//! Inverse transforms of blocks (AV1 §7.13.3): rows, then columns.

use super::super::quantise::Extent;
use super::{Sines, cosine, four, sine};
use crate::simd::{I16x8, transpose};

/// Halves, quarters or sixteenths, rounded, by the fraction that divides.
#[inline(always)]
fn divided<const BITS: u32>(x: I16x8) -> I16x8 {
    x.mul_q15(I16x8::splat(1 << (15 - BITS)))
}

/// Adds a row of eight.
#[inline(always)]
fn add(row: I16x8, samples: &mut [u8]) {
    if let Some(samples) = samples.first_chunk_mut::<8>() {
        I16x8::load_bytes(samples).add(divided::<4>(row)).store_bytes(samples);
    }
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
    let mut lines = samples.chunks_mut(stride.max(1));
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
    if sine { sine::inverse_8(x) } else { cosine::inverse_8(x) }
}

/// Of 8 × 8.
pub fn of_8(sines: Sines, coefficients: &[[i16; 8]], samples: &mut [u8], stride: usize) {
    let Some(rows) = coefficients.first_chunk::<8>() else { return };
    let columns = transpose(core::array::from_fn(|y| I16x8::load(&rows[y])));
    let columns = line_8(sines.horizontal, columns).map(divided::<1>);
    let rows = line_8(sines.vertical, transpose(columns));
    for (row, samples) in rows.into_iter().zip(samples.chunks_mut(stride.max(1))) {
        add(row, samples);
    }
}

#[inline(never)]
fn line_16(sine: bool, x: &mut [I16x8; 16]) {
    *x = if sine { sine::inverse_16(*x) } else { cosine::inverse_16(*x) };
}

#[inline(never)]
fn line_32(x: &mut [I16x8; 32]) {
    *x = cosine::inverse_32(*x);
}

/// Eight rows of `ACROSS` eights, which `line` transforms, into `out`: the same rows.
#[inline(always)]
fn rows<const ACROSS: usize, const SIDE: usize>(
    coefficients: &[[i16; 8]],
    line: impl Fn(&mut [I16x8; SIDE]),
    out: &mut [[I16x8; SIDE]; ACROSS],
    first: usize,
) {
    let zero = I16x8::splat(0);
    let mut columns = [zero; SIDE];
    for (x, columns) in columns.as_chunks_mut::<8>().0.iter_mut().enumerate() {
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
        rows(coefficients, &horizontal, &mut columns, first);
    }
    for (x, column) in columns.iter_mut().enumerate() {
        vertical(column);
        for (row, samples) in column.iter().zip(samples.chunks_mut(stride.max(1))) {
            if let Some(samples) = samples.get_mut(x * 8..) {
                add(*row, samples);
            }
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
    let horizontal = |x: &mut [I16x8; 16]| line_16(sines.horizontal, x);
    let vertical = |x: &mut [I16x8; 16]| line_16(sines.vertical, x);
    of_many::<2, 16>(coefficients, extent, horizontal, vertical, samples, stride);
}

/// Of 32 × 32.
pub fn of_32(coefficients: &[[i16; 8]], extent: Extent, samples: &mut [u8], stride: usize) {
    of_many::<4, 32>(coefficients, extent, line_32, line_32, samples, stride);
}
