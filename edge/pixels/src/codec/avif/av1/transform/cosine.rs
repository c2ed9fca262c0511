//! Inverse cosine transforms of eight columns at once (AV1 §7.13.2.3).

use super::rotation::{butterfly, fold_out, reflect, rotate};
use crate::simd::I16x8;

/// Of 4 coefficients.
#[inline(always)]
pub fn inverse_4([x0, x1, x2, x3]: [I16x8; 4]) -> [I16x8; 4] {
    let (difference, sum) = rotate::<32>(x0, x2);
    let (low, high) = rotate::<16>(x1, x3);
    fold_out([sum, difference], [high, low])
}

/// Of 8 coefficients.
#[inline(always)]
pub fn inverse_8([x0, x1, x2, x3, x4, x5, x6, x7]: [I16x8; 8]) -> [I16x8; 8] {
    fold_out(inverse_4([x0, x2, x4, x6]), odd_4([x1, x3, x5, x7]))
}

/// What the odd coefficients of 8 contribute.
#[inline(always)]
fn odd_4([x1, x3, x5, x7]: [I16x8; 4]) -> [I16x8; 4] {
    let (a0, a3) = rotate::<8>(x1, x7);
    let (a1, a2) = rotate::<40>(x5, x3);
    let (b0, b1) = butterfly(a0, a1);
    let (b3, b2) = butterfly(a3, a2);
    let (c1, c2) = rotate::<32>(b2, b1);
    [b3, c2, c1, b0]
}

/// Of 16 coefficients.
#[inline(always)]
pub fn inverse_16(x: [I16x8; 16]) -> [I16x8; 16] {
    let even = core::array::from_fn(|i| x[2 * i]);
    let odd = core::array::from_fn(|i| x[2 * i + 1]);
    fold_out(inverse_8(even), odd_8(odd))
}

/// What the odd coefficients of 16 contribute.
#[inline(always)]
fn odd_8([x1, x3, x5, x7, x9, x11, x13, x15]: [I16x8; 8]) -> [I16x8; 8] {
    let (a0, a7) = rotate::<4>(x1, x15);
    let (a1, a6) = rotate::<36>(x9, x7);
    let (a2, a5) = rotate::<20>(x5, x11);
    let (a3, a4) = rotate::<52>(x13, x3);
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

/// Of 32 coefficients.
#[inline(always)]
pub fn inverse_32(x: [I16x8; 32]) -> [I16x8; 32] {
    let even = core::array::from_fn(|i| x[2 * i]);
    let odd = core::array::from_fn(|i| x[2 * i + 1]);
    fold_out(inverse_16(even), odd_16(odd))
}

/// What the odd coefficients of 32 contribute; `x[i]` is number 2 `i` + 1.
#[inline(always)]
fn odd_16(x: [I16x8; 16]) -> [I16x8; 16] {
    let (a0, a15) = rotate::<2>(x[0], x[15]);
    let (a1, a14) = rotate::<34>(x[8], x[7]);
    let (a2, a13) = rotate::<18>(x[4], x[11]);
    let (a3, a12) = rotate::<50>(x[12], x[3]);
    let (a4, a11) = rotate::<10>(x[2], x[13]);
    let (a5, a10) = rotate::<42>(x[10], x[5]);
    let (a6, a9) = rotate::<26>(x[6], x[9]);
    let (a7, a8) = rotate::<58>(x[14], x[1]);
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
