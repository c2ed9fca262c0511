//! LZW as GIF has it (GIF89a appendix F), written.

use crate::budget::zeros;
use crate::failure::Failure;

/// Most codes.
const CODES: u32 = 1 << 12;

/// Slots of the table in which strings are looked up: four times as many.
const SLOTS_BITS: u32 = 14;

/// Bytes of a sub-block.
const BLOCK: usize = 255;

/// Writes data behind a frame's descriptor.
pub struct Compressor {
    /// The code of a string but for its last sample, and that, above the code that it has; 0 is none,
    /// since strings have other codes.
    slots: Vec<u32>,
}

impl Compressor {
    /// Bytes that one takes.
    pub const MEMORY: u64 = 4 << SLOTS_BITS;

    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn new() -> Result<Self, Failure> {
        Ok(Self { slots: zeros(1 << SLOTS_BITS)? })
    }

    /// Adds indices below two to the power of `least`, which is at least 2, to a file with room for
    /// [`longest`] bytes more.
    pub fn run(&mut self, indices: &[u8], least: u8, file: &mut Vec<u8>) {
        let clear = 1_u32 << least;
        let mut out = Blocks { file, start: 0, bits: 0, count: 0 };
        out.file.push(least);
        out.begin();
        let mut width = u32::from(least) + 1;
        out.put(clear, width);
        self.slots.fill(0);
        let mut next = clear + 2;
        let mut string: Option<u32> = None;
        for index in indices.iter().copied().map(u32::from) {
            let Some(before) = string else {
                string = Some(index);
                continue;
            };
            let key = before << 8 | index;
            let mut slot = key.wrapping_mul(0x9e37_79b1) >> (32 - SLOTS_BITS);
            let found = loop {
                match self.slots.get(slot as usize) {
                    Some(held) if held >> 12 == key && *held != 0 => break Some(held & 0xfff),
                    Some(held) if *held != 0 => slot = (slot + 1) % (1 << SLOTS_BITS),
                    _ => break None,
                }
            };
            if found.is_some() {
                string = found;
                continue;
            }
            out.put(before, width);
            string = Some(index);
            if next == CODES {
                out.put(clear, width);
                self.slots.fill(0);
                next = clear + 2;
                width = u32::from(least) + 1;
                continue;
            }
            if let Some(place) = self.slots.get_mut(slot as usize) {
                *place = key << 12 | next;
            }
            // The decoder learns this string one code later.
            width += u32::from(next == 1 << width);
            next += 1;
        }
        if let Some(last) = string {
            out.put(last, width);
            width += u32::from(next == 1 << width && width < 12);
        }
        out.put(clear + 1, width);
        out.end();
    }
}

/// Most bytes that so many indices take.
pub fn longest(indices: u64) -> u64 {
    // A code of twelve bits for each, some to clear and to end, and lengths of blocks.
    let codes = indices * 3 / 2 + indices / 1_024 + 16;
    codes + codes / BLOCK as u64 + 4
}

/// Codes in sub-blocks.
struct Blocks<'a> {
    file: &'a mut Vec<u8>,
    /// Where the length of the block under way stands.
    start: usize,
    bits: u64,
    count: u32,
}

impl Blocks<'_> {
    fn begin(&mut self) {
        self.start = self.file.len();
        self.file.push(0);
    }

    #[inline(always)]
    fn put(&mut self, code: u32, width: u32) {
        self.bits |= u64::from(code) << self.count;
        self.count += width;
        while self.count >= 8 {
            self.byte();
        }
    }

    fn byte(&mut self) {
        self.file.push(self.bits as u8);
        self.bits >>= 8;
        self.count = self.count.saturating_sub(8);
        if self.file.len() - self.start > BLOCK {
            self.close();
            self.begin();
        }
    }

    fn close(&mut self) {
        let length = self.file.len() - self.start - 1;
        self.file.get_mut(self.start).into_iter().for_each(|place| *place = length as u8);
    }

    /// Writes what is left, and the empty block.
    fn end(&mut self) {
        if self.count > 0 {
            self.byte();
        }
        self.close();
        // A block that was only begun is the empty one.
        if self.file.len() - self.start > 1 {
            self.file.push(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::blocks::SubBlocks;
    use super::super::lzw::Rows;
    use super::*;

    #[test]
    fn indices_survive_the_way_there_and_back() {
        let noise = |i: usize| ((i * 7_919 + i * i * 31) >> 4) as u8;
        let mut compressor = Compressor::new().unwrap();
        for count in [1, 2, 255, 3_000, 200_000] {
            for least in 2..=8_u8 {
                let mask = 0xff_u8 >> (8 - least);
                for indices in [
                    vec![1; count],
                    (0..count).map(|i| noise(i) & mask).collect(),
                    (0..count).map(|i| (i / 7) as u8 & mask).collect::<Vec<u8>>(),
                ] {
                    let mut file = Vec::new();
                    compressor.run(&indices, least, &mut file);
                    assert!(file.len() as u64 <= longest(count as u64), "{count} {least}");
                    assert_eq!(file[0], least);
                    let data = SubBlocks::new(&file[1..]);
                    assert_eq!(data.after(), Some(&[][..]), "{count} {least}");
                    let mut rows = Rows::new(count).unwrap();
                    let mut decoder = rows.begin(data, least, count).unwrap();
                    assert!(decoder.next_row().unwrap() == indices, "{count} {least}");
                }
            }
        }
    }
}
