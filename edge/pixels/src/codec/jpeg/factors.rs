//! The constants of the fast cosine transforms (Loeffler, Ligtenberg and Moschytz, ICASSP 1989), with
//! 13 fractional bits.

use crate::simd::I16x8;

/// Fractional bits of a factor.
pub const CONST_BITS: u32 = 13;

/// Fractional bits that values keep between the two passes.
pub const PASS1_BITS: u32 = 2;

const fn fix(value: f64) -> i16 {
    (value * 8192.0 + 0.5) as i16
}

pub const F_0_298: i16 = fix(0.298_631_336);
pub const F_0_390: i16 = fix(0.390_180_644);
pub const F_0_541: i16 = fix(0.541_196_100);
pub const F_0_765: i16 = fix(0.765_366_865);
pub const F_0_899: i16 = fix(0.899_976_223);
pub const F_1_175: i16 = fix(1.175_875_602);
pub const F_1_501: i16 = fix(1.501_321_110);
pub const F_1_847: i16 = fix(1.847_759_065);
pub const F_1_961: i16 = fix(1.961_570_560);
pub const F_2_053: i16 = fix(2.053_119_869);
pub const F_2_562: i16 = fix(2.562_915_447);
pub const F_3_072: i16 = fix(3.072_711_026);

/// Two factors, repeated for each pair of lanes.
#[inline(always)]
pub fn pair(even: i16, odd: i16) -> I16x8 {
    I16x8::load(&[even, odd, even, odd, even, odd, even, odd])
}
