//! The bits that were loaded and not yet taken.

use crate::simd::big_endian;

/// Up to 64 bits, the next one on top.
#[derive(Clone, Copy, Default)]
pub struct Ahead {
    pub bits: u64,
    /// How many of them are valid.
    pub count: u32,
}

impl Ahead {
    /// The next `count` bits, 1 to 32, without taking them.
    #[inline(always)]
    pub fn peek(self, count: u32) -> u32 {
        (self.bits >> (64 - count)) as u32
    }

    /// Takes bits that were peeked at.
    #[inline(always)]
    pub fn skip(&mut self, count: u32) {
        self.bits <<= count;
        // What is taken beyond the end is noticed by `Bits::unit`.
        self.count = self.count.wrapping_sub(count);
    }

    /// Takes `count` bits, up to 16; none give 0.
    #[inline(always)]
    pub fn take(&mut self, count: u32) -> u32 {
        let value = ((self.bits >> 1) >> (63 - count)) as u32;
        self.skip(count);
        value
    }

    /// Loads the next bytes until at least 56 bits are ahead, and tells how many bytes that took.
    #[inline(always)]
    pub fn load(&mut self, bytes: &[u8; 8]) -> usize {
        self.bits |= big_endian(bytes) >> self.count;
        let taken = (63 - self.count) >> 3;
        self.count |= 56;
        taken as usize
    }
}
