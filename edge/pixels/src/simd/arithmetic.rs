//! More of what signed lanes can do: products, magnitudes, and choosing lanes.

#![cfg_attr(target_arch = "wasm32", expect(unsafe_code, reason = "vector stores take pointers"))]

#[cfg(target_arch = "wasm32")]
mod lanes {
    use core::arch::wasm32::*;

    use crate::simd::{I16x8, I32x4};

    impl I16x8 {
        /// Products' lower 16 bits.
        #[inline(always)]
        pub fn mul(self, other: Self) -> Self {
            Self(i16x8_mul(self.0, other.0))
        }
        #[inline(always)]
        pub fn abs(self) -> Self {
            Self(i16x8_abs(self.0))
        }
        #[inline(always)]
        pub fn min(self, other: Self) -> Self {
            Self(i16x8_min(self.0, other.0))
        }
        #[inline(always)]
        pub fn max(self, other: Self) -> Self {
            Self(i16x8_max(self.0, other.0))
        }
        #[inline(always)]
        pub fn and(self, other: Self) -> Self {
            Self(v128_and(self.0, other.0))
        }
        #[inline(always)]
        pub fn xor(self, other: Self) -> Self {
            Self(v128_xor(self.0, other.0))
        }
        /// The lanes of both vectors by their numbers, those of the second one from 8 on.
        #[inline(always)]
        #[rustfmt::skip]
        pub fn shuffle<
            const A: usize, const B: usize, const C: usize, const D: usize,
            const E: usize, const F: usize, const G: usize, const H: usize,
        >(self, other: Self) -> Self {
            Self(i16x8_shuffle::<A, B, C, D, E, F, G, H>(self.0, other.0))
        }
    }

    impl I32x4 {
        #[inline(always)]
        pub fn store(self, to: &mut [i32; 4]) {
            // SAFETY: the array has the 16 bytes that are written; alignment does not matter.
            unsafe { v128_store(to.as_mut_ptr().cast(), self.0) }
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod lanes {
    use core::array::from_fn;

    use crate::simd::{I16x8, I32x4};

    impl I16x8 {
        pub fn mul(self, other: Self) -> Self {
            Self(from_fn(|i| self.0[i].wrapping_mul(other.0[i])))
        }
        pub fn abs(self) -> Self {
            Self(self.0.map(i16::wrapping_abs))
        }
        pub fn min(self, other: Self) -> Self {
            Self(from_fn(|i| self.0[i].min(other.0[i])))
        }
        pub fn max(self, other: Self) -> Self {
            Self(from_fn(|i| self.0[i].max(other.0[i])))
        }
        pub fn and(self, other: Self) -> Self {
            Self(from_fn(|i| self.0[i] & other.0[i]))
        }
        pub fn xor(self, other: Self) -> Self {
            Self(from_fn(|i| self.0[i] ^ other.0[i]))
        }
        #[rustfmt::skip]
        pub fn shuffle<
            const A: usize, const B: usize, const C: usize, const D: usize,
            const E: usize, const F: usize, const G: usize, const H: usize,
        >(self, other: Self) -> Self {
            let lanes = [A, B, C, D, E, F, G, H];
            Self(lanes.map(|i| if i < 8 { self.0[i] } else { other.0[i - 8] }))
        }
    }

    impl I32x4 {
        pub fn store(self, to: &mut [i32; 4]) {
            *to = self.0;
        }
    }
}
