//! More of what eight 16-bit lanes can do.

#[cfg(target_arch = "wasm32")]
mod lanes {
    use core::arch::wasm32::*;

    use crate::simd::I16x8;

    impl I16x8 {
        /// Products as of fractions with 15 bits, rounded; −1 times −1 is as near to 1 as can be.
        #[inline(always)]
        pub fn mul_q15(self, other: Self) -> Self {
            Self(i16x8_q15mulr_sat(self.0, other.0))
        }
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
        pub fn mul_q15(self, other: Self) -> Self {
            let lanes = core::array::from_fn(|i| {
                let product = (i32::from(self.0[i]) * i32::from(other.0[i]) + 0x4000) >> 15;
                product.min(i16::MAX.into()) as i16
            });
            Self(lanes)
        }
        pub fn mul_high(self, factor: i16) -> Self {
            Self(self.0.map(|lane| ((i32::from(lane) * i32::from(factor)) >> 16) as i16))
        }
    }
}
