//! Sixteen 8-bit lanes as what PNG's filters need: the size of differences, and choosing by lane.

#[cfg(target_arch = "wasm32")]
mod lanes {
    use core::arch::wasm32::*;

    use crate::simd::U8x16;

    impl U8x16 {
        /// Of each signed lane the bits that its magnitude takes, 0 to 8.
        #[inline(always)]
        pub fn magnitude_bits(self) -> Self {
            let magnitude = i8x16_abs(self.0);
            let two = v128_or(magnitude, u8x16_shr(magnitude, 1));
            let four = v128_or(two, u8x16_shr(two, 2));
            Self(u8x16_popcnt(v128_or(four, u8x16_shr(four, 4))))
        }
        /// Of each lane the bits of `one` where this one has ones, else those of `other`.
        #[inline(always)]
        pub fn choose(self, one: Self, other: Self) -> Self {
            Self(v128_bitselect(one.0, other.0, self.0))
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod lanes {
    use core::array::from_fn;

    use crate::simd::U8x16;

    impl U8x16 {
        pub fn magnitude_bits(self) -> Self {
            let bits = |lane: u8| u8::BITS - (lane as i8).unsigned_abs().leading_zeros();
            Self(self.0.map(|lane| bits(lane) as u8))
        }
        pub fn choose(self, one: Self, other: Self) -> Self {
            Self(from_fn(|i| self.0[i] & one.0[i] | !self.0[i] & other.0[i]))
        }
    }
}
