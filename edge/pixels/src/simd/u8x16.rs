//! Sixteen 8-bit lanes.

#[cfg(target_arch = "wasm32")]
mod lanes {
    use core::arch::wasm32::*;

    use crate::simd::I16x8;

    /// Sixteen unsigned 8-bit lanes.
    #[derive(Clone, Copy)]
    pub struct U8x16(pub(in crate::simd) v128);

    impl U8x16 {
        #[inline(always)]
        pub fn splat(value: u8) -> Self {
            Self(u8x16_splat(value))
        }
        #[inline(always)]
        pub fn load(from: &[u8; 16]) -> Self {
            // SAFETY: the array has the 16 bytes that are read; alignment does not matter.
            Self(unsafe { v128_load(from.as_ptr().cast()) })
        }
        #[inline(always)]
        pub fn store(self, to: &mut [u8; 16]) {
            // SAFETY: the array has the 16 bytes that are written; alignment does not matter.
            unsafe { v128_store(to.as_mut_ptr().cast(), self.0) }
        }
        /// Means, halves rounded up.
        #[inline(always)]
        pub fn mean(self, other: Self) -> Self {
            Self(u8x16_avgr(self.0, other.0))
        }
        /// Means, halves rounded down.
        #[inline(always)]
        pub fn mean_down(self, other: Self) -> Self {
            let odd = v128_and(v128_xor(self.0, other.0), u8x16_splat(1));
            Self(u8x16_sub(u8x16_avgr(self.0, other.0), odd))
        }
        /// The lanes of both vectors by their numbers, those of the second one from 16 on.
        #[inline(always)]
        #[rustfmt::skip]
        pub fn pick<
            const A: usize, const B: usize, const C: usize, const D: usize,
            const E: usize, const F: usize, const G: usize, const H: usize,
            const I: usize, const J: usize, const K: usize, const L: usize,
            const M: usize, const N: usize, const O: usize, const P: usize,
        >(self, other: Self) -> Self {
            Self(i8x16_shuffle::<A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P>(self.0, other.0))
        }
        /// The first eight lanes and the last eight, widened.
        #[inline(always)]
        pub fn widen(self) -> (I16x8, I16x8) {
            (I16x8(u16x8_extend_low_u8x16(self.0)), I16x8(u16x8_extend_high_u8x16(self.0)))
        }
        /// Two vectors as one, lanes outside 0 to 255 moved to the nearer end.
        #[inline(always)]
        pub fn narrow(low: I16x8, high: I16x8) -> Self {
            Self(u8x16_narrow_i16x8(low.0, high.0))
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod lanes {
    use core::array::from_fn;

    use crate::simd::I16x8;

    /// Sixteen unsigned 8-bit lanes.
    #[derive(Clone, Copy)]
    pub struct U8x16(pub(in crate::simd) [u8; 16]);

    impl U8x16 {
        pub fn splat(value: u8) -> Self {
            Self([value; 16])
        }
        pub fn load(from: &[u8; 16]) -> Self {
            Self(*from)
        }
        pub fn store(self, to: &mut [u8; 16]) {
            *to = self.0;
        }
        fn means(self, other: Self, round: u16) -> Self {
            Self(from_fn(|i| ((u16::from(self.0[i]) + u16::from(other.0[i]) + round) >> 1) as u8))
        }
        pub fn mean(self, other: Self) -> Self {
            self.means(other, 1)
        }
        pub fn mean_down(self, other: Self) -> Self {
            self.means(other, 0)
        }
        #[rustfmt::skip]
        pub fn pick<
            const A: usize, const B: usize, const C: usize, const D: usize,
            const E: usize, const F: usize, const G: usize, const H: usize,
            const I: usize, const J: usize, const K: usize, const L: usize,
            const M: usize, const N: usize, const O: usize, const P: usize,
        >(self, other: Self) -> Self {
            let lanes = [A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P];
            Self(lanes.map(|i| if i < 16 { self.0[i] } else { other.0[i - 16] }))
        }
        pub fn widen(self) -> (I16x8, I16x8) {
            let half = |start: usize| I16x8(from_fn(|i| i16::from(self.0[start + i])));
            (half(0), half(8))
        }
        pub fn narrow(low: I16x8, high: I16x8) -> Self {
            let lane = |i: usize| if i < 8 { low.0[i] } else { high.0[i - 8] };
            Self(from_fn(|i| lane(i).clamp(0, 255) as u8))
        }
    }
}

pub use lanes::U8x16;
