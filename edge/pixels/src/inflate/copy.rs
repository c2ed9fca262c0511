//! Repeating what was written.

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

/// Writes `length` bytes again, from `distance` bytes before, and up to [`BLOCK`] bytes behind. `distance`
/// is from 1 to `at`, and behind all of it there is room for a block.
#[inline(always)]
pub fn copy(out: &mut [u8], mut at: usize, distance: usize, length: usize) {
    let end = at + length;
    if let Some(repeats) = REPEATS.get(distance) {
        let Some(few) = out.get(at - distance..).and_then(|from| from.first_chunk()) else {
            return;
        };
        let block = U8x16::load(few).swizzle(U8x16::load(repeats));
        // After whole repeats they begin anew.
        let step = BLOCK - BLOCK % distance.max(1);
        while at < end {
            let Some(place) = out.get_mut(at..).and_then(|to| to.first_chunk_mut()) else { return };
            block.store(place);
            at += step;
        }
        return;
    }
    while at < end {
        let Some(block) = out.get(at - distance..).and_then(|from| from.first_chunk()) else {
            return;
        };
        let block = U8x16::load(block);
        let Some(place) = out.get_mut(at..).and_then(|to| to.first_chunk_mut()) else { return };
        block.store(place);
        at += BLOCK;
    }
}
