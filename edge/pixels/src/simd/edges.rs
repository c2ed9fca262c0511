//! Sixteen 8-bit lanes as what filters across edges need: comparisons, and signed lanes.

#[cfg(target_arch = "wasm32")]
mod lanes {
    use core::arch::wasm32::*;

    use crate::simd::{I16x8, U8x16};

    impl U8x16 {
        /// Eight bytes in the first lanes; the others are zero.
        #[inline(always)]
        pub fn load_half(from: &[u8; 8]) -> Self {
            // SAFETY: the array has the 8 bytes that are read; alignment does not matter.
            Self(unsafe { v128_load64_zero(from.as_ptr().cast()) })
        }
        /// a0 b0 a1 b1 … a7 b7.
        #[inline(always)]
        pub fn zip_low(self, other: Self) -> Self {
            self.pick::<0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23>(other)
        }
        /// a8 b8 a9 b9 … a15 b15.
        #[inline(always)]
        pub fn zip_high(self, other: Self) -> Self {
            self.pick::<8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31>(other)
        }
        /// |a − b|.
        #[inline(always)]
        pub fn difference(self, other: Self) -> Self {
            Self(v128_or(u8x16_sub_sat(self.0, other.0), u8x16_sub_sat(other.0, self.0)))
        }
        #[inline(always)]
        pub fn max(self, other: Self) -> Self {
            Self(u8x16_max(self.0, other.0))
        }
        /// Sums, at most 255.
        #[inline(always)]
        pub fn add_saturating(self, other: Self) -> Self {
            Self(u8x16_add_sat(self.0, other.0))
        }
        /// Halves, rounded down.
        #[inline(always)]
        pub fn halved(self) -> Self {
            Self(u8x16_shr(self.0, 1))
        }
        /// All bits where this one is not larger, else none.
        #[inline(always)]
        pub fn at_most(self, other: Self) -> Self {
            Self(u8x16_le(self.0, other.0))
        }
        #[inline(always)]
        pub fn and(self, other: Self) -> Self {
            Self(v128_and(self.0, other.0))
        }
        #[inline(always)]
        pub fn not(self) -> Self {
            Self(v128_not(self.0))
        }
        /// From 0 to 255 to −128 to 127, and back.
        #[inline(always)]
        pub fn centred(self) -> Self {
            Self(v128_xor(self.0, u8x16_splat(128)))
        }
        /// Signed sums, those out of range moved to the nearer end.
        #[inline(always)]
        pub fn add_signed(self, other: Self) -> Self {
            Self(i8x16_add_sat(self.0, other.0))
        }
        /// Signed differences, those out of range moved to the nearer end.
        #[inline(always)]
        pub fn sub_signed(self, other: Self) -> Self {
            Self(i8x16_sub_sat(self.0, other.0))
        }
        /// Signed lanes shifted right, rounded down.
        #[inline(always)]
        pub fn shr_signed<const BITS: u32>(self) -> Self {
            Self(i8x16_shr(self.0, BITS))
        }
        /// The first eight signed lanes and the last eight, widened.
        #[inline(always)]
        pub fn widen_signed(self) -> (I16x8, I16x8) {
            (I16x8(i16x8_extend_low_i8x16(self.0)), I16x8(i16x8_extend_high_i8x16(self.0)))
        }
        /// Two vectors as one of signed lanes, those out of range moved to the nearer end.
        #[inline(always)]
        pub fn narrow_signed(low: I16x8, high: I16x8) -> Self {
            Self(i8x16_narrow_i16x8(low.0, high.0))
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod lanes {
    use core::array::from_fn;

    use crate::simd::{I16x8, U8x16};

    impl U8x16 {
        pub fn load_half(from: &[u8; 8]) -> Self {
            Self(from_fn(|i| from.get(i).copied().unwrap_or(0)))
        }
        pub fn zip_low(self, other: Self) -> Self {
            self.pick::<0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23>(other)
        }
        pub fn zip_high(self, other: Self) -> Self {
            self.pick::<8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31>(other)
        }
        fn each(self, other: Self, f: impl Fn(u8, u8) -> u8) -> Self {
            Self(from_fn(|i| f(self.0[i], other.0[i])))
        }
        pub fn difference(self, other: Self) -> Self {
            self.each(other, u8::abs_diff)
        }
        pub fn max(self, other: Self) -> Self {
            self.each(other, u8::max)
        }
        pub fn add_saturating(self, other: Self) -> Self {
            self.each(other, u8::saturating_add)
        }
        pub fn halved(self) -> Self {
            Self(self.0.map(|lane| lane >> 1))
        }
        pub fn at_most(self, other: Self) -> Self {
            self.each(other, |a, b| if a <= b { 255 } else { 0 })
        }
        pub fn and(self, other: Self) -> Self {
            self.each(other, |a, b| a & b)
        }
        pub fn not(self) -> Self {
            Self(self.0.map(|lane| !lane))
        }
        pub fn centred(self) -> Self {
            Self(self.0.map(|lane| lane ^ 128))
        }
        pub fn add_signed(self, other: Self) -> Self {
            self.each(other, |a, b| (a as i8).saturating_add(b as i8) as u8)
        }
        pub fn sub_signed(self, other: Self) -> Self {
            self.each(other, |a, b| (a as i8).saturating_sub(b as i8) as u8)
        }
        pub fn shr_signed<const BITS: u32>(self) -> Self {
            Self(self.0.map(|lane| (lane as i8 >> BITS) as u8))
        }
        pub fn widen_signed(self) -> (I16x8, I16x8) {
            let half = |start: usize| I16x8(from_fn(|i| i16::from(self.0[start + i] as i8)));
            (half(0), half(8))
        }
        pub fn narrow_signed(low: I16x8, high: I16x8) -> Self {
            let lane = |i: usize| if i < 8 { low.0[i] } else { high.0[i - 8] };
            Self(from_fn(|i| lane(i).clamp(-128, 127) as i8 as u8))
        }
    }
}
