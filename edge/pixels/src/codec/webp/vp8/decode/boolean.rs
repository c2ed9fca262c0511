//! The boolean decoder (RFC 6386 §7), with a window of 64 bits.

use super::super::tables::{Probability, Tree};
use crate::simd::big_endian;

/// A reader of booleans of given probabilities.
#[derive(Clone, Copy, Default)]
pub struct Boolean<'a> {
    data: &'a [u8],
    /// The bits to come, the first one on top.
    value: u64,
    /// How many of them there are beyond the eight that a decision needs; negative if bits must be
    /// loaded.
    count: i32,
    /// 128 to 255.
    range: u32,
    /// Bits were needed that are not there.
    overrun: bool,
}

impl<'a> Boolean<'a> {
    pub fn new(data: &'a [u8]) -> Self {
        let mut boolean = Self { data, value: 0, count: -8, range: 255, overrun: false };
        boolean.load();
        boolean
    }

    /// Loads bits: seven bytes if there are eight, else one.
    #[inline(always)]
    fn load(&mut self) {
        if let Some(bytes) = self.data.first_chunk() {
            self.value |= (big_endian(bytes) >> 8) << -self.count;
            self.count += 56;
            self.data = self.data.get(7..).unwrap_or_default();
        } else {
            *self = self.loaded_at_end();
        }
    }

    /// By value, so that what is kept in registers elsewhere can stay there.
    #[cold]
    fn loaded_at_end(mut self) -> Self {
        while self.count < 0 {
            match self.data.split_first() {
                Some((byte, rest)) => {
                    self.value |= u64::from(*byte) << (48 - self.count);
                    self.data = rest;
                }
                None => self.overrun = true,
            }
            self.count += 8;
        }
        self
    }

    /// Whether more was needed than there was.
    pub fn is_overrun(&self) -> bool {
        self.overrun
    }

    /// A boolean that is false with `probability` of 256.
    #[inline(always)]
    pub fn bit(&mut self, probability: Probability) -> bool {
        if self.count < 0 {
            self.load();
        }
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
