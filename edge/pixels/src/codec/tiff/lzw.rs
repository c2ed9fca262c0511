//! LZW as TIFF has it (TIFF 6.0 §13): codes from their highest bit on, longer by one bit one code
//! earlier than in GIF.

use crate::budget::zeros;
use crate::failure::Failure;

const CLEAR: u16 = 256;
const END: u16 = 257;
const FIRST: u16 = 258;

/// Most codes, and with them the longest string.
const CODES: usize = 1 << 12;

/// The string that a code stands for: that of the code before, and a byte.
#[derive(Clone, Copy, Default)]
struct Entry {
    before: u16,
    length: u16,
    last: u8,
    first: u8,
}

/// A decoder.
pub struct Lzw<'a> {
    data: &'a [u8],
    entries: Vec<Entry>,
    bits: u64,
    count: u32,
    width: u32,
    next: u16,
    previous: Option<u16>,
    /// A string that was longer than what was wanted: where its rest begins and ends.
    rest: Vec<u8>,
    start: usize,
    end: usize,
}

/// Bytes of one.
pub const MEMORY: u64 = (CODES * size_of::<Entry>() + CODES) as u64;

impl<'a> Lzw<'a> {
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn new() -> Result<Self, Failure> {
        let mut entries: Vec<Entry> = zeros(CODES)?;
        for (byte, entry) in (0..=u8::MAX).zip(&mut entries) {
            *entry = Entry { before: 0, length: 1, last: byte, first: byte };
        }
        let rest = zeros(CODES)?;
        let (bits, count, width, next, previous) = (0, 0, 9, FIRST, None);
        let (start, end, data) = (0, 0, [].as_slice());
        Ok(Self { data, entries, bits, count, width, next, previous, rest, start, end })
    }

    /// Begins with other data.
    pub fn begin(&mut self, data: &'a [u8]) {
        (self.data, self.bits, self.count) = (data, 0, 0);
        (self.width, self.next, self.previous) = (9, FIRST, None);
        (self.start, self.end) = (0, 0);
    }

    /// Decodes as many bytes as there is room for.
    ///
    /// # Errors
    /// [`Failure::Truncated`] or [`Failure::Malformed`].
    pub fn read(&mut self, out: &mut [u8]) -> Result<(), Failure> {
        let mut filled = self.take(out);
        while filled < out.len() {
            let code = self.code()?;
            if code == CLEAR {
                (self.width, self.next, self.previous) = (9, FIRST, None);
                continue;
            }
            if code == END {
                return Err(cut());
            }
            self.learn(code)?;
            let length = self.entries.get(usize::from(code)).map_or(0, |entry| entry.length);
            let length = usize::from(length);
            match out.get_mut(filled..filled + length) {
                Some(place) => {
                    write(&self.entries, code, place);
                    filled += length;
                }
                None => {
                    let place = self.rest.get_mut(..length).unwrap_or_default();
                    write(&self.entries, code, place);
                    (self.start, self.end) = (0, length);
                    filled += self.take(out.get_mut(filled..).unwrap_or_default());
                }
            }
            self.previous = Some(code);
        }
        Ok(())
    }

    /// Gives what is left of a string, and tells how much that was.
    fn take(&mut self, out: &mut [u8]) -> usize {
        let rest = self.rest.get(self.start..self.end).unwrap_or_default();
        let length = rest.len().min(out.len());
        out.iter_mut().zip(rest).for_each(|(place, byte)| *place = *byte);
        self.start += length;
        length
    }

    /// The string before with the first byte of this one gets a code of its own.
    fn learn(&mut self, code: u16) -> Result<(), Failure> {
        let Some(previous) = self.previous else {
            return if code < CLEAR { Ok(()) } else { Err(wrong()) };
        };
        if code > self.next {
            return Err(wrong());
        }
        // Behind the last code writers clear, but some do so one code late.
        if usize::from(self.next) < CODES {
            let entry = self.entries.get(usize::from(previous)).copied().ok_or_else(wrong)?;
            let from = if code == self.next { previous } else { code };
            let last = self.entries.get(usize::from(from)).ok_or_else(wrong)?.first;
            let place = self.entries.get_mut(usize::from(self.next)).ok_or_else(wrong)?;
            *place = Entry { before: previous, length: entry.length + 1, last, first: entry.first };
            self.next += 1;
            if self.width < 12 && usize::from(self.next) + 1 >= 1 << self.width {
                self.width += 1;
            }
        } else if usize::from(code) >= CODES {
            return Err(wrong());
        }
        Ok(())
    }

    #[inline(always)]
    fn code(&mut self) -> Result<u16, Failure> {
        while self.count < self.width {
            let (byte, rest) = self.data.split_first().ok_or_else(cut)?;
            self.data = rest;
            self.bits = self.bits << 8 | u64::from(*byte);
            self.count += 8;
        }
        self.count -= self.width;
        Ok((self.bits >> self.count) as u16 & ((1 << self.width) - 1))
    }
}

/// Writes the string of a code, its last byte first.
fn write(entries: &[Entry], mut code: u16, place: &mut [u8]) {
    for place in place.iter_mut().rev() {
        let Some(entry) = entries.get(usize::from(code)) else { return };
        (*place, code) = (entry.last, entry.before);
    }
}

fn cut() -> Failure {
    Failure::truncated("picture data")
}

fn wrong() -> Failure {
    Failure::malformed("a code that cannot be")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Codes of nine bits.
    fn packed(codes: &[u16]) -> Vec<u8> {
        let bits = codes.iter().flat_map(|code| (0..9).rev().map(move |bit| code >> bit & 1));
        let bits: Vec<u16> = bits.collect();
        let byte = |bits: &[u16]| bits.iter().fold(0, |byte, bit| byte << 1 | *bit as u8);
        bits.chunks(8).map(|bits| byte(bits) << (8 - bits.len())).collect()
    }

    fn decoded(codes: &[u16], parts: &[usize]) -> Result<Vec<u8>, Failure> {
        let data = packed(codes);
        let mut lzw = Lzw::new().unwrap();
        lzw.begin(&data);
        let mut all = Vec::new();
        for part in parts {
            let mut out = vec![0; *part];
            lzw.read(&mut out)?;
            all.extend(out);
        }
        Ok(all)
    }

    #[test]
    fn the_example_of_the_specification() {
        // TIFF 6.0 page 61.
        let codes = [256, 7, 258, 8, 8, 258, 6, 6, 257];
        let bytes = [7, 7, 7, 8, 8, 7, 7, 6, 6];
        for parts in [&[9][..], &[1; 9], &[2, 3, 4], &[0, 4, 5]] {
            assert_eq!(decoded(&codes, parts).unwrap(), bytes);
        }
        assert!(matches!(decoded(&codes, &[10]), Err(Failure::Truncated(_))));
    }

    #[test]
    fn what_cannot_be_is_refused() {
        for codes in [&[256, 258][..], &[256, 7, 259], &[256, 300]] {
            assert!(matches!(decoded(codes, &[9]), Err(Failure::Malformed(_))), "{codes:?}");
        }
        assert!(matches!(decoded(&[256, 7], &[9]), Err(Failure::Truncated(_))));
    }
}
