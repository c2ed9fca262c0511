//! The boolean decoder (RFC 6386 §7), with a window of 64 bits.

use super::super::tables::{Probability, Tree};
use crate::simd::big_endian;

/// A reader of booleans of given probabilities. Beyond the end of the data it reads zeros, which
/// [`Boolean::is_overrun`] tells.
#[derive(Clone, Copy, Default)]
pub struct Boolean<'a> {
    data: &'a [u8],
    /// The bits to come, the first one on top.
    value: u64,
    /// How many of them there are beyond the eight that a decision needs.
    count: i32,
    /// 128 to 255.
    range: u32,
    /// Zeros that were loaded as if they were data.
    padding: i32,
}

/// Bits that one decision takes at most.
const MOST: i32 = 7;

impl<'a> Boolean<'a> {
    pub fn new(data: &'a [u8]) -> Self {
        let mut boolean = Self { data, value: 0, count: -8, range: 255, padding: 0 };
        boolean.refill::<1>();
        boolean
    }

    /// Loads bits, if so many decisions, seven at most, might need more than there are.
    #[inline(always)]
    pub fn refill<const DECISIONS: i32>(&mut self) {
        if self.count < (DECISIONS - 1) * MOST {
            *self = self.refilled();
        }
    }

    /// By value, so that what is kept in registers elsewhere can stay there.
    #[inline(always)]
    fn refilled(mut self) -> Self {
        if let Some(bytes) = self.data.first_chunk() {
            let bytes: &[u8; 8] = bytes;
            // What is below `count` already is the same bits again.
            self.value |= big_endian(bytes) >> (self.count + 8);
            let taken = (55 - self.count) >> 3;
            self.count += taken * 8;
            self.data = self.data.get(taken as usize..).unwrap_or_default();
            self
        } else {
            self.refilled_at_end()
        }
    }

    #[cold]
    fn refilled_at_end(mut self) -> Self {
        while self.count < 48 {
            match self.data.split_first() {
                Some((byte, rest)) => {
                    self.value |= u64::from(*byte) << (48 - self.count);
                    self.data = rest;
                }
                None => self.padding += 8,
            }
            self.count += 8;
        }
        self
    }

    /// Whether more was taken than there was.
    pub fn is_overrun(&self) -> bool {
        self.count + 8 < self.padding
    }

    /// A boolean that is false with `probability` of 256, with bits that a refill has loaded.
    #[inline(always)]
    pub fn ready(&mut self, probability: Probability) -> bool {
        let split = 1 + (((self.range - 1) * u32::from(probability)) >> 8);
        let at = u64::from(split) << 56;
        let bit = self.value >= at;
        if bit {
            self.range -= split;
            self.value -= at;
        } else {
            self.range = split;
        }
        let shift = self.range.leading_zeros() - 24;
        self.range <<= shift;
        self.value <<= shift;
        self.count -= shift as i32;
        bit
    }

    /// The value or its negative, by a sign of equal chances. There is no branch, since none could
    /// be foreseen.
    #[inline(always)]
    pub fn with_sign(&mut self, value: i32) -> i32 {
        let split = self.range.div_ceil(2);
        let at = u64::from(split) << 56;
        let negative = i64::from(self.value >= at);
        self.value -= at & negative.wrapping_neg() as u64;
        let sign = negative.wrapping_neg() as i32;
        let upper = self.range - split;
        self.range = split ^ ((split ^ upper) & sign as u32);
        let shift = self.range.leading_zeros() - 24;
        self.range <<= shift;
        self.value <<= shift;
        self.count -= shift as i32;
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
