//! Forward transforms of blocks: columns, then rows. What the inverse ones do, the other way round.

use super::rotation::{butterfly, flip, fold_in, joined, reflect, rotate_back};
use super::sine::negative;
use super::{Sines, four};
use crate::simd::{I16x8, transpose};

/// A cosine transform of eight columns of 4.
#[inline(always)]
fn cosine_4([a, b, c, d]: [I16x8; 4]) -> [I16x8; 4] {
    let ((s0, d0), (s1, d1)) = (butterfly(a, d), butterfly(b, c));
    let (x0, x2) = flip::<32>(s0, s1);
    let (x1, x3) = rotate_back::<16>(d1, d0);
    [x0, x1, x2, x3]
}

/// Of 8.
#[inline(always)]
fn cosine_8([a, b, c, d, e, f, g, h]: [I16x8; 8]) -> [I16x8; 8] {
    let ((s0, d0), (s1, d1)) = (butterfly(a, h), butterfly(b, g));
    let ((s2, d2), (s3, d3)) = (butterfly(c, f), butterfly(d, e));
    let [x0, x2, x4, x6] = cosine_4([s0, s1, s2, s3]);
    let [x1, x3, x5, x7] = odd_4([d0, d1, d2, d3]);
    [x0, x1, x2, x3, x4, x5, x6, x7]
}

#[inline(always)]
fn odd_4([b3, c2, c1, b0]: [I16x8; 4]) -> [I16x8; 4] {
    let (b2, b1) = rotate_back::<32>(c1, c2);
    let (a0, a1) = butterfly(b0, b1);
    let (a3, a2) = butterfly(b3, b2);
    let (x5, x3) = rotate_back::<40>(a1, a2);
    let (x1, x7) = rotate_back::<8>(a0, a3);
    [x1, x3, x5, x7]
}

/// Of 16.
#[inline(always)]
fn cosine_16(x: &[I16x8; 16]) -> [I16x8; 16] {
    let (sums, differences) = fold_in(x);
    joined(&cosine_8(sums), &odd_8(differences))
}

#[inline(always)]
fn odd_8([c7, c6, c5, c4, c3, c2, c1, c0]: [I16x8; 8]) -> [I16x8; 8] {
    let (c4, c3) = rotate_back::<32>(c3, c4);
    let (c5, c2) = rotate_back::<32>(c2, c5);
    let (b0, b3) = butterfly(c0, c3);
    let (b1, b2) = butterfly(c1, c2);
    let (b7, b4) = butterfly(c7, c4);
    let (b6, b5) = butterfly(c6, c5);
    let (b6, b1) = rotate_back::<16>(b1, b6);
    let (b2, b5) = reflect::<16>(b2, b5);
    let (a0, a1) = butterfly(b0, b1);
    let (a3, a2) = butterfly(b3, b2);
    let (a4, a5) = butterfly(b4, b5);
    let (a7, a6) = butterfly(b7, b6);
    let (x1, x15) = rotate_back::<4>(a0, a7);
    let (x9, x7) = rotate_back::<36>(a1, a6);
    let (x5, x11) = rotate_back::<20>(a2, a5);
    let (x13, x3) = rotate_back::<52>(a3, a4);
    [x1, x3, x5, x7, x9, x11, x13, x15]
}

#[inline(always)]
fn odd_16(
    [d15, d14, d13, d12, d11, d10, d9, d8, d7, d6, d5, d4, d3, d2, d1, d0]: [I16x8; 16],
) -> [I16x8; 16] {
    let (d11, d4) = rotate_back::<32>(d4, d11);
    let (d10, d5) = rotate_back::<32>(d5, d10);
    let (d9, d6) = rotate_back::<32>(d6, d9);
    let (d8, d7) = rotate_back::<32>(d7, d8);
    let (c0, c7) = butterfly(d0, d7);
    let (c1, c6) = butterfly(d1, d6);
    let (c2, c5) = butterfly(d2, d5);
    let (c3, c4) = butterfly(d3, d4);
    let (c15, c8) = butterfly(d15, d8);
    let (c14, c9) = butterfly(d14, d9);
    let (c13, c10) = butterfly(d13, d10);
    let (c12, c11) = butterfly(d12, d11);
    let (c13, c2) = rotate_back::<16>(c2, c13);
    let (c12, c3) = rotate_back::<16>(c3, c12);
    let (c4, c11) = reflect::<16>(c4, c11);
    let (c5, c10) = reflect::<16>(c5, c10);
    let (b0, b3) = butterfly(c0, c3);
    let (b1, b2) = butterfly(c1, c2);
    let (b7, b4) = butterfly(c7, c4);
    let (b6, b5) = butterfly(c6, c5);
    let (b8, b11) = butterfly(c8, c11);
    let (b9, b10) = butterfly(c9, c10);
    let (b15, b12) = butterfly(c15, c12);
    let (b14, b13) = butterfly(c14, c13);
    let (b14, b1) = rotate_back::<8>(b1, b14);
    let (b2, b13) = reflect::<8>(b2, b13);
    let (b10, b5) = rotate_back::<40>(b5, b10);
    let (b6, b9) = reflect::<40>(b6, b9);
    let (a0, a1) = butterfly(b0, b1);
    let (a3, a2) = butterfly(b3, b2);
    let (a4, a5) = butterfly(b4, b5);
    let (a7, a6) = butterfly(b7, b6);
    let (a8, a9) = butterfly(b8, b9);
    let (a11, a10) = butterfly(b11, b10);
    let (a12, a13) = butterfly(b12, b13);
    let (a15, a14) = butterfly(b15, b14);
    let (x1, x31) = rotate_back::<2>(a0, a15);
    let (x17, x15) = rotate_back::<34>(a1, a14);
    let (x9, x23) = rotate_back::<18>(a2, a13);
    let (x25, x7) = rotate_back::<50>(a3, a12);
    let (x5, x27) = rotate_back::<10>(a4, a11);
    let (x21, x11) = rotate_back::<42>(a5, a10);
    let (x13, x19) = rotate_back::<26>(a6, a9);
    let (x29, x3) = rotate_back::<58>(a7, a8);
    [x1, x3, x5, x7, x9, x11, x13, x15, x17, x19, x21, x23, x25, x27, x29, x31]
}

/// A sine transform of eight columns of 8.
#[inline(always)]
fn sine_8([o0, o1, o2, o3, o4, o5, o6, o7]: [I16x8; 8]) -> [I16x8; 8] {
    let [b0, b1, b2, b3] = first([o0, negative(o3), o4, negative(o7)]);
    let [b4, b5, b6, b7] = middle([negative(o1), o2, negative(o5), o6]);
    let (a0, a4) = butterfly(b0, b4);
    let (a1, a5) = butterfly(b1, b5);
    let (a2, a6) = butterfly(b2, b6);
    let (a3, a7) = butterfly(b3, b7);
    let (x7, x0) = flip::<4>(a0, a1);
    let (x5, x2) = flip::<20>(a2, a3);
    let (x3, x4) = flip::<36>(a4, a5);
    let (x1, x6) = flip::<52>(a6, a7);
    [x0, x1, x2, x3, x4, x5, x6, x7]
}

#[inline(always)]
fn first([c0, d2, d3, c1]: [I16x8; 4]) -> [I16x8; 4] {
    let (c2, c3) = flip::<32>(d2, d3);
    let (x0, x2) = butterfly(c0, c2);
    let (x1, x3) = butterfly(c1, c3);
    [x0, x1, x2, x3]
}

#[inline(always)]
fn middle(x: [I16x8; 4]) -> [I16x8; 4] {
    let [a4, a5, a6, a7] = first(x);
    let (x4, x5) = flip::<16>(a4, a5);
    let (x7, x6) = rotate_back::<48>(a6, a7);
    [x4, x5, x6, x7]
}

/// Of 16.
#[inline(always)]
fn sine_16(o: [I16x8; 16]) -> [I16x8; 16] {
    let [c0, c1, c2, c3] = first([o[0], negative(o[7]), o[8], negative(o[15])]);
    let [c4, c5, c6, c7] = middle([negative(o[3]), o[4], negative(o[11]), o[12]]);
    let [c8, c9, c10, c11] = first([negative(o[1]), o[6], negative(o[9]), o[14]]);
    let [c12, c13, c14, c15] = middle([o[2], negative(o[5]), o[10], negative(o[13])]);
    let (b0, b4) = butterfly(c0, c4);
    let (b1, b5) = butterfly(c1, c5);
    let (b2, b6) = butterfly(c2, c6);
    let (b3, b7) = butterfly(c3, c7);
    let (b8, b12) = butterfly(c8, c12);
    let (b9, b13) = butterfly(c9, c13);
    let (b10, b14) = butterfly(c10, c14);
    let (b11, b15) = butterfly(c11, c15);
    let (b8, b9) = flip::<8>(b8, b9);
    let (b10, b11) = flip::<40>(b10, b11);
    let (b13, b12) = rotate_back::<56>(b12, b13);
    let (b15, b14) = rotate_back::<24>(b14, b15);
    let (a0, a8) = butterfly(b0, b8);
    let (a1, a9) = butterfly(b1, b9);
    let (a2, a10) = butterfly(b2, b10);
    let (a3, a11) = butterfly(b3, b11);
    let (a4, a12) = butterfly(b4, b12);
    let (a5, a13) = butterfly(b5, b13);
    let (a6, a14) = butterfly(b6, b14);
    let (a7, a15) = butterfly(b7, b15);
    let (x15, x0) = flip::<2>(a0, a1);
    let (x13, x2) = flip::<10>(a2, a3);
    let (x11, x4) = flip::<18>(a4, a5);
    let (x9, x6) = flip::<26>(a6, a7);
    let (x7, x8) = flip::<34>(a8, a9);
    let (x5, x10) = flip::<42>(a10, a11);
    let (x3, x12) = flip::<50>(a12, a13);
    let (x1, x14) = flip::<58>(a14, a15);
    [x0, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15]
}

/// Of 4 × 4.
pub fn of_4(sines: Sines, differences: &[[i16; 8]], out: &mut [[i16; 8]]) {
    let ([upper, lower, ..], [out_upper, out_lower, ..]) = (differences, out) else { return };
    let rows = [I16x8::load(upper).shl(2), I16x8::load(lower).shl(2)];
    let rows = match sines.vertical {
        true => four::forward_sine(rows),
        false => four::forward_cosine(rows),
    };
    let columns = four::transpose(rows);
    let columns = match sines.horizontal {
        true => four::forward_sine(columns),
        false => four::forward_cosine(columns),
    };
    let [upper, lower] = four::transpose(columns);
    upper.store(out_upper);
    lower.store(out_lower);
}

#[inline(always)]
fn line_8(sine: bool, x: [I16x8; 8]) -> [I16x8; 8] {
    if sine { sine_8(x) } else { cosine_8(x) }
}

/// Of 8 × 8.
pub fn of_8(sines: Sines, differences: &[[i16; 8]], out: &mut [[i16; 8]]) {
    let Some(rows) = differences.first_chunk::<8>() else { return };
    let rows = line_8(sines.vertical, core::array::from_fn(|y| I16x8::load(&rows[y]).shl(2)));
    let one = I16x8::splat(1);
    let columns = transpose(rows.map(|row| row.add(one).shr(1)));
    for (row, out) in transpose(line_8(sines.horizontal, columns)).into_iter().zip(out) {
        row.store(out);
    }
}

#[inline(never)]
fn line_16(sine: bool, x: &mut [I16x8; 16]) {
    *x = if sine { sine_16(*x) } else { cosine_16(x) };
}

/// The odd ones of 32.
#[inline(never)]
fn line_of_odd_16(x: &mut [I16x8; 16]) {
    *x = odd_16(*x);
}

#[inline(never)]
fn line_32(x: &mut [I16x8; 32]) {
    let (mut even, mut odd) = fold_in(x);
    line_16(false, &mut even);
    line_of_odd_16(&mut odd);
    *x = joined(&even, &odd);
}

/// Blocks that take more than one vector across; between the passes they are divided by two to the
/// first one of `shifts`, and in the end by two to the second one.
#[inline(always)]
fn of_many<const ACROSS: usize, const SIDE: usize>(
    shifts: (u32, u32),
    differences: &[[i16; 8]],
    vertical: impl Fn(&mut [I16x8; SIDE]),
    horizontal: impl Fn(&mut [I16x8; SIDE]),
    out: &mut [[i16; 8]],
) {
    let zero = I16x8::splat(0);
    let divided = |row: I16x8, shift: u32| row.add(I16x8::splat(1 << shift >> 1)).shr(shift);
    let mut columns = [[zero; SIDE]; ACROSS];
    for (x, column) in columns.iter_mut().enumerate() {
        for (y, row) in column.iter_mut().enumerate() {
            *row = differences.get(y * ACROSS + x).map_or(zero, I16x8::load).shl(2);
        }
        vertical(column);
    }
    for (y, out) in out.chunks_mut(8 * ACROSS).enumerate().take(ACROSS) {
        let mut rows = [zero; SIDE];
        for (rows, column) in rows.as_chunks_mut::<8>().0.iter_mut().zip(&columns) {
            if let Some(part) = column.as_chunks::<8>().0.get(y) {
                *rows = transpose(part.map(|row| divided(row, shifts.0)));
            }
        }
        horizontal(&mut rows);
        for (x, columns) in rows.as_chunks::<8>().0.iter().enumerate() {
            for (row, out) in transpose(*columns).into_iter().zip(out.chunks_mut(ACROSS)) {
                if let Some(out) = out.get_mut(x) {
                    divided(row, shifts.1).store(out);
                }
            }
        }
    }
}

/// Of 16 × 16.
pub fn of_16(sines: Sines, differences: &[[i16; 8]], out: &mut [[i16; 8]]) {
    let vertical = |x: &mut [I16x8; 16]| line_16(sines.vertical, x);
    let horizontal = |x: &mut [I16x8; 16]| line_16(sines.horizontal, x);
    of_many::<2, 16>((2, 0), differences, vertical, horizontal, out);
}

/// Of 32 × 32.
pub fn of_32(differences: &[[i16; 8]], out: &mut [[i16; 8]]) {
    // Small differences leave room for fractions.
    let magnitude = |eight: &[i16; 8]| I16x8::load(eight).abs();
    let largest = differences
        .iter()
        .take(128)
        .fold(I16x8::splat(0), |largest, eight| largest.max(magnitude(eight)));
    let more = [63, 127].map(|limit| largest.larger(I16x8::splat(limit)).nonzero_mask() == 0);
    let bits = more.into_iter().map(u32::from).sum::<u32>();
    of_many::<4, 32>((4 - bits, bits), differences, line_32, line_32, out);
}
