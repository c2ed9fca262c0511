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

/// Lanes, and whether they may be other than zero, which is known when this is compiled.
///
/// This is no `Option`: LLVM 22 may crash when it folds dot products of what a `None` has in it,
/// though none is ever taken (`ConstantFoldCall` of `llvm.wasm.dot` of undefined lanes).
pub type Part = (I16x8, bool);

/// Lanes that may be other than zero, if so.
#[inline(always)]
pub fn part(x: I16x8, is_live: bool) -> Part {
    if is_live { (x, true) } else { (I16x8::splat(0), false) }
}

/// The same of parts.
#[inline(always)]
fn mix_parts((x, has_x): Part, (y, has_y): Part, a: i16, b: i16) -> I16x8 {
    // Eight times as much in as many 32 768ths is rounded alike, and has 16 bits: no factor is
    // 4096.
    let one = |x: I16x8, a: i16| x.mul_q15(I16x8::splat(a * 8));
    match (has_x, has_y) {
        (true, true) => mix(x, y, a, b),
        (true, false) => one(x, a),
        (false, true) => one(y, b),
        (false, false) => I16x8::splat(0),
    }
}

/// `x cos − y sin` and `x sin + y cos`, where the sine is cosine number `A`.
#[inline(always)]
pub fn rotate<const A: usize>(x: I16x8, y: I16x8) -> (I16x8, I16x8) {
    rotate_parts::<A>((x, true), (y, true))
}

/// The same of parts.
#[inline(always)]
pub fn rotate_parts<const A: usize>(x: Part, y: Part) -> (I16x8, I16x8) {
    let (cosine, sine) = (COSINES[64 - A], COSINES[A]);
    (mix_parts(x, y, cosine, -sine), mix_parts(x, y, sine, cosine))
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
    flip_parts::<A>((x, true), (y, true))
}

/// The same of parts.
#[inline(always)]
pub fn flip_parts<const A: usize>(x: Part, y: Part) -> (I16x8, I16x8) {
    let (cosine, sine) = (COSINES[64 - A], COSINES[A]);
    (mix_parts(x, y, sine, cosine), mix_parts(x, y, cosine, -sine))
}

/// The sum and the difference, held within 16 bits.
#[inline(always)]
pub fn butterfly(x: I16x8, y: I16x8) -> (I16x8, I16x8) {
    (x.add_saturating(y), x.sub_saturating(y))
}

/// Sums of the pairs, then their differences in reverse order.
#[inline(always)]
pub fn fold_out<const HALF: usize, const ALL: usize>(
    even: &[I16x8; HALF],
    odd: &[I16x8; HALF],
) -> [I16x8; ALL] {
    let mut all = [I16x8::splat(0); ALL];
    let (sums, differences) = all.split_at_mut(HALF);
    for ((out, even), odd) in sums.iter_mut().zip(even).zip(odd) {
        *out = even.add_saturating(*odd);
    }
    for ((out, even), odd) in differences.iter_mut().rev().zip(even).zip(odd) {
        *out = even.sub_saturating(*odd);
    }
    all
}

/// The sums of what is equally far from both ends, and the differences.
#[inline(always)]
pub fn fold_in<const HALF: usize, const ALL: usize>(
    x: &[I16x8; ALL],
) -> ([I16x8; HALF], [I16x8; HALF]) {
    let (mut sums, mut differences) = ([I16x8::splat(0); HALF], [I16x8::splat(0); HALF]);
    let places = sums.iter_mut().zip(&mut differences);
    for ((sum, difference), (x, y)) in places.zip(x.iter().zip(x.iter().rev())) {
        (*sum, *difference) = butterfly(*x, *y);
    }
    (sums, differences)
}

/// Those with even numbers, and those with odd ones.
#[inline(always)]
pub fn parted<const HALF: usize, const ALL: usize>(
    x: &[I16x8; ALL],
) -> ([I16x8; HALF], [I16x8; HALF]) {
    let (mut even, mut odd) = ([I16x8::splat(0); HALF], [I16x8::splat(0); HALF]);
    for ((even, odd), pair) in even.iter_mut().zip(&mut odd).zip(x.as_chunks::<2>().0) {
        [*even, *odd] = *pair;
    }
    (even, odd)
}

/// What [`parted`] parted.
#[inline(always)]
pub fn joined<const HALF: usize, const ALL: usize>(
    even: &[I16x8; HALF],
    odd: &[I16x8; HALF],
) -> [I16x8; ALL] {
    let mut all = [I16x8::splat(0); ALL];
    for ((even, odd), pair) in even.iter().zip(odd).zip(all.as_chunks_mut::<2>().0) {
        *pair = [*even, *odd];
    }
    all
}
