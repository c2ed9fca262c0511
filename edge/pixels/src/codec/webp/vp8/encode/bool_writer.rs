//! The boolean entropy encoder (RFC 6386 §7.3).

use super::super::tables::Probability;
use super::path::Path;
use crate::failure::Failure;

/// Bits that are gathered before they are written.
const GATHERED: u32 = 40;

/// What a file grows by if the forecast of its length was short.
const GROWTH: usize = 4 << 10;

/// Appends coded bits to a file.
pub struct BoolWriter {
    file: Vec<u8>,
    /// Where the partition begins: a carry never goes beyond.
    start: usize,
    /// The lower end of the interval; above it is room for a carry.
    low: u64,
    /// The length of the interval, 128 to 255.
    range: u32,
    /// Bits of `low` that are final but for a carry: those above the lowest eight.
    count: u32,
    refused: bool,
}

impl BoolWriter {
    /// Begins a partition at the end of a file.
    pub fn new(file: Vec<u8>) -> Self {
        let start = file.len();
        Self { file, start, low: 0, range: 255, count: 0, refused: false }
    }

    /// Writes a bit that is zero with `probability` / 256.
    #[inline(always)]
    pub fn put(&mut self, bit: bool, probability: Probability) {
        let split = 1 + (((self.range - 1) * u32::from(probability)) >> 8);
        // No branch, as most bits are hard to foretell.
        let one = u32::from(bit).wrapping_neg();
        self.low += u64::from(split & one);
        let range = (split & !one) | ((self.range - split) & one);
        let shift = range.leading_zeros() - 24;
        self.range = range << shift;
        self.low <<= shift;
        self.count += shift;
        if self.count >= GATHERED {
            self.emit();
        }
    }

    /// Writes a bit that is as likely zero as one.
    #[inline(always)]
    pub fn put_even(&mut self, bit: bool) {
        self.put(bit, 128);
    }

    /// Writes the lowest `count` bits of a number, the highest first (RFC 6386 §8, `L(n)`).
    pub fn put_literal(&mut self, value: u32, count: u32) {
        for place in (0..count).rev() {
            self.put_even(value >> place & 1 != 0);
        }
    }

    /// Writes whether a number is given, its magnitude and its sign.
    pub fn put_optional_signed(&mut self, value: i32, count: u32) {
        self.put_even(value != 0);
        if value != 0 {
            self.put_literal(value.unsigned_abs(), count);
            self.put_even(value < 0);
        }
    }

    /// Writes the way to a leaf of a tree whose pairs of branches have these probabilities.
    pub fn put_path(&mut self, path: &Path, probabilities: &[Probability]) {
        for (bit, pair) in path.steps() {
            self.put(*bit, probabilities.get(usize::from(*pair)).copied().unwrap_or(128));
        }
    }

    #[cold]
    fn emit(&mut self) {
        // `low` has `count` bits above its lowest eight, and perhaps a carry above them.
        let bits = self.count + 8;
        if self.low >> bits != 0 {
            self.carry();
        }
        let whole = self.count & !7;
        let bytes = (whole / 8) as usize;
        let done = (self.low << (64 - bits)).to_be_bytes();
        if self.file.capacity() - self.file.len() < bytes
            && self.file.try_reserve_exact(GROWTH).is_err()
        {
            self.refused = true;
        }
        if !self.refused {
            self.file.extend_from_slice(done.get(..bytes).unwrap_or_default());
        }
        self.count -= whole;
        self.low &= (1 << (self.count + 8)) - 1;
    }

    fn carry(&mut self) {
        for byte in self.file.get_mut(self.start..).unwrap_or_default().iter_mut().rev() {
            *byte = byte.wrapping_add(1);
            if *byte != 0 {
                break;
            }
        }
    }

    /// Ends the partition, and gives the file back.
    ///
    /// # Errors
    /// [`Failure::OverBudget`] if the allocator refused.
    pub fn finish(mut self) -> Result<Vec<u8>, Failure> {
        // The lowest eight bits count too, and what does not fill a byte.
        self.low <<= 16;
        self.count += 16;
        self.emit();
        if self.refused {
            return Err(Failure::out_of_memory(self.file.len() + GROWTH));
        }
        Ok(self.file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The decoder of RFC 6386 §7.3.
    struct Reader<'a> {
        bytes: &'a [u8],
        value: u32,
        range: u32,
        bits: u32,
    }

    impl<'a> Reader<'a> {
        fn new(bytes: &'a [u8]) -> Self {
            let (head, rest) = bytes.split_at(2);
            Self {
                bytes: rest,
                value: u32::from(head[0]) << 8 | u32::from(head[1]),
                range: 255,
                bits: 0,
            }
        }

        fn get(&mut self, probability: u8) -> bool {
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
                self.bits += 1;
                if self.bits == 8 {
                    self.bits = 0;
                    let (first, rest) = self.bytes.split_first().unwrap();
                    self.value |= u32::from(*first);
                    self.bytes = rest;
                }
            }
            bit
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let mut state = 1_u32;
        let mut random = move || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state >> 8
        };
        for length in [0, 1, 7, 100, 5_000] {
            for lean in [1, 30, 128, 250, 255] {
                let bits: Vec<(bool, u8)> = (0..length)
                    .map(|_| (random() % 256 >= lean, (random() % 255 + 1) as u8))
                    .collect();
                let mut writer = BoolWriter::new(vec![0xff; 3]);
                bits.iter().for_each(|(bit, probability)| writer.put(*bit, *probability));
                let mut file = writer.finish().unwrap();
                assert_eq!(file[..3], [0xff; 3], "what was there before stays");
                file.extend([0; 2]);
                let mut reader = Reader::new(&file[3..]);
                for (bit, probability) in bits {
                    assert_eq!(reader.get(probability), bit);
                }
            }
        }
    }
}
