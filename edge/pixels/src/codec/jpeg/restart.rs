//! Restart markers (ITU-T T.81 §E.1.4): when one is due, and where the data goes on if it is not there.

use super::bits::Bits;
use super::header::next_marker;
use crate::failure::Failure;

/// The first of the eight restart markers (T.81 table B.1).
const RST0: u8 = 0xd0;

/// Counts units between restart markers.
pub struct Restarts {
    interval: u32,
    done: u32,
    count: u32,
}

impl Restarts {
    /// Every `interval` units, or never if that is 0.
    pub fn new(interval: u32) -> Self {
        Self { interval, done: 0, count: 0 }
    }

    /// Before each unit: passes over a restart marker if one is due.
    #[inline(always)]
    pub fn due(&mut self, bits: &mut Bits<'_>) -> Result<bool, Failure> {
        let due = self.interval != 0 && self.done == self.interval;
        if due {
            bits.restart(self.count)?;
            self.count += 1;
            self.done = 0;
        }
        self.done += 1;
        Ok(due)
    }
}

/// Whether restart marker number `index` of a scan is at `at`.
pub fn is_at(file: &[u8], at: usize, index: u32) -> bool {
    file.get(at..).is_some_and(|rest| rest.starts_with(&[0xff, RST0 | (index & 7) as u8]))
}

/// Where the data goes on if restart marker number `index` is due at `at` and not there: behind it,
/// or behind the one that stands in its place. If a later marker comes first, the segment is lost
/// and the place is that marker's. The same rule as libjpeg's, and so the browsers'.
pub fn resynchronised(file: &[u8], mut at: usize, index: u32) -> usize {
    loop {
        at = next_marker(file, at);
        let Some(code) = file.get(at + 1) else { return at };
        let behind = at + 2;
        if !(RST0..RST0 + 8).contains(code) {
            // What is below is no marker of a picture, and so a part of the damage.
            if *code >= 0xc0 {
                return at;
            }
        } else {
            match u32::from(*code).wrapping_sub(index) & 7 {
                1 | 2 => return at,
                6 | 7 => {}
                _ => return behind,
            }
        }
        at = behind;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_goes_on_behind_the_marker_that_fits() {
        let file = b"ab\xff\xd3cd\xff\x00\xff\xff\xd4\xff\x05e\xff\xd9";
        for (at, index, expected) in [
            (2, 3, 4),   // the right one
            (4, 4, 11),  // the right one after stuffing and fill bytes
            (0, 2, 2),   // the next one: one is missing
            (0, 1, 2),   // two are missing
            (0, 4, 11),  // an earlier one is passed over
            (0, 5, 14),  // two earlier ones; what is no marker is passed over
            (0, 0, 4),   // too far away to tell: it stands for the one that is due
            (11, 0, 14), // the end of the picture is not passed over
            (15, 0, 16), // nor is that of the file
        ] {
            assert_eq!(resynchronised(file, at, index), expected, "from {at} for {index}");
        }
    }
}
