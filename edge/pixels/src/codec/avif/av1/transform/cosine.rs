//! Inverse cosine transforms of eight columns at once (AV1 §7.13.2.3).
//!
//! `LIVE` is how many of the first coefficients may be other than zero.

use super::rotation::{butterfly, fold_out, part, parted, reflect, rotate, rotate_parts};
use crate::simd::I16x8;

/// Of 4 coefficients.
#[inline(always)]
pub fn inverse_4<const LIVE: usize>(x: [I16x8; 4]) -> [I16x8; 4] {
    let at = |i: usize| part(x[i], i < LIVE);
    let (difference, sum) = rotate_parts::<32>(at(0), at(2));
    let (low, high) = rotate_parts::<16>(at(1), at(3));
    let ((o0, o3), (o1, o2)) = (butterfly(sum, high), butterfly(difference, low));
    [o0, o1, o2, o3]
}

/// Of 8 coefficients.
#[inline(always)]
pub fn inverse_8<const LIVE: usize>(x: [I16x8; 8]) -> [I16x8; 8] {
    let [x0, _, x2, _, x4, _, x6, _] = x;
    let [e0, e1, e2, e3] = match LIVE {
        0..=2 => inverse_4::<1>([x0, x2, x4, x6]),
        3..=4 => inverse_4::<2>([x0, x2, x4, x6]),
        _ => inverse_4::<4>([x0, x2, x4, x6]),
    };
    let at = |i: usize| part(x[i], i < LIVE);
    let (a0, a3) = rotate_parts::<8>(at(1), at(7));
    let (a1, a2) = rotate_parts::<40>(at(5), at(3));
    let (b0, b1) = butterfly(a0, a1);
    let (b3, b2) = butterfly(a3, a2);
    let (b1, b2) = rotate::<32>(b2, b1);
    let ((o0, o7), (o1, o6)) = (butterfly(e0, b3), butterfly(e1, b2));
    let ((o2, o5), (o3, o4)) = (butterfly(e2, b1), butterfly(e3, b0));
    [o0, o1, o2, o3, o4, o5, o6, o7]
}

/// Of 16 coefficients.
#[inline(always)]
pub fn inverse_16<const LIVE: usize>(x: &[I16x8; 16]) -> [I16x8; 16] {
    let (even, odd) = parted(x);
    let even = match LIVE {
        0..=4 => inverse_8::<2>(even),
        5..=8 => inverse_8::<4>(even),
        _ => inverse_8::<8>(even),
    };
    fold_out(&even, &odd_8::<LIVE>(odd))
}

/// What the odd coefficients of 16 contribute; `x[i]` is number 2 `i` + 1.
#[inline(always)]
fn odd_8<const LIVE: usize>(x: [I16x8; 8]) -> [I16x8; 8] {
    let at = |i: usize| part(x[i / 2], i < LIVE);
    let (a0, a7) = rotate_parts::<4>(at(1), at(15));
    let (a1, a6) = rotate_parts::<36>(at(9), at(7));
    let (a2, a5) = rotate_parts::<20>(at(5), at(11));
    let (a3, a4) = rotate_parts::<52>(at(13), at(3));
    let (b0, b1) = butterfly(a0, a1);
    let (b3, b2) = butterfly(a3, a2);
    let (b4, b5) = butterfly(a4, a5);
    let (b7, b6) = butterfly(a7, a6);
    let (b1, b6) = rotate::<16>(b6, b1);
    let (b2, b5) = reflect::<16>(b2, b5);
    let (c0, c3) = butterfly(b0, b3);
    let (c1, c2) = butterfly(b1, b2);
    let (c7, c4) = butterfly(b7, b4);
    let (c6, c5) = butterfly(b6, b5);
    let (c2, c5) = rotate::<32>(c5, c2);
    let (c3, c4) = rotate::<32>(c4, c3);
    [c7, c6, c5, c4, c3, c2, c1, c0]
}

/// What the odd coefficients of 32 contribute; `x[i]` is number 2 `i` + 1.
#[inline(always)]
pub fn odd_16<const LIVE: usize>(x: &[I16x8; 16]) -> [I16x8; 16] {
    let at = |i: usize| part(x[i / 2], i < LIVE);
    let (a0, a15) = rotate_parts::<2>(at(1), at(31));
    let (a1, a14) = rotate_parts::<34>(at(17), at(15));
    let (a2, a13) = rotate_parts::<18>(at(9), at(23));
    let (a3, a12) = rotate_parts::<50>(at(25), at(7));
    let (a4, a11) = rotate_parts::<10>(at(5), at(27));
    let (a5, a10) = rotate_parts::<42>(at(21), at(11));
    let (a6, a9) = rotate_parts::<26>(at(13), at(19));
    let (a7, a8) = rotate_parts::<58>(at(29), at(3));
    let (b0, b1) = butterfly(a0, a1);
    let (b3, b2) = butterfly(a3, a2);
    let (b4, b5) = butterfly(a4, a5);
    let (b7, b6) = butterfly(a7, a6);
    let (b8, b9) = butterfly(a8, a9);
    let (b11, b10) = butterfly(a11, a10);
    let (b12, b13) = butterfly(a12, a13);
    let (b15, b14) = butterfly(a15, a14);
    let (b1, b14) = rotate::<8>(b14, b1);
    let (b2, b13) = reflect::<8>(b2, b13);
    let (b5, b10) = rotate::<40>(b10, b5);
    let (b6, b9) = reflect::<40>(b6, b9);
    let (c0, c3) = butterfly(b0, b3);
    let (c1, c2) = butterfly(b1, b2);
    let (c7, c4) = butterfly(b7, b4);
    let (c6, c5) = butterfly(b6, b5);
    let (c8, c11) = butterfly(b8, b11);
    let (c9, c10) = butterfly(b9, b10);
    let (c15, c12) = butterfly(b15, b12);
    let (c14, c13) = butterfly(b14, b13);
    let (c2, c13) = rotate::<16>(c13, c2);
    let (c3, c12) = rotate::<16>(c12, c3);
    let (c4, c11) = reflect::<16>(c4, c11);
    let (c5, c10) = reflect::<16>(c5, c10);
    let (d0, d7) = butterfly(c0, c7);
    let (d1, d6) = butterfly(c1, c6);
    let (d2, d5) = butterfly(c2, c5);
    let (d3, d4) = butterfly(c3, c4);
    let (d15, d8) = butterfly(c15, c8);
    let (d14, d9) = butterfly(c14, c9);
    let (d13, d10) = butterfly(c13, c10);
    let (d12, d11) = butterfly(c12, c11);
    let (d4, d11) = rotate::<32>(d11, d4);
    let (d5, d10) = rotate::<32>(d10, d5);
    let (d6, d9) = rotate::<32>(d9, d6);
    let (d7, d8) = rotate::<32>(d8, d7);
    [d15, d14, d13, d12, d11, d10, d9, d8, d7, d6, d5, d4, d3, d2, d1, d0]
}
