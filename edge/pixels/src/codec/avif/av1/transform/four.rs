//! Transforms of 4 × 4 blocks: all of a block is in two vectors, two rows in each.

use super::rotation::{COSINES, rounded};
use super::sine::SINES;
use crate::simd::{I16x8, I32x4};

/// Four rows (or columns) of four.
pub type Rows = [I16x8; 2];

/// Rows as columns.
#[inline(always)]
pub fn transpose([upper, lower]: Rows) -> Rows {
    let a = upper.interleave_low(lower);
    let b = upper.interleave_high(lower);
    [a.interleave_low(b), a.interleave_high(b)]
}

/// `x0`, `x2` by turns, and `x1`, `x3` by turns.
#[inline(always)]
fn pairs([x01, x23]: Rows) -> (I16x8, I16x8) {
    (x01.interleave_low(x23), x01.interleave_high(x23))
}

/// An inverse cosine transform of each column (AV1 §7.13.2.3).
#[inline(always)]
pub fn inverse_cosine(x: Rows) -> Rows {
    let (even, odd) = pairs(x);
    let (half, sine, cosine) = (COSINES[32], COSINES[48], COSINES[16]);
    let even =
        rounded(even.dot(I16x8::splat_pair(half, half)), even.dot(I16x8::splat_pair(half, -half)));
    let odd = rounded(
        odd.dot(I16x8::splat_pair(cosine, sine)),
        odd.dot(I16x8::splat_pair(sine, -cosine)),
    );
    let differences = even.sub_saturating(odd);
    [even.add_saturating(odd), differences.shuffle::<4, 5, 6, 7, 0, 1, 2, 3>(differences)]
}

/// A sum of products of each column's `x0`, `x2` and `x1`, `x3`.
#[inline(always)]
fn product(even: I16x8, odd: I16x8, (a, c): (i16, i16), (b, d): (i16, i16)) -> I32x4 {
    even.dot(I16x8::splat_pair(a, c)).add(odd.dot(I16x8::splat_pair(b, d)))
}

/// An inverse sine transform of each column (AV1 §7.13.2.6).
#[inline(always)]
pub fn inverse_sine(x: Rows) -> Rows {
    let (even, odd) = pairs(x);
    let [s1, s2, s3, s4] = SINES;
    [
        rounded(product(even, odd, (s1, s4), (s3, s2)), product(even, odd, (s2, -s1), (s3, -s4))),
        rounded(product(even, odd, (s3, -s3), (0, s3)), product(even, odd, (s4, s2), (-s3, -s1))),
    ]
}

/// A cosine transform of each column.
#[inline(always)]
pub fn forward_cosine([x01, x23]: Rows) -> Rows {
    let x32 = x23.shuffle::<4, 5, 6, 7, 0, 1, 2, 3>(x23);
    let (sums, differences) = (x01.add(x32), x01.sub(x32));
    let by_turns = |x: I16x8| x.shuffle::<0, 4, 1, 5, 2, 6, 3, 7>(x);
    let (sums, differences) = (by_turns(sums), by_turns(differences));
    let (half, sine, cosine) = (COSINES[32], COSINES[48], COSINES[16]);
    [
        rounded(
            sums.dot(I16x8::splat_pair(half, half)),
            differences.dot(I16x8::splat_pair(cosine, sine)),
        ),
        rounded(
            sums.dot(I16x8::splat_pair(half, -half)),
            differences.dot(I16x8::splat_pair(sine, -cosine)),
        ),
    ]
}

/// A sine transform of each column.
#[inline(always)]
pub fn forward_sine(x: Rows) -> Rows {
    let (even, odd) = pairs(x);
    let [s1, s2, s3, s4] = SINES;
    [
        rounded(product(even, odd, (s1, s3), (s2, s4)), product(even, odd, (s3, 0), (s3, -s3))),
        rounded(product(even, odd, (s4, -s3), (-s1, s2)), product(even, odd, (s2, s3), (-s4, -s1))),
    ]
}
