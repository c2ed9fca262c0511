//! What transforms and predictions need of lanes: sums that do not wrap, and pairs.

#[cfg(target_arch = "wasm32")]
mod lanes {
    use core::arch::wasm32::*;

    use crate::simd::I16x8;

    impl I16x8 {
        /// Two values by turns, the pairs of a dot product.
        #[inline(always)]
        pub fn splat_pair(even: i16, odd: i16) -> Self {
            Self(i32x4_splat((odd as i32) << 16 | even as u16 as i32))
        }
        /// Sums, those out of range moved to the nearer end.
        #[inline(always)]
        pub fn add_saturating(self, other: Self) -> Self {
            Self(i16x8_add_sat(self.0, other.0))
        }
        /// Differences, those out of range moved to the nearer end.
        #[inline(always)]
        pub fn sub_saturating(self, other: Self) -> Self {
            Self(i16x8_sub_sat(self.0, other.0))
        }
        /// Unsigned lanes shifted right.
        #[inline(always)]
        pub fn shr_unsigned(self, bits: u32) -> Self {
            Self(u16x8_shr(self.0, bits))
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod lanes {
    use core::array::from_fn;

    use crate::simd::I16x8;

    impl I16x8 {
        pub fn splat_pair(even: i16, odd: i16) -> Self {
            Self([even, odd, even, odd, even, odd, even, odd])
        }
        pub fn add_saturating(self, other: Self) -> Self {
            Self(from_fn(|i| self.0[i].saturating_add(other.0[i])))
        }
        pub fn sub_saturating(self, other: Self) -> Self {
            Self(from_fn(|i| self.0[i].saturating_sub(other.0[i])))
        }
        pub fn shr_unsigned(self, bits: u32) -> Self {
            Self(self.0.map(|lane| (lane as u16 >> bits) as i16))
        }
    }
}
