//! Writing marker segments and entropy-coded data (ITU-T T.81 §B, §F.1.2).

use super::symbols::Codes;
use crate::failure::Failure;
use crate::simd::U8x16;

/// Bytes of a chunk. A file grows chunk by chunk, so that it is never moved to a larger place.
const CHUNK: usize = 64 << 10;

/// Words of coded data that a unit of ten blocks can take at most: 64 symbols of 16 + 11 bits a
/// block.
const LARGEST_UNIT: usize = 10 * 64 * 27 / 32 + 1;

/// Words that wait to be stuffed: four at a time, with up to three left over.
const WORDS: usize = LARGEST_UNIT + 1_024;

/// A JPEG file under way.
pub struct Writer {
    chunks: Vec<Vec<u8>>,
    /// The last chunk.
    file: Vec<u8>,
    /// Coded data, the first bit on top of each word, not yet stuffed.
    words: Vec<u32>,
    /// How many there are.
    filled: usize,
    /// Bits not yet among the words, the last one lowest.
    bits: u64,
    /// How many there are, fewer than 32 between calls.
    count: u32,
}

/// Codes by symbol: the code above, its length in the low eight bits.
#[derive(Clone, Copy)]
pub struct CodeTable([u32; 256]);

impl CodeTable {
    pub const EMPTY: Self = Self([0; 256]);

    /// Numbers codes in the order of their symbols (T.81 §C.2).
    pub fn new(codes: &Codes) -> Self {
        let mut table = [0; 256];
        let mut symbols = codes.symbols.iter();
        let mut code = 0_u32;
        for (length, count) in (1..).zip(codes.counts) {
            for symbol in symbols.by_ref().take(count.into()) {
                table[usize::from(*symbol)] = code << 8 | length;
                code += 1;
            }
            code <<= 1;
        }
        Self(table)
    }

    /// A code and its length.
    #[inline(always)]
    pub fn of(&self, symbol: u32) -> (u32, u32) {
        let entry = self.0[(symbol & 255) as usize];
        (entry >> 8, entry & 255)
    }
}

impl Writer {
    /// Begins a file.
    pub fn new() -> Self {
        let (chunks, file, words) = (Vec::new(), vec![0xff, 0xd8], vec![0; WORDS]);
        Self { chunks, file, words, filled: 0, bits: 0, count: 0 }
    }

    /// Writes a marker segment.
    pub fn segment(&mut self, marker: u8, payload: &[u8]) {
        let length = (payload.len() + 2) as u16;
        self.file.extend_from_slice(&[0xff, marker]);
        self.file.extend_from_slice(&length.to_be_bytes());
        self.file.extend_from_slice(payload);
    }

    /// Before each unit of blocks: makes room for all that it can take.
    ///
    /// # Errors
    /// [`Failure::OverBudget`] if the allocator refuses.
    #[inline(always)]
    pub fn reserve(&mut self) -> Result<(), Failure> {
        if self.filled + LARGEST_UNIT > WORDS {
            self.drain()?;
        }
        Ok(())
    }

    /// Writes the lowest `count` bits of `bits`, at most 32; the others must be zero.
    #[inline(always)]
    pub fn put(&mut self, bits: u32, count: u32) {
        self.bits = self.bits << count | u64::from(bits);
        self.count += count;
        if self.count >= 32 {
            self.count -= 32;
            // There is room: `reserve` has seen to it.
            if let Some(word) = self.words.get_mut(self.filled) {
                *word = (self.bits >> self.count) as u32;
            }
            self.filled += 1;
        }
    }

    /// Moves whole vectors of words to the file; a zero follows each byte of ones.
    #[cold]
    fn drain(&mut self) -> Result<(), Failure> {
        let words = self.words.get(..self.filled).unwrap_or_default();
        // Every byte may be stuffed.
        let room = words.len() * 8;
        if self.file.capacity() - self.file.len() < room {
            let mut chunk = Vec::new();
            let length = CHUNK.max(room);
            chunk.try_reserve_exact(length).map_err(|_| Failure::out_of_memory(length))?;
            self.chunks.push(core::mem::replace(&mut self.file, chunk));
        }
        let (vectors, rest) = words.as_chunks::<4>();
        let mut bytes = [0; 16];
        for vector in vectors {
            big_endian(vector, &mut bytes);
            if bytes.contains(&0xff) {
                stuff(&mut self.file, &bytes);
            } else {
                self.file.extend_from_slice(&bytes);
            }
        }
        let (first, left) = (vectors.len() * 4, rest.len());
        self.words.copy_within(first..first + left, 0);
        self.filled = left;
        Ok(())
    }

    /// Ends a scan: fills up its last byte with ones.
    ///
    /// # Errors
    /// [`Failure::OverBudget`] if the allocator refuses.
    pub fn flush(&mut self) -> Result<(), Failure> {
        let fill = (8 - self.count % 8) % 8;
        self.put((1 << fill) - 1, fill);
        self.reserve()?;
        self.drain()?;
        let rest = self.words.get(..self.filled).unwrap_or_default();
        for word in rest {
            stuff(&mut self.file, &word.to_be_bytes());
        }
        self.filled = 0;
        while self.count > 0 {
            self.count -= 8;
            stuff(&mut self.file, &[(self.bits >> self.count) as u8]);
        }
        Ok(())
    }

    /// Ends the file.
    ///
    /// # Errors
    /// [`Failure::OverBudget`] if the allocator refuses.
    pub fn finish(mut self) -> Result<Vec<u8>, Failure> {
        self.file.extend_from_slice(&[0xff, 0xd9]);
        self.chunks.push(self.file);
        let length = self.chunks.iter().map(Vec::len).sum();
        let mut file = Vec::new();
        file.try_reserve_exact(length).map_err(|_| Failure::out_of_memory(length))?;
        for chunk in self.chunks {
            file.extend_from_slice(&chunk);
        }
        Ok(file)
    }
}

/// Appends bytes; a zero follows each byte of ones.
fn stuff(file: &mut Vec<u8>, bytes: &[u8]) {
    for byte in bytes {
        file.push(*byte);
        if *byte == 0xff {
            file.push(0);
        }
    }
}

/// The bytes of words, the highest first.
#[inline(always)]
fn big_endian(words: &[u32; 4], bytes: &mut [u8; 16]) {
    let words = U8x16::load_words(words);
    words.pick::<3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12>(words).store(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_of_ones_are_stuffed_wherever_they_fall() {
        for shift in 0..16 {
            let mut writer = Writer::new();
            writer.put(0, shift);
            for _ in 0..5 {
                writer.put(0xffff, 16);
                writer.put(0, 7);
            }
            writer.flush().unwrap();
            let file = writer.finish().unwrap();
            let mut rest = &file[2..file.len() - 2];
            while let Some(at) = rest.iter().position(|byte| *byte == 0xff) {
                assert_eq!(rest.get(at + 1), Some(&0), "{file:x?}");
                rest = &rest[at + 2..];
            }
        }
    }
}
