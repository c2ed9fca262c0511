//! The bits of entropy-coded data (ITU-T T.81 §F.2.2.5), through a small window without stuffing.
//!
//! A window of the data is copied with its stuffed zeros taken out; bits are then loaded eight bytes
//! at a time without looking at any of them. Memory stays small however long the file is.

use super::ahead::Ahead;
use super::restart;
use crate::damage::Damage;
use crate::failure::Failure;

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
    /// Whether nothing is left of a segment that was to have more.
    lost: bool,
    damage: &'a Damage,
    /// The bits to come, the first one on top.
    pub ahead: Ahead,
    /// Set by whoever meets a code that cannot be.
    pub broken: bool,
}

impl<'a> Bits<'a> {
    /// Reads from `at` in the file on.
    ///
    /// # Errors
    /// [`Failure::Truncated`] or [`Failure::Malformed`] if there is no data.
    pub fn new(file: &'a [u8], at: usize, damage: &'a Damage) -> Result<Self, Failure> {
        let window = vec![0; WINDOW + PADDING];
        let ahead = Ahead::default();
        let (filled, next, ended, lost, broken) = (0, 0, false, false, false);
        let mut bits = Self { file, at, window, filled, next, ended, lost, damage, ahead, broken };
        bits.begin(at)?;
        Ok(bits)
    }

    /// Begins a segment of data. There is something in each, or it was cut off.
    fn begin(&mut self, at: usize) -> Result<(), Failure> {
        (self.at, self.filled, self.next) = (at, 0, 0);
        (self.ended, self.lost) = (false, false);
        self.ahead = Ahead::default();
        self.slide();
        if self.ended && self.filled == 0 {
            self.lose()?;
        }
        Ok(())
    }

    /// Before each unit of blocks: sees to it that the window holds all that the unit can take.
    /// `false` if there is nothing left of a damaged segment, and damage is forgiven.
    ///
    /// # Errors
    /// [`Failure::Truncated`] or [`Failure::Malformed`] if more was taken than there was,
    /// [`Failure::Malformed`] if a code was none.
    #[inline(always)]
    pub fn unit(&mut self) -> Result<bool, Failure> {
        if self.next + LARGEST_UNIT > self.filled || self.broken {
            self.check()?;
            return Ok(!self.lost);
        }
        Ok(true)
    }

    #[cold]
    fn check(&mut self) -> Result<(), Failure> {
        if self.broken {
            self.broken = false;
            self.damage.forgive(Failure::malformed("the coded picture data is damaged"))?;
        }
        if !self.ended {
            self.slide();
        }
        if self.ended && !self.lost && self.is_past_end() {
            self.lose()?;
        }
        Ok(())
    }

    /// Whether bits were taken that there are not. Those ahead may come from before the window.
    fn is_past_end(&self) -> bool {
        self.next * 8 > self.filled * 8 + self.ahead.count.min(64) as usize
    }

    /// Gives up the rest of the segment.
    fn lose(&mut self) -> Result<(), Failure> {
        self.lost = true;
        self.damage.forgive(match self.file.get(self.at..) {
            None | Some([] | [_] | [0xff, 0xd9, ..]) => Failure::truncated("picture data"),
            Some(_) => Failure::malformed("a part of the coded picture data ends too early"),
        })
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
        self.next += ahead.load(bytes);
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
        // What is too much is passed over.
        while !self.ended {
            self.next = self.filled;
            self.slide();
        }
        Ok(self.at)
    }

    /// Passes over restart marker number `index` of the scan.
    pub fn restart(&mut self, index: u32) -> Result<(), Failure> {
        let at = self.finish()?;
        if restart::is_at(self.file, at, index) {
            return self.begin(at + 2);
        }
        self.damage.forgive(match self.file.get(at..) {
            None | Some([] | [_] | [0xff, 0xd9, ..]) => Failure::truncated("picture data"),
            Some(_) => Failure::malformed("a restart marker is missing"),
        })?;
        self.begin(restart::resynchronised(self.file, at, index))
    }
}

#[cfg(test)]
mod tests {
    use selvedge_plan::options::damaged::Damaged;

    use super::*;

    #[test]
    fn stuffing_disappears_and_markers_end_the_data() {
        let mut file = vec![0xff, 0x00, 0x12, 0x34, 0xff, 0x00, 0x56];
        file.extend([0xff, 0xff, 0xd0, 0x9a, 0xff, 0xd9]);
        let damage = Damage::default();
        let mut bits = Bits::new(&file, 0, &damage).unwrap();
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
        let damage = Damage::default();
        let mut bits = Bits::new(&[0xab, 0xcd], 0, &damage).unwrap();
        bits.refill();
        bits.ahead.skip(16);
        assert!(bits.unit().is_ok());
        bits.refill();
        bits.ahead.skip(1);
        assert!(matches!(bits.unit(), Err(Failure::Truncated(_))));
    }

    #[test]
    fn bits_loaded_before_the_window_slid_are_no_reading_past_its_end() {
        // As many bytes as leave next to nothing for the last slide.
        for length in WINDOW..WINDOW + 64 {
            let data = vec![0x55; length];
            let damage = Damage::default();
            let mut bits = Bits::new(&data, 0, &damage).unwrap();
            for _ in 0..length * 4 {
                assert!(bits.unit().unwrap());
                bits.refill();
                assert_eq!(bits.ahead.take(2), 1);
            }
            assert_eq!(bits.finish().unwrap(), length);
        }
    }

    #[test]
    fn a_segment_that_is_lost_ends_at_the_next_restart() {
        let file = b"\x12\xff\x01\x34\xff\xd0\x56\xff\xd9";
        assert!(Bits::new(file, 1, &Damage::default()).is_err());
        let damage = Damage::new(Damaged::Keep);
        let mut bits = Bits::new(file, 0, &damage).unwrap();
        bits.refill();
        bits.ahead.skip(9);
        assert!(!bits.unit().unwrap());
        bits.restart(0).unwrap();
        assert!(bits.unit().unwrap());
        bits.refill();
        assert_eq!(bits.ahead.take(8), 0x56);
        bits.restart(1).unwrap();
        assert!(!bits.unit().unwrap(), "the picture ends");
        assert_eq!(bits.finish().unwrap(), 7);
        assert_eq!(damage.warnings().len(), 3);
    }

    #[test]
    fn long_data_slides_through_the_window() {
        let data: Vec<u8> =
            (0..200_000_u32).map(|i| (i.wrapping_mul(31) >> 3) as u8 & 0xfe).collect();
        let damage = Damage::default();
        let mut bits = Bits::new(&data, 0, &damage).unwrap();
        for byte in &data {
            bits.unit().unwrap();
            bits.refill();
            assert_eq!(bits.ahead.take(8) as u8, *byte);
        }
        assert_eq!(bits.finish().unwrap(), data.len());
    }
}
