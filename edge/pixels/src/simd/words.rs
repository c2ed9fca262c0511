//! Sixteen 8-bit lanes as four words: pixels of four channels.

#[cfg(target_arch = "wasm32")]
mod lanes {
    use core::arch::wasm32::*;

    use crate::simd::{I32x4, U8x16};

    impl U8x16 {
        /// A word in the first four lanes; the others are zero.
        #[inline(always)]
        pub fn load_word(from: &u32) -> Self {
            // SAFETY: the word has the 4 bytes that are read.
            Self(unsafe { v128_load32_zero(from) })
        }
        /// Four words.
        #[inline(always)]
        pub fn load_words(from: &[u32; 4]) -> Self {
            // SAFETY: the array has the 16 bytes that are read; alignment does not matter.
            Self(unsafe { v128_load(from.as_ptr().cast()) })
        }
        #[inline(always)]
        pub fn store_words(self, to: &mut [u32; 4]) {
            // SAFETY: the array has the 16 bytes that are written; alignment does not matter.
            unsafe { v128_store(to.as_mut_ptr().cast(), self.0) }
        }
        /// The first four lanes as a word.
        #[inline(always)]
        pub fn word(self) -> u32 {
            u32x4_extract_lane::<0>(self.0)
        }
        #[inline(always)]
        pub fn xor(self, other: Self) -> Self {
            Self(v128_xor(self.0, other.0))
        }
        #[inline(always)]
        pub fn or(self, other: Self) -> Self {
            Self(v128_or(self.0, other.0))
        }
        #[inline(always)]
        pub fn is_zero(self) -> bool {
            !v128_any_true(self.0)
        }
        /// Sums, modulo 256.
        #[inline(always)]
        pub fn add(self, other: Self) -> Self {
            Self(u8x16_add(self.0, other.0))
        }
        /// Differences, modulo 256.
        #[inline(always)]
        pub fn sub(self, other: Self) -> Self {
            Self(u8x16_sub(self.0, other.0))
        }
        /// By how much the lanes differ, summed up for each word.
        #[inline(always)]
        pub fn distances(self, other: Self) -> I32x4 {
            let differences =
                v128_or(u8x16_sub_sat(self.0, other.0), u8x16_sub_sat(other.0, self.0));
            I32x4(i32x4_extadd_pairwise_i16x8(i16x8_extadd_pairwise_u8x16(differences)))
        }
        /// Of each word this one where `a` is less than `b`, else the other.
        #[inline(always)]
        pub fn where_less(self, other: Self, a: I32x4, b: I32x4) -> Self {
            Self(v128_bitselect(self.0, other.0, i32x4_lt(a.0, b.0)))
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod lanes {
    use core::array::from_fn;

    use crate::simd::{I32x4, U8x16};

    impl U8x16 {
        pub fn load_word(from: &u32) -> Self {
            Self::load_words(&[*from, 0, 0, 0])
        }
        pub fn load_words(from: &[u32; 4]) -> Self {
            Self(from_fn(|i| from[i / 4].to_le_bytes()[i % 4]))
        }
        pub fn store_words(self, to: &mut [u32; 4]) {
            *to = from_fn(|word| u32::from_le_bytes(from_fn(|i| self.0[word * 4 + i])));
        }
        pub fn word(self) -> u32 {
            u32::from_le_bytes(from_fn(|i| self.0[i]))
        }
        pub fn xor(self, other: Self) -> Self {
            Self(from_fn(|i| self.0[i] ^ other.0[i]))
        }
        pub fn or(self, other: Self) -> Self {
            Self(from_fn(|i| self.0[i] | other.0[i]))
        }
        pub fn is_zero(self) -> bool {
            self.0 == [0; 16]
        }
        pub fn add(self, other: Self) -> Self {
            Self(from_fn(|i| self.0[i].wrapping_add(other.0[i])))
        }
        pub fn sub(self, other: Self) -> Self {
            Self(from_fn(|i| self.0[i].wrapping_sub(other.0[i])))
        }
        pub fn distances(self, other: Self) -> I32x4 {
            let difference = |i: usize| i32::from(self.0[i].abs_diff(other.0[i]));
            I32x4(from_fn(|word| (word * 4..word * 4 + 4).map(difference).sum()))
        }
        pub fn where_less(self, other: Self, a: I32x4, b: I32x4) -> Self {
            Self(from_fn(|i| if a.0[i / 4] < b.0[i / 4] { self.0[i] } else { other.0[i] }))
        }
    }
}

impl crate::simd::U8x16 {
    /// The first word as each of the four.
    #[inline(always)]
    pub fn first_word_everywhere(self) -> Self {
        self.pick::<0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3>(self)
    }

    /// The words in another order, the last one first.
    #[inline(always)]
    pub fn last_word_first(self) -> Self {
        self.pick::<12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11>(self)
    }

    /// Each word as the sum, in each lane modulo 256, of it and of those before.
    #[inline(always)]
    pub fn sums_of_words(self) -> Self {
        let zero = Self::splat(0);
        let pairs =
            self.add(zero.pick::<0, 1, 2, 3, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27>(self));
        pairs.add(zero.pick::<0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23>(pairs))
    }
}
