//! Writing marker segments and entropy-coded data (ITU-T T.81 §B, §F.1.2).

use super::standard::Codes;
use crate::failure::Failure;

/// Bytes of a chunk. A file grows chunk by chunk, so that it is never moved to a larger place.
const CHUNK: usize = 64 << 10;

/// What a unit of ten blocks can take at most: 64 symbols of 16 + 11 bits a block, all stuffed.
const LARGEST_UNIT: usize = 10 * 64 * 27 / 8 * 2;

/// A JPEG file under way.
pub struct Writer {
    chunks: Vec<Vec<u8>>,
    /// The last chunk.
    file: Vec<u8>,
    /// Bits not yet written, the last one lowest.
    bits: u64,
    /// How many there are, fewer than 32 between calls.
    count: u32,
}

/// Codes by symbol: the code above, its length in the low eight bits.
pub struct CodeTable([u32; 256]);

impl CodeTable {
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
        Self { chunks: Vec::new(), file: vec![0xff, 0xd8], bits: 0, count: 0 }
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
    pub fn unit(&mut self) -> Result<(), Failure> {
        if self.file.capacity() - self.file.len() < LARGEST_UNIT {
            self.next_chunk()?;
        }
        Ok(())
    }

    #[cold]
    fn next_chunk(&mut self) -> Result<(), Failure> {
        let mut chunk = Vec::new();
        chunk.try_reserve_exact(CHUNK).map_err(|_| Failure::out_of_memory(CHUNK))?;
        self.chunks.push(core::mem::replace(&mut self.file, chunk));
        Ok(())
    }

    /// Writes the lowest `count` bits of `bits`, at most 32; the others must be zero.
    #[inline(always)]
    pub fn put(&mut self, bits: u32, count: u32) {
        self.bits = self.bits << count | u64::from(bits);
        self.count += count;
        if self.count >= 32 {
            self.count -= 32;
            self.emit((self.bits >> self.count) as u32);
        }
    }

    /// Writes four bytes; a zero follows each byte of ones.
    #[inline(always)]
    fn emit(&mut self, word: u32) {
        let bytes = word.to_be_bytes();
        // Whether any byte is 0xff: then its complement has a zero byte.
        let holes = !word;
        if holes.wrapping_sub(0x0101_0101) & word & 0x8080_8080 == 0 {
            self.file.extend_from_slice(&bytes);
            return;
        }
        for byte in bytes {
            self.file.push(byte);
            if byte == 0xff {
                self.file.push(0);
            }
        }
    }

    /// Fills up the last byte of a scan with ones.
    pub fn flush(&mut self) {
        let fill = (8 - self.count % 8) % 8;
        self.put((1 << fill) - 1, fill);
        while self.count > 0 {
            self.count -= 8;
            let byte = (self.bits >> self.count) as u8;
            self.file.push(byte);
            if byte == 0xff {
                self.file.push(0);
            }
        }
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
            writer.flush();
            let file = writer.finish().unwrap();
            let mut rest = &file[2..file.len() - 2];
            while let Some(at) = rest.iter().position(|byte| *byte == 0xff) {
                assert_eq!(rest.get(at + 1), Some(&0), "{file:x?}");
                rest = &rest[at + 2..];
            }
        }
    }
}
