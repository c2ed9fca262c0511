//! LZW as GIF has it (GIF89a appendix F), decoded as it comes.

use super::blocks::{Frame, SubBlocks};
use crate::budget::zeros;
use crate::failure::Failure;

/// Most codes, and with them the longest string.
const CODES: usize = 1 << 12;

/// Samples that are written at once.
const TAIL: usize = 8;

/// The string that a code stands for.
#[derive(Clone, Copy, Default)]
struct Entry {
    /// Its last samples, one to eight of them, the first one in the lowest byte.
    tail: u64,
    /// The code of what is before the tail: a multiple of eight samples, perhaps none.
    before: u16,
    length: u16,
    first: u8,
}

/// What decoders of frames need, one after the other.
pub struct Rows {
    entries: Vec<Entry>,
    out: Vec<u8>,
}

/// A frame being decoded.
pub struct Decoder<'a> {
    data: SubBlocks<'a>,
    wide: usize,
    entries: &'a mut [Entry],
    out: &'a mut [u8],
    /// What is decoded and not given yet.
    start: usize,
    end: usize,
    bits: u64,
    count: u32,
    clear: u16,
    /// Bits of a code.
    width: u32,
    /// The next code to get a string.
    next: u16,
    previous: Option<u16>,
}

impl Rows {
    /// Room for frames of at most `wide` samples a row.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn new(wide: usize) -> Result<Self, Failure> {
        Ok(Self { entries: zeros(CODES)?, out: zeros(wide + CODES + TAIL)? })
    }

    /// Begins to decode a frame.
    ///
    /// # Errors
    /// [`Failure::Malformed`].
    pub fn of<'a>(&'a mut self, frame: &Frame<'a>) -> Result<Decoder<'a>, Failure> {
        self.begin(frame.data, frame.least, frame.size.width as usize)
    }

    /// The same for rows so `wide`; the shortest code has `least` bits and one more.
    pub fn begin<'a>(
        &'a mut self,
        data: SubBlocks<'a>,
        least: u8,
        wide: usize,
    ) -> Result<Decoder<'a>, Failure> {
        if !(2..=8).contains(&least) {
            return Err(Failure::malformed("the codes are too short or too long"));
        }
        let clear = 1 << least;
        for (sample, entry) in self.entries.iter_mut().take(clear).enumerate() {
            let first = sample as u8;
            *entry = Entry { tail: first.into(), before: 0, length: 1, first };
        }
        Ok(Decoder {
            data,
            wide,
            entries: &mut self.entries,
            out: &mut self.out,
            start: 0,
            end: 0,
            bits: 0,
            count: 0,
            clear: clear as u16,
            width: u32::from(least) + 1,
            next: clear as u16 + 2,
            previous: None,
        })
    }
}

/// Bytes that [`Rows`] takes.
pub fn memory(wide: u64) -> u64 {
    (CODES * size_of::<Entry>()) as u64 + wide + (CODES + TAIL) as u64
}

impl Decoder<'_> {
    /// The next row.
    ///
    /// # Errors
    /// [`Failure::Truncated`] or [`Failure::Malformed`].
    pub fn next_row(&mut self) -> Result<&[u8], Failure> {
        if self.end - self.start < self.wide {
            self.out.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, self.end - self.start);
            while self.end < self.wide {
                self.string()?;
            }
        }
        let row = self.start..self.start + self.wide;
        self.start = row.end;
        Ok(self.out.get(row).unwrap_or_default())
    }

    /// Decodes the next code, and writes its string.
    #[inline(always)]
    fn string(&mut self) -> Result<(), Failure> {
        if self.count < self.width {
            self.refill()?;
        }
        let code = (self.bits & ((1 << self.width) - 1)) as u16;
        self.bits >>= self.width;
        self.count -= self.width;
        if code == self.clear {
            self.width = self.clear.trailing_zeros() + 1;
            (self.next, self.previous) = (self.clear + 2, None);
            return Ok(());
        }
        if code == self.clear + 1 {
            return Err(Failure::truncated("frame"));
        }
        match self.previous {
            None if code > self.clear => return Err(wrong()),
            None => {}
            Some(_) if code > self.next => return Err(wrong()),
            Some(previous) => self.learn(previous, code)?,
        }
        self.write(code);
        self.previous = Some(code);
        Ok(())
    }

    /// The string of the code before with the first sample of this one becomes a string of its own.
    #[inline(always)]
    fn learn(&mut self, previous: u16, code: u16) -> Result<(), Failure> {
        if usize::from(self.next) == CODES {
            return Ok(());
        }
        let entry = self.entries.get(usize::from(previous)).copied().ok_or_else(wrong)?;
        // The code may be that of the string that is only now being made.
        let from = if code == self.next { previous } else { code };
        let sample = u64::from(self.entries.get(usize::from(from)).ok_or_else(wrong)?.first);
        let length = entry.length + 1;
        let place = self.entries.get_mut(usize::from(self.next)).ok_or_else(wrong)?;
        *place = match usize::from(entry.length) % TAIL {
            0 => Entry { tail: sample, before: previous, length, ..entry },
            used => Entry { tail: entry.tail | sample << (8 * used), length, ..entry },
        };
        self.next += 1;
        self.width += u32::from(self.next.is_power_of_two() && usize::from(self.next) < CODES);
        Ok(())
    }

    /// Writes the string of a code, its last samples first. What is beyond its end is overwritten
    /// later.
    #[inline(always)]
    fn write(&mut self, code: u16) {
        let Some(mut entry) = self.entries.get(usize::from(code)) else { return };
        let length = usize::from(entry.length);
        let mut start = length.saturating_sub(1) / TAIL * TAIL;
        loop {
            let at = self.end + start;
            if let Some(place) = self.out.get_mut(at..at + TAIL) {
                place.copy_from_slice(&entry.tail.to_le_bytes());
            }
            match self.entries.get(usize::from(entry.before)) {
                Some(before) if start > 0 => entry = before,
                _ => break,
            }
            start -= TAIL;
        }
        self.end += length;
    }

    /// Fills up the bits. Those beyond what is counted are the same again when they are.
    #[inline(always)]
    fn refill(&mut self) -> Result<(), Failure> {
        if let Some(bytes) = self.data.eight() {
            self.bits |= u64::from_le_bytes(bytes) << self.count;
            let taken = (63 - self.count) / 8;
            self.data.pass(taken as usize);
            self.count += taken * 8;
            return Ok(());
        }
        while self.count <= 56
            && let Some(byte) = self.data.next()
        {
            self.bits |= u64::from(byte) << self.count;
            self.count += 8;
        }
        if self.count < self.width {
            return Err(Failure::truncated("frame"));
        }
        Ok(())
    }
}

fn wrong() -> Failure {
    Failure::malformed("a code that cannot be")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Codes of a fixed width as sub-blocks.
    fn packed(codes: &[(u16, u32)]) -> Vec<u8> {
        let (mut bits, mut count, mut bytes) = (0_u64, 0, Vec::new());
        for (code, width) in codes {
            bits |= u64::from(*code) << count;
            count += width;
            while count >= 8 {
                bytes.push(bits as u8);
                (bits, count) = (bits >> 8, count - 8);
            }
        }
        bytes.push(bits as u8);
        let mut blocks = Vec::new();
        for block in bytes.chunks(3) {
            blocks.push(block.len() as u8);
            blocks.extend_from_slice(block);
        }
        blocks.push(0);
        blocks
    }

    fn decoded(codes: &[(u16, u32)], wide: usize) -> Result<Vec<u8>, Failure> {
        let (data, mut rows) = (packed(codes), Rows::new(wide).unwrap());
        let mut decoder = rows.begin(SubBlocks::new(&data), 2, wide)?;
        Ok(decoder.next_row()?.to_vec())
    }

    #[test]
    fn strings_grow_from_those_before() {
        // Clear, 1, then the string that is just being made, 1 1; 1 1 1; and so on.
        let codes: Vec<_> = [(4, 3), (1, 3), (6, 3), (7, 3)]
            .into_iter()
            .chain((8..16).map(|code| (code, 4)))
            .collect();
        assert_eq!(decoded(&codes, 1 + 2 + 3 + (4..12).sum::<usize>()).unwrap(), vec![1; 66]);
        let codes = [(4, 3), (1, 3), (2, 3), (6, 3), (8, 4), (5, 4)];
        assert_eq!(decoded(&codes, 7).unwrap(), [1, 2, 1, 2, 1, 2, 1]);
    }

    #[test]
    fn what_cannot_be_is_refused() {
        for codes in [&[(4, 3), (6, 3)][..], &[(1, 3), (7, 3)]] {
            assert!(matches!(decoded(codes, 9), Err(Failure::Malformed(_))));
        }
        for codes in [&[(4, 3), (1, 3), (5, 3)][..], &[(4, 3)]] {
            assert!(matches!(decoded(codes, 9), Err(Failure::Truncated(_))));
        }
    }
}
