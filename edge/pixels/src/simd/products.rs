//! More of what eight 16-bit lanes can do: products and sums.

#[cfg(target_arch = "wasm32")]
mod lanes {
    use core::arch::wasm32::*;

    use crate::simd::I16x8;

    impl I16x8 {
        /// Products' upper 16 bits: the product divided by 65 536, rounded down.
        #[inline(always)]
        pub fn mul_high(self, factor: i16) -> Self {
            let factor = i16x8_splat(factor);
            let low = i32x4_extmul_low_i16x8(self.0, factor);
            let high = i32x4_extmul_high_i16x8(self.0, factor);
            Self(i16x8_narrow_i32x4(i32x4_shr(low, 16), i32x4_shr(high, 16)))
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod lanes {
    use crate::simd::I16x8;

    impl I16x8 {
        pub fn mul_high(self, factor: i16) -> Self {
            Self(self.0.map(|lane| ((i32::from(lane) * i32::from(factor)) >> 16) as i16))
        }
    }
}
