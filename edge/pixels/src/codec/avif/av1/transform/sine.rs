//! Inverse sine transforms (ADST) of eight columns at once (AV1 §7.13.2.6 to §7.13.2.9).

use super::rotation::{butterfly, flip, flip_parts, part, rotate};
use crate::simd::I16x8;

/// sin(i π / 9) times sqrt 8 / 3, in 4096ths (AV1 §7.13.2.6).
pub const SINES: [i16; 4] = [1_321, 2_482, 3_344, 3_803];

/// What is wanted with the other sign.
#[inline(always)]
pub fn negative(x: I16x8) -> I16x8 {
    I16x8::splat(0).sub_saturating(x)
}

/// Of 8 coefficients.
#[inline(always)]
pub fn inverse_8([x0, x1, x2, x3, x4, x5, x6, x7]: [I16x8; 8]) -> [I16x8; 8] {
    let (a0, a1) = flip::<4>(x7, x0);
    let (a2, a3) = flip::<20>(x5, x2);
    let (a4, a5) = flip::<36>(x3, x4);
    let (a6, a7) = flip::<52>(x1, x6);
    let (b0, b4) = butterfly(a0, a4);
    let (b1, b5) = butterfly(a1, a5);
    let (b2, b6) = butterfly(a2, a6);
    let (b3, b7) = butterfly(a3, a7);
    let [o0, o3, o4, o7] = last([b0, b1, b2, b3]);
    let [o1, o2, o5, o6] = middle([b4, b5, b6, b7]);
    [o0, negative(o1), o2, negative(o3), o4, negative(o5), o6, negative(o7)]
}

/// The two last stages of what needs no more rotations before them: numbers 0, 3, 4 and 7 of 8,
/// their signs aside.
#[inline(always)]
fn last([x0, x1, x2, x3]: [I16x8; 4]) -> [I16x8; 4] {
    let (c0, c2) = butterfly(x0, x2);
    let (c1, c3) = butterfly(x1, x3);
    let (d2, d3) = flip::<32>(c2, c3);
    [c0, d2, d3, c1]
}

/// The same with rotations before them: numbers 1, 2, 5 and 6 of 8.
#[inline(always)]
fn middle([x4, x5, x6, x7]: [I16x8; 4]) -> [I16x8; 4] {
    let (a4, a5) = flip::<16>(x4, x5);
    let (a6, a7) = rotate::<48>(x7, x6);
    last([a4, a5, a6, a7])
}

/// Of 16 coefficients, of which the first `LIVE` may be other than zero.
#[inline(always)]
pub fn inverse_16<const LIVE: usize>(x: &[I16x8; 16]) -> [I16x8; 16] {
    let at = |i: usize| part(x[i], i < LIVE);
    let (a0, a1) = flip_parts::<2>(at(15), at(0));
    let (a2, a3) = flip_parts::<10>(at(13), at(2));
    let (a4, a5) = flip_parts::<18>(at(11), at(4));
    let (a6, a7) = flip_parts::<26>(at(9), at(6));
    let (a8, a9) = flip_parts::<34>(at(7), at(8));
    let (a10, a11) = flip_parts::<42>(at(5), at(10));
    let (a12, a13) = flip_parts::<50>(at(3), at(12));
    let (a14, a15) = flip_parts::<58>(at(1), at(14));
    let (b0, b8) = butterfly(a0, a8);
    let (b1, b9) = butterfly(a1, a9);
    let (b2, b10) = butterfly(a2, a10);
    let (b3, b11) = butterfly(a3, a11);
    let (b4, b12) = butterfly(a4, a12);
    let (b5, b13) = butterfly(a5, a13);
    let (b6, b14) = butterfly(a6, a14);
    let (b7, b15) = butterfly(a7, a15);
    let (b8, b9) = flip::<8>(b8, b9);
    let (b10, b11) = flip::<40>(b10, b11);
    let (b12, b13) = rotate::<56>(b13, b12);
    let (b14, b15) = rotate::<24>(b15, b14);
    let (c0, c4) = butterfly(b0, b4);
    let (c1, c5) = butterfly(b1, b5);
    let (c2, c6) = butterfly(b2, b6);
    let (c3, c7) = butterfly(b3, b7);
    let (c8, c12) = butterfly(b8, b12);
    let (c9, c13) = butterfly(b9, b13);
    let (c10, c14) = butterfly(b10, b14);
    let (c11, c15) = butterfly(b11, b15);
    let [o0, o7, o8, o15] = last([c0, c1, c2, c3]);
    let [o3, o4, o11, o12] = middle([c4, c5, c6, c7]);
    let [o1, o6, o9, o14] = last([c8, c9, c10, c11]);
    let [o2, o5, o10, o13] = middle([c12, c13, c14, c15]);
    [
        o0,
        negative(o1),
        o2,
        negative(o3),
        o4,
        negative(o5),
        o6,
        negative(o7),
        o8,
        negative(o9),
        o10,
        negative(o11),
        o12,
        negative(o13),
        o14,
        negative(o15),
    ]
}
