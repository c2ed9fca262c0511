//! Repeating what was written.
#![expect(unsafe_code, reason = "blocks are copied where the caller has made room")]

use crate::simd::U8x16;

/// Bytes that are copied at once.
pub const BLOCK: usize = 16;

/// Which bytes of a block come when the first few of them are repeated, by how many these are.
const REPEATS: [[u8; BLOCK]; BLOCK] = {
    let mut repeats = [[0; BLOCK]; BLOCK];
    let mut distance = 1;
    while distance < BLOCK {
        let mut place = 0;
        while place < BLOCK {
            repeats[distance][place] = (place % distance) as u8;
            place += 1;
        }
        distance += 1;
    }
    repeats
};

/// Writes `length` bytes again, from `distance` bytes before, and up to [`BLOCK`] bytes behind.
///
/// # Safety
/// `distance` is from 1 to `at`, and behind all of it there is room for a block.
#[inline(always)]
pub unsafe fn copy(out: &mut [u8], at: usize, distance: usize, length: usize) {
    let out = out.as_mut_ptr();
    // SAFETY: all of them are within `out`.
    let (mut from, mut to, end) =
        unsafe { (out.add(at - distance).cast_const(), out.add(at), out.add(at + length)) };
    if let Some(repeats) = REPEATS.get(distance) {
        // SAFETY: behind what comes before there is room for a block.
        let few = unsafe { from.cast::<[u8; BLOCK]>().read() };
        let block = U8x16::load(&few).swizzle(U8x16::load(repeats));
        // After whole repeats they begin anew.
        let step = BLOCK - BLOCK % distance.max(1);
        while to < end {
            // SAFETY: it begins before the end, and behind that there is room for a block.
            unsafe {
                block.store(&mut *to.cast());
                to = to.add(step);
            }
        }
        return;
    }
    loop {
        // SAFETY: it begins before the end, and behind that there is room for a block. What is read is
        // behind nothing that is written.
        unsafe {
            let block = U8x16::load(&*from.cast());
            block.store(&mut *to.cast());
            to = to.add(BLOCK);
            from = from.add(BLOCK);
        }
        if to >= end {
            return;
        }
    }
}
