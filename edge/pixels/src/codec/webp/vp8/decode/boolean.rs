//! The boolean decoder (RFC 6386 §7), with a window of 64 bits.

use super::super::tables::{Probability, Tree};
use crate::simd::big_endian;

/// A reader of booleans of given probabilities. Beyond the end of the data it reads zeros, which
/// [`Boolean::is_overrun`] tells.
#[derive(Clone, Copy, Default)]
pub struct Boolean<'a> {
    data: &'a [u8],
    /// The last eight bytes of the data, the first one on top; zeros if there are less.
    last: u64,
    /// How many bytes were loaded, those beyond the end counted too.
    loaded: usize,
    /// The bits to come, the first one on top, and behind the last one a bit that is set: so that
    /// decisions need not count how many they leave.
    value: u64,
    /// 128 to 255, in units of [`ONE`]: the highest bit is always set.
    range: u32,
}

/// Bits that a decision looks at, and those that it takes at most.
const SEEN: u32 = 8;
const MOST: u32 = 7;

/// A unit of ranges. They have their places on top, since there to count the zeros before them is all
/// that it takes to know how far to shift: each decision waits for the range that the one before left.
const ONE: u32 = 1 << 24;

impl<'a> Boolean<'a> {
    pub fn new(data: &'a [u8]) -> Self {
        let mut last = [0; 8];
        let tail = data.get(data.len().saturating_sub(8)..).unwrap_or_default();
        last.iter_mut().zip(tail).for_each(|(place, byte)| *place = *byte);
        let last = u64::from_be_bytes(last);
        let mut boolean = Self { data, last, loaded: 0, value: 1 << 63, range: 255 * ONE };
        boolean.refill::<1>();
        boolean
    }

    /// Loads bits, if so many decisions, seven at most, might need more than there are.
    #[inline(always)]
    pub fn refill<const DECISIONS: u32>(&mut self) {
        // Where there are fewer bits than that, none of those below is set. The lower half of the
        // value is as good for a few decisions, and looked at more cheaply.
        let below = 64 - (SEEN + (DECISIONS - 1) * MOST);
        if self.value as u32 & (u32::MAX >> (32 - below.min(32))) == 0 {
            let bytes = match self.data.get(self.loaded..).and_then(<[u8]>::first_chunk) {
                Some(bytes) => big_endian(bytes),
                None => {
                    let gone = self.loaded - self.data.len().saturating_sub(8);
                    self.last.checked_shl(8 * gone as u32).unwrap_or(0)
                }
            };
            let room = self.value.trailing_zeros();
            let value = (self.value & (self.value - 1)) | (bytes >> (63 - room));
            // Whole bytes are taken; what is loaded of one more is loaded again.
            let rest = room & 7;
            self.value = ((value >> rest) | 1) << rest;
            self.loaded += room as usize >> 3;
        }
    }

    /// Whether more was taken than there was.
    pub fn is_overrun(&self) -> bool {
        let held = 63 - self.value.trailing_zeros() as usize;
        8 * self.loaded > 8 * self.data.len() + held
    }

    /// A boolean that is false with `probability` of 256, with bits that a refill has loaded.
    #[inline(always)]
    pub fn ready(&mut self, probability: Probability) -> bool {
        let scaled = u64::from(self.range - ONE) * u64::from(probability);
        let split = (scaled >> 32) as u32 + 1;
        let at = u64::from(split) << 56;
        let bit = self.value >= at;
        if bit {
            let range = self.range - split * ONE;
            let shift = range.leading_zeros();
            self.range = range << shift;
            self.value = (self.value - at) << shift;
        } else {
            let zeros = split.leading_zeros();
            self.range = split << zeros;
            self.value <<= zeros - 24;
        }
        bit
    }

    /// The value or its negative, by a sign of equal chances, which must not be the first decision of
    /// all. There is no branch, since none could be foreseen.
    #[inline(always)]
    pub fn with_sign(&mut self, value: i32) -> i32 {
        // Both parts are half of the range, so that it is as large again when they have been shifted
        // by one; if it was odd, the first part has one more. It is 255 before any decision only, and
        // would become 256.
        let odd = self.range & ONE;
        let at = u64::from((self.range + odd) >> 25) << 56;
        let sign = i32::from(self.value >= at).wrapping_neg();
        self.value = (self.value - (at & i64::from(sign) as u64)) << 1;
        self.range = (self.range + odd) - ((2 * odd) & sign as u32);
        (value ^ sign) - sign
    }

    /// A boolean that is false with `probability` of 256.
    #[inline(always)]
    pub fn bit(&mut self, probability: Probability) -> bool {
        self.refill::<1>();
        self.ready(probability)
    }

    /// A number of `bits` bits, the highest first.
    pub fn number(&mut self, bits: u32) -> u32 {
        (0..bits).fold(0, |number, _| number << 1 | u32::from(self.bit(128)))
    }

    /// A boolean of equal chances.
    pub fn flag(&mut self) -> bool {
        self.bit(128)
    }

    /// A magnitude of `bits` bits and a sign.
    pub fn signed(&mut self, bits: u32) -> i32 {
        let magnitude = self.number(bits) as i32;
        if self.flag() { -magnitude } else { magnitude }
    }

    /// [`Boolean::signed`] behind a flag.
    pub fn optional(&mut self, bits: u32) -> Option<i32> {
        self.flag().then(|| self.signed(bits))
    }

    /// A leaf of a tree, whose pairs of branches have these probabilities.
    #[inline(always)]
    pub fn leaf<const N: usize>(&mut self, tree: &Tree<N>, probabilities: &[Probability]) -> usize {
        let mut at = 0_usize;
        loop {
            let probability = probabilities.get(at >> 1).copied().unwrap_or(128);
            let branch = at + usize::from(self.bit(probability));
            match tree.get(branch).copied().unwrap_or(0) {
                next @ 1.. => at = next as usize,
                leaf => return usize::from(leaf.unsigned_abs()),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The decoder as RFC 6386 §7.3 defines it: two bytes at hand, and bit by bit.
    struct Defined<'a> {
        data: core::slice::Iter<'a, u8>,
        value: u32,
        range: u32,
        shifted: u32,
    }

    impl Defined<'_> {
        fn bit(&mut self, probability: u8) -> bool {
            let split = 1 + (((self.range - 1) * u32::from(probability)) >> 8);
            let bit = self.value >= split << 8;
            if bit {
                self.range -= split;
                self.value -= split << 8;
            } else {
                self.range = split;
            }
            while self.range < 128 {
                self.value <<= 1;
                self.range <<= 1;
                self.shifted += 1;
                if self.shifted == 8 {
                    self.shifted = 0;
                    self.value |= u32::from(*self.data.next().unwrap_or(&0));
                }
            }
            bit
        }
    }

    #[test]
    fn bits_are_read_as_defined_and_the_end_is_noticed() {
        let mut state = 7_u32;
        let mut random = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        };
        let data: Vec<u8> = (0..300).map(|_| random()).collect();
        let value = u32::from(data[0]) << 8 | u32::from(data[1]);
        let mut defined = Defined { data: data[2..].iter(), value, range: 255, shifted: 0 };
        let mut boolean = Boolean::new(&data);
        // As long as there is data left to look at, both see the same.
        while defined.data.len() > 0 {
            let probability = random().max(1);
            assert_eq!(boolean.bit(probability), defined.bit(probability));
            assert!(!boolean.is_overrun());
        }
        (0..30).for_each(|_| _ = boolean.bit(128));
        assert!(boolean.is_overrun());
    }
}
