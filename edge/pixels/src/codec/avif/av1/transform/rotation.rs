//! Rotations: what all fast transforms are made of (AV1 §7.13.2.1).

use crate::simd::{I16x8, I32x4};

/// cos(i π / 128) in 4096ths (AV1 §7.13.2.1); the sine of an angle is at 64 less its number.
pub const COSINES: [i16; 65] = [
    4096, 4095, 4091, 4085, 4076, 4065, 4052, 4036, 4017, 3996, 3973, 3948, 3920, 3889, 3857, 3822,
    3784, 3745, 3703, 3659, 3612, 3564, 3513, 3461, 3406, 3349, 3290, 3229, 3166, 3102, 3035, 2967,
    2896, 2824, 2751, 2675, 2598, 2520, 2440, 2359, 2276, 2191, 2106, 2019, 1931, 1842, 1751, 1660,
    1567, 1474, 1380, 1285, 1189, 1092, 995, 897, 799, 700, 601, 501, 401, 301, 201, 101, 0,
];

/// `dots` in 4096ths, rounded: the lanes of the first one, then those of the second one.
#[inline(always)]
pub fn rounded(low: I32x4, high: I32x4) -> I16x8 {
    let half = I32x4::splat(2_048);
    low.add(half).shr(12).narrow(high.add(half).shr(12))
}

/// `x · a + y · b` in 4096ths, rounded.
#[inline(always)]
pub fn mix(x: I16x8, y: I16x8, a: i16, b: i16) -> I16x8 {
    let factors = I16x8::splat_pair(a, b);
    rounded(x.interleave_low(y).dot(factors), x.interleave_high(y).dot(factors))
}

/// `x cos − y sin` and `x sin + y cos`, where the sine is cosine number `A`.
#[inline(always)]
pub fn rotate<const A: usize>(x: I16x8, y: I16x8) -> (I16x8, I16x8) {
    let (cosine, sine) = (COSINES[64 - A], COSINES[A]);
    (mix(x, y, cosine, -sine), mix(x, y, sine, cosine))
}

/// What [`rotate`] made of `x` and `y`, turned back.
#[inline(always)]
pub fn rotate_back<const A: usize>(u: I16x8, v: I16x8) -> (I16x8, I16x8) {
    let (cosine, sine) = (COSINES[64 - A], COSINES[A]);
    (mix(u, v, cosine, sine), mix(u, v, -sine, cosine))
}

/// `−x cos − y sin` and `−x sin + y cos`: its own inverse.
#[inline(always)]
pub fn reflect<const A: usize>(x: I16x8, y: I16x8) -> (I16x8, I16x8) {
    let (cosine, sine) = (COSINES[64 - A], COSINES[A]);
    (mix(x, y, -cosine, -sine), mix(x, y, -sine, cosine))
}

/// `x sin + y cos` and `x cos − y sin`: its own inverse.
#[inline(always)]
pub fn flip<const A: usize>(x: I16x8, y: I16x8) -> (I16x8, I16x8) {
    let (cosine, sine) = (COSINES[64 - A], COSINES[A]);
    (mix(x, y, sine, cosine), mix(x, y, cosine, -sine))
}

/// The sum and the difference, held within 16 bits.
#[inline(always)]
pub fn butterfly(x: I16x8, y: I16x8) -> (I16x8, I16x8) {
    (x.add_saturating(y), x.sub_saturating(y))
}

/// Sums of the pairs, then their differences in reverse order.
#[inline(always)]
pub fn fold_out<const HALF: usize, const ALL: usize>(
    even: [I16x8; HALF],
    odd: [I16x8; HALF],
) -> [I16x8; ALL] {
    core::array::from_fn(|i| {
        if i < HALF {
            even[i].add_saturating(odd[i])
        } else {
            even[ALL - 1 - i].sub_saturating(odd[ALL - 1 - i])
        }
    })
}

/// The sums of what is equally far from both ends, and the differences.
#[inline(always)]
pub fn fold_in<const HALF: usize, const ALL: usize>(
    x: [I16x8; ALL],
) -> ([I16x8; HALF], [I16x8; HALF]) {
    let sums = core::array::from_fn(|i| x[i].add_saturating(x[ALL - 1 - i]));
    let differences = core::array::from_fn(|i| x[i].sub_saturating(x[ALL - 1 - i]));
    (sums, differences)
}
