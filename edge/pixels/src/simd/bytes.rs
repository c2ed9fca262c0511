//! Bytes as words.

/// Eight bytes, the first one on top.
#[cfg(target_arch = "wasm32")]
#[inline(always)]
pub fn big_endian(bytes: &[u8; 8]) -> u64 {
    use core::arch::wasm32::*;
    // wasm has no byte swap, but it can shuffle.
    // SAFETY: the array has the 8 bytes that are read; alignment does not matter.
    let loaded = unsafe { v128_load64_zero(bytes.as_ptr().cast()) };
    let swapped = i8x16_shuffle::<7, 6, 5, 4, 3, 2, 1, 0, 7, 6, 5, 4, 3, 2, 1, 0>(loaded, loaded);
    u64x2_extract_lane::<0>(swapped)
}

/// Eight bytes, the first one on top.
#[cfg(not(target_arch = "wasm32"))]
#[inline(always)]
pub fn big_endian(bytes: &[u8; 8]) -> u64 {
    u64::from_be_bytes(*bytes)
}
