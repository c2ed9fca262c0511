//! What PNG's filters need of lanes: the size of differences, choosing by lane, and other places.

#[cfg(target_arch = "wasm32")]
mod lanes {
    use core::arch::wasm32::*;

    use crate::simd::{I16x8, U8x16};

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
        /// The lanes whose numbers `places` has; zero for what is no number of a lane.
        #[inline(always)]
        pub fn swizzle(self, places: Self) -> Self {
            Self(i8x16_swizzle(self.0, places.0))
        }
        /// The same, two lanes as one, the lower one first.
        #[inline(always)]
        pub fn swizzle_pairs(self, places: Self) -> I16x8 {
            I16x8(i8x16_swizzle(self.0, places.0))
        }
    }

    impl I16x8 {
        /// All bits where this one is larger, else none.
        #[inline(always)]
        pub fn larger(self, than: Self) -> Self {
            Self(i16x8_gt(self.0, than.0))
        }
        #[inline(always)]
        pub fn or(self, other: Self) -> Self {
            Self(v128_or(self.0, other.0))
        }
        /// The bits that the other one has not.
        #[inline(always)]
        pub fn without(self, other: Self) -> Self {
            Self(v128_andnot(self.0, other.0))
        }
        /// The same of this one's bytes, two a lane, the lower one first.
        #[inline(always)]
        pub fn swizzle(self, places: U8x16) -> Self {
            Self(i8x16_swizzle(self.0, places.0))
        }
        /// The lanes as two each, the lower one first, put where `places` says.
        #[inline(always)]
        pub fn swizzle_bytes(self, places: U8x16) -> U8x16 {
            U8x16(i8x16_swizzle(self.0, places.0))
        }
        /// Sums modulo 256 of lanes from 0 to 255.
        #[inline(always)]
        pub fn add_bytes(self, other: Self) -> Self {
            Self(u8x16_add(self.0, other.0))
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod lanes {
    use core::array::from_fn;

    use crate::simd::{I16x8, U8x16};

    impl U8x16 {
        pub fn magnitude_bits(self) -> Self {
            let bits = |lane: u8| u8::BITS - (lane as i8).unsigned_abs().leading_zeros();
            Self(self.0.map(|lane| bits(lane) as u8))
        }
        pub fn choose(self, one: Self, other: Self) -> Self {
            Self(from_fn(|i| self.0[i] & one.0[i] | !self.0[i] & other.0[i]))
        }
        pub fn swizzle(self, places: Self) -> Self {
            Self(places.0.map(|place| self.0.get(usize::from(place)).copied().unwrap_or(0)))
        }
        pub fn swizzle_pairs(self, places: Self) -> I16x8 {
            let Self(lanes) = self.swizzle(places);
            I16x8(from_fn(|i| i16::from_le_bytes([lanes[2 * i], lanes[2 * i + 1]])))
        }
    }

    impl I16x8 {
        pub fn larger(self, than: Self) -> Self {
            Self(from_fn(|i| -i16::from(self.0[i] > than.0[i])))
        }
        pub fn or(self, other: Self) -> Self {
            Self(from_fn(|i| self.0[i] | other.0[i]))
        }
        pub fn without(self, other: Self) -> Self {
            Self(from_fn(|i| self.0[i] & !other.0[i]))
        }
        pub fn swizzle(self, places: U8x16) -> Self {
            let U8x16(bytes) = self.swizzle_bytes(places);
            Self(from_fn(|i| i16::from_le_bytes([bytes[2 * i], bytes[2 * i + 1]])))
        }
        pub fn swizzle_bytes(self, places: U8x16) -> U8x16 {
            U8x16(from_fn(|i| self.0[i / 2].to_le_bytes()[i % 2])).swizzle(places)
        }
        pub fn add_bytes(self, other: Self) -> Self {
            Self(from_fn(|i| (self.0[i] + other.0[i]) & 0xff))
        }
    }
}
