//! Sixteen 8-bit, eight 16-bit and four 32-bit lanes: simd128 on wasm32, plain arrays elsewhere,
//! same results.
//!
//! Kernels are written once on these types, so that the native build computes what ships.

#![cfg_attr(
    target_arch = "wasm32",
    expect(unsafe_code, reason = "vector loads and stores take pointers")
)]

mod arithmetic;
mod bytes;
mod edges;
mod products;
mod rows;
mod saturating;
mod u8x16;
mod words;

#[cfg(target_arch = "wasm32")]
mod lanes {
    use core::arch::wasm32::*;

    /// Eight signed 16-bit lanes.
    #[derive(Clone, Copy)]
    pub struct I16x8(pub(super) v128);

    /// Four signed 32-bit lanes.
    #[derive(Clone, Copy)]
    pub struct I32x4(pub(super) v128);

    impl I16x8 {
        #[inline(always)]
        pub fn splat(value: i16) -> Self {
            Self(i16x8_splat(value))
        }
        #[inline(always)]
        pub fn load(from: &[i16; 8]) -> Self {
            // SAFETY: the array has the 16 bytes that are read; alignment does not matter.
            Self(unsafe { v128_load(from.as_ptr().cast()) })
        }
        #[inline(always)]
        pub fn store(self, to: &mut [i16; 8]) {
            // SAFETY: the array has the 16 bytes that are written; alignment does not matter.
            unsafe { v128_store(to.as_mut_ptr().cast(), self.0) }
        }
        /// Eight bytes, each as a lane.
        #[inline(always)]
        pub fn load_bytes(from: &[u8; 8]) -> Self {
            // SAFETY: the array has the 8 bytes that are read; alignment does not matter.
            Self(unsafe { i16x8_load_extend_u8x8(from.as_ptr()) })
        }
        #[inline(always)]
        pub fn add(self, other: Self) -> Self {
            Self(i16x8_add(self.0, other.0))
        }
        #[inline(always)]
        pub fn sub(self, other: Self) -> Self {
            Self(i16x8_sub(self.0, other.0))
        }
        /// Shifts left, dropping what falls out.
        #[inline(always)]
        pub fn shl(self, bits: u32) -> Self {
            Self(i16x8_shl(self.0, bits))
        }
        /// Shifts right, keeping the sign.
        #[inline(always)]
        pub fn shr(self, bits: u32) -> Self {
            Self(i16x8_shr(self.0, bits))
        }
        /// Products of the lanes, summed up in neighbouring pairs.
        #[inline(always)]
        pub fn dot(self, other: Self) -> I32x4 {
            I32x4(i32x4_dot_i16x8(self.0, other.0))
        }
        /// a0 b0 a1 b1 a2 b2 a3 b3.
        #[inline(always)]
        pub fn interleave_low(self, other: Self) -> Self {
            Self(i16x8_shuffle::<0, 8, 1, 9, 2, 10, 3, 11>(self.0, other.0))
        }
        /// a4 b4 a5 b5 a6 b6 a7 b7.
        #[inline(always)]
        pub fn interleave_high(self, other: Self) -> Self {
            Self(i16x8_shuffle::<4, 12, 5, 13, 6, 14, 7, 15>(self.0, other.0))
        }
        /// a0 a1 b0 b1 a2 a3 b2 b3.
        #[inline(always)]
        pub fn interleave_pairs_low(self, other: Self) -> Self {
            Self(i32x4_shuffle::<0, 4, 1, 5>(self.0, other.0))
        }
        /// a4 a5 b4 b5 a6 a7 b6 b7.
        #[inline(always)]
        pub fn interleave_pairs_high(self, other: Self) -> Self {
            Self(i32x4_shuffle::<2, 6, 3, 7>(self.0, other.0))
        }
        /// a0 a1 a2 a3 b0 b1 b2 b3.
        #[inline(always)]
        pub fn join_low(self, other: Self) -> Self {
            Self(i64x2_shuffle::<0, 2>(self.0, other.0))
        }
        /// a4 a5 a6 a7 b4 b5 b6 b7.
        #[inline(always)]
        pub fn join_high(self, other: Self) -> Self {
            Self(i64x2_shuffle::<1, 3>(self.0, other.0))
        }
        /// The lanes as bytes, those outside 0 to 255 moved to the nearer end.
        #[inline(always)]
        pub fn store_bytes(self, to: &mut [u8; 8]) {
            let packed = u8x16_narrow_i16x8(self.0, self.0);
            // SAFETY: the array has the 8 bytes that are written; alignment does not matter.
            unsafe { v128_store64_lane::<0>(packed, to.as_mut_ptr().cast()) }
        }
        /// One bit a lane: whether it is not zero.
        #[inline(always)]
        pub fn nonzero_mask(self) -> u8 {
            !i16x8_bitmask(i16x8_eq(self.0, i16x8_splat(0)))
        }
    }

    impl I32x4 {
        #[inline(always)]
        pub fn splat(value: i32) -> Self {
            Self(i32x4_splat(value))
        }
        #[inline(always)]
        pub fn add(self, other: Self) -> Self {
            Self(i32x4_add(self.0, other.0))
        }
        #[inline(always)]
        pub fn sub(self, other: Self) -> Self {
            Self(i32x4_sub(self.0, other.0))
        }
        #[inline(always)]
        pub fn shr(self, bits: u32) -> Self {
            Self(i32x4_shr(self.0, bits))
        }
        #[inline(always)]
        pub(super) fn zip_low(self, other: Self) -> Self {
            Self(i32x4_shuffle::<0, 4, 1, 5>(self.0, other.0))
        }
        #[inline(always)]
        pub(super) fn zip_high(self, other: Self) -> Self {
            Self(i32x4_shuffle::<2, 6, 3, 7>(self.0, other.0))
        }
        #[inline(always)]
        pub(super) fn join_low(self, other: Self) -> Self {
            Self(i64x2_shuffle::<0, 2>(self.0, other.0))
        }
        #[inline(always)]
        pub(super) fn join_high(self, other: Self) -> Self {
            Self(i64x2_shuffle::<1, 3>(self.0, other.0))
        }
        /// Two vectors as one of half the width, lanes out of range moved to the nearer end.
        #[inline(always)]
        pub fn narrow(self, other: Self) -> I16x8 {
            I16x8(i16x8_narrow_i32x4(self.0, other.0))
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod lanes {
    use core::array::from_fn;

    /// Eight signed 16-bit lanes.
    #[derive(Clone, Copy)]
    pub struct I16x8(pub(super) [i16; 8]);

    /// Four signed 32-bit lanes.
    #[derive(Clone, Copy)]
    pub struct I32x4(pub(super) [i32; 4]);

    impl I16x8 {
        pub fn splat(value: i16) -> Self {
            Self([value; 8])
        }
        pub fn load(from: &[i16; 8]) -> Self {
            Self(*from)
        }
        pub fn store(self, to: &mut [i16; 8]) {
            *to = self.0;
        }
        pub fn load_bytes(from: &[u8; 8]) -> Self {
            Self(from.map(i16::from))
        }
        pub fn add(self, other: Self) -> Self {
            Self(from_fn(|i| self.0[i].wrapping_add(other.0[i])))
        }
        pub fn sub(self, other: Self) -> Self {
            Self(from_fn(|i| self.0[i].wrapping_sub(other.0[i])))
        }
        pub fn shl(self, bits: u32) -> Self {
            Self(self.0.map(|lane| lane << bits))
        }
        pub fn shr(self, bits: u32) -> Self {
            Self(self.0.map(|lane| lane >> bits))
        }
        pub fn dot(self, other: Self) -> I32x4 {
            let product = |i: usize| i32::from(self.0[i]) * i32::from(other.0[i]);
            I32x4(from_fn(|i| product(2 * i).wrapping_add(product(2 * i + 1))))
        }
        fn pick(self, other: Self, lanes: [usize; 8]) -> Self {
            Self(lanes.map(|i| if i < 8 { self.0[i] } else { other.0[i - 8] }))
        }
        pub fn interleave_low(self, other: Self) -> Self {
            self.pick(other, [0, 8, 1, 9, 2, 10, 3, 11])
        }
        pub fn interleave_high(self, other: Self) -> Self {
            self.pick(other, [4, 12, 5, 13, 6, 14, 7, 15])
        }
        pub fn interleave_pairs_low(self, other: Self) -> Self {
            self.pick(other, [0, 1, 8, 9, 2, 3, 10, 11])
        }
        pub fn interleave_pairs_high(self, other: Self) -> Self {
            self.pick(other, [4, 5, 12, 13, 6, 7, 14, 15])
        }
        pub fn join_low(self, other: Self) -> Self {
            self.pick(other, [0, 1, 2, 3, 8, 9, 10, 11])
        }
        pub fn join_high(self, other: Self) -> Self {
            self.pick(other, [4, 5, 6, 7, 12, 13, 14, 15])
        }
        pub fn store_bytes(self, to: &mut [u8; 8]) {
            *to = self.0.map(|lane| lane.clamp(0, 255) as u8);
        }
        pub fn nonzero_mask(self) -> u8 {
            (0..8).fold(0, |mask, i| mask | (u8::from(self.0[i] != 0) << i))
        }
    }

    impl I32x4 {
        pub fn splat(value: i32) -> Self {
            Self([value; 4])
        }
        pub fn add(self, other: Self) -> Self {
            Self(from_fn(|i| self.0[i].wrapping_add(other.0[i])))
        }
        pub fn sub(self, other: Self) -> Self {
            Self(from_fn(|i| self.0[i].wrapping_sub(other.0[i])))
        }
        pub fn shr(self, bits: u32) -> Self {
            Self(self.0.map(|lane| lane >> bits))
        }
        fn pick(self, other: Self, lanes: [usize; 4]) -> Self {
            Self(lanes.map(|i| if i < 4 { self.0[i] } else { other.0[i - 4] }))
        }
        pub(super) fn zip_low(self, other: Self) -> Self {
            self.pick(other, [0, 4, 1, 5])
        }
        pub(super) fn zip_high(self, other: Self) -> Self {
            self.pick(other, [2, 6, 3, 7])
        }
        pub(super) fn join_low(self, other: Self) -> Self {
            self.pick(other, [0, 1, 4, 5])
        }
        pub(super) fn join_high(self, other: Self) -> Self {
            self.pick(other, [2, 3, 6, 7])
        }
        pub fn narrow(self, other: Self) -> I16x8 {
            let lane = |i: usize| if i < 4 { self.0[i] } else { other.0[i - 4] };
            I16x8(from_fn(|i| lane(i).clamp(i16::MIN.into(), i16::MAX.into()) as i16))
        }
    }
}

pub use bytes::big_endian;
pub use lanes::{I16x8, I32x4};
pub use u8x16::U8x16;

/// The sum of the lanes of each of four vectors.
#[inline(always)]
pub fn sums([a, b, c, d]: [I32x4; 4]) -> I32x4 {
    let ab = a.zip_low(b).add(a.zip_high(b));
    let cd = c.zip_low(d).add(c.zip_high(d));
    ab.join_low(cd).add(ab.join_high(cd))
}

/// Rows as columns.
#[inline(always)]
pub fn transpose(rows: [I16x8; 8]) -> [I16x8; 8] {
    let [r0, r1, r2, r3, r4, r5, r6, r7] = rows;
    let (a0, a1) = (r0.interleave_low(r1), r0.interleave_high(r1));
    let (a2, a3) = (r2.interleave_low(r3), r2.interleave_high(r3));
    let (a4, a5) = (r4.interleave_low(r5), r4.interleave_high(r5));
    let (a6, a7) = (r6.interleave_low(r7), r6.interleave_high(r7));
    let (b0, b1) = (a0.interleave_pairs_low(a2), a0.interleave_pairs_high(a2));
    let (b2, b3) = (a4.interleave_pairs_low(a6), a4.interleave_pairs_high(a6));
    let (b4, b5) = (a1.interleave_pairs_low(a3), a1.interleave_pairs_high(a3));
    let (b6, b7) = (a5.interleave_pairs_low(a7), a5.interleave_pairs_high(a7));
    [
        b0.join_low(b2),
        b0.join_high(b2),
        b1.join_low(b3),
        b1.join_high(b3),
        b4.join_low(b6),
        b4.join_high(b6),
        b5.join_low(b7),
        b5.join_high(b7),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transposing_swaps_rows_and_columns() {
        let rows: [[i16; 8]; 8] =
            core::array::from_fn(|y| core::array::from_fn(|x| (y * 8 + x) as i16));
        let columns = transpose(core::array::from_fn(|i| I16x8::load(&rows[i])));
        for (x, column) in columns.into_iter().enumerate() {
            let mut lanes = [0; 8];
            column.store(&mut lanes);
            assert_eq!(lanes, core::array::from_fn(|y| rows[y][x]));
        }
    }
}
