//! The bits of entropy-coded data (ITU-T T.81 §F.2.2.5), through a small window without stuffing.
//!
//! A window of the data is copied with its stuffed zeros taken out; bits are then loaded eight bytes
//! at a time without looking at any of them. Memory stays small however long the file is.

use crate::failure::Failure;
use crate::simd::big_endian;

/// Bytes of data in the window.
const WINDOW: usize = 16 << 10;

/// Bytes that one unit of ten blocks can take at most: 64 symbols of 16 + 16 bits a block.
const LARGEST_UNIT: usize = 10 * 64 * 4;

/// Zeros behind the data, which a cut file is read into before that is noticed.
const PADDING: usize = LARGEST_UNIT + 16;

/// A reader of entropy-coded data. Bits are counted from the most significant one.
pub struct Bits<'a> {
    file: &'a [u8],
    /// Next byte of the file.
    at: usize,
    window: Vec<u8>,
    /// Bytes of the window that hold data.
    filled: usize,
    /// Next byte of the window.
    next: usize,
    /// Whether the data ends in the window: at a marker or at the end of the file.
    ended: bool,
    /// The bits to come, the first one on top.
    pub ahead: Ahead,
    /// Set by whoever meets a code that cannot be.
    pub broken: bool,
}

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
}

impl<'a> Bits<'a> {
    /// Reads from `at` in the file on.
    pub fn new(file: &'a [u8], at: usize) -> Self {
        let window = vec![0; WINDOW + PADDING];
        let ahead = Ahead::default();
        let mut bits =
            Self { file, at, window, filled: 0, next: 0, ended: false, ahead, broken: false };
        bits.slide();
        bits
    }

    /// Before each unit of blocks: sees to it that the window holds all that the unit can take.
    ///
    /// # Errors
    /// [`Failure::Truncated`] if more was taken than there was, [`Failure::Malformed`] if a code
    /// was none.
    #[inline(always)]
    pub fn unit(&mut self) -> Result<(), Failure> {
        if self.next + LARGEST_UNIT > self.filled || self.broken {
            self.check()?;
        }
        Ok(())
    }

    #[cold]
    fn check(&mut self) -> Result<(), Failure> {
        if self.broken {
            return Err(Failure::malformed("the coded picture data is damaged"));
        }
        if self.ended {
            let taken = (self.next * 8) as u64 - u64::from(self.ahead.count.min(64));
            if taken > (self.filled * 8) as u64 {
                return Err(Failure::truncated("picture data"));
            }
        } else {
            self.slide();
        }
        Ok(())
    }

    /// Loads bits until at least 56 are ahead.
    #[inline(always)]
    pub fn refill(&mut self) {
        let mut ahead = self.ahead;
        self.refill_into(&mut ahead);
        self.ahead = ahead;
    }

    /// [`Bits::refill`] for a copy of [`Bits::ahead`] that is kept in registers.
    #[inline(always)]
    pub fn refill_into(&mut self, ahead: &mut Ahead) {
        let Some(bytes) = self.window.get(self.next..).and_then(|rest| rest.first_chunk()) else {
            self.broken = true;
            ahead.count = 64;
            return;
        };
        ahead.bits |= big_endian(bytes) >> ahead.count;
        self.next += ((63 - ahead.count) >> 3) as usize;
        ahead.count |= 56;
    }

    /// Moves what is left to the front of the window and fills it up.
    fn slide(&mut self) {
        self.window.copy_within(self.next..self.filled, 0);
        self.filled -= self.next;
        self.next = 0;
        while self.filled + 16 <= WINDOW {
            let Some(chunk) = self.file.get(self.at..).and_then(|rest| rest.first_chunk::<16>())
            else {
                break;
            };
            if chunk.contains(&0xff) {
                if !self.copy_stuffed(16) {
                    break;
                }
                continue;
            }
            if let Some(place) = self.window.get_mut(self.filled..self.filled + 16) {
                place.copy_from_slice(chunk);
            }
            self.filled += 16;
            self.at += 16;
        }
        if !self.ended && self.file.len() - self.at < 16 {
            self.copy_stuffed(16);
        }
        if self.ended
            && let Some(padding) = self.window.get_mut(self.filled..self.filled + PADDING)
        {
            padding.fill(0);
        }
    }

    /// Copies up to `count` bytes of data one by one; whether the data goes on.
    fn copy_stuffed(&mut self, count: usize) -> bool {
        for _ in 0..count {
            let byte = match self.file.get(self.at..) {
                Some([0xff, 0x00, ..]) => {
                    self.at += 2;
                    0xff
                }
                // Any number of 0xff may stand before a marker.
                Some([0xff, 0xff, ..]) => {
                    self.at += 1;
                    continue;
                }
                Some([0xff, ..]) | Some([]) | None => {
                    self.ended = true;
                    return false;
                }
                Some([byte, ..]) => {
                    self.at += 1;
                    *byte
                }
            };
            if let Some(place) = self.window.get_mut(self.filled) {
                *place = byte;
            }
            self.filled += 1;
        }
        true
    }

    /// Ends the segment: checks what was read and gives the place of the marker that follows, or of
    /// the end of the file.
    pub fn finish(&mut self) -> Result<usize, Failure> {
        self.check()?;
        let taken = (self.next * 8) as u64 - u64::from(self.ahead.count.min(64));
        if self.ended && taken > (self.filled * 8) as u64 {
            return Err(Failure::truncated("picture data"));
        }
        while !self.ended {
            self.next = self.filled;
            self.slide();
        }
        Ok(self.at)
    }

    /// Passes over restart marker number `index` of the scan.
    pub fn restart(&mut self, index: u32) -> Result<(), Failure> {
        let at = self.finish()?;
        let expected = 0xd0 | (index & 7) as u8;
        match self.file.get(at..) {
            Some([0xff, marker, ..]) if *marker == expected => {}
            None | Some([] | [_]) => return Err(Failure::truncated("picture data")),
            _ => return Err(Failure::malformed("a restart marker is missing")),
        }
        self.at = at + 2;
        (self.filled, self.next, self.ended) = (0, 0, false);
        self.ahead = Ahead::default();
        self.slide();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stuffing_disappears_and_markers_end_the_data() {
        let mut file = vec![0xff, 0x00, 0x12, 0x34, 0xff, 0x00, 0x56];
        file.extend([0xff, 0xff, 0xd0, 0x9a, 0xff, 0xd9]);
        let mut bits = Bits::new(&file, 0);
        bits.refill();
        assert_eq!(bits.ahead.peek(32), 0xff12_34ff);
        bits.ahead.skip(32);
        assert_eq!(bits.ahead.take(8), 0x56);
        bits.restart(0).unwrap();
        bits.refill();
        assert_eq!(bits.ahead.take(8), 0x9a);
        assert_eq!(bits.finish().unwrap(), 11);
    }

    #[test]
    fn reading_past_the_end_is_noticed() {
        let mut bits = Bits::new(&[0xab, 0xcd], 0);
        bits.refill();
        bits.ahead.skip(16);
        assert!(bits.unit().is_ok());
        bits.refill();
        bits.ahead.skip(1);
        assert!(matches!(bits.unit(), Err(Failure::Truncated(_))));
    }

    #[test]
    fn long_data_slides_through_the_window() {
        let data: Vec<u8> =
            (0..200_000_u32).map(|i| (i.wrapping_mul(31) >> 3) as u8 & 0xfe).collect();
        let mut bits = Bits::new(&data, 0);
        for byte in &data {
            bits.unit().unwrap();
            bits.refill();
            assert_eq!(bits.ahead.take(8) as u8, *byte);
        }
        assert_eq!(bits.finish().unwrap(), data.len());
    }
}
