//! Prefix codes: their tables (RFC 9649 §3.7.2).

use super::bits::Bits;
use crate::failure::Failure;

/// Longest code.
pub const LONGEST: usize = 15;

/// Bits that the first table of a code looks at; longer codes go on in a second one.
const ROOT_BITS: u32 = 8;

/// A table of `entries`: where it begins, and the bits that index it.
#[derive(Clone, Copy, Default)]
pub struct Table {
    start: u32,
    mask: u32,
}

/// The tables of many codes, one behind the other. An entry holds a symbol and, in its low byte,
/// the length of its code; or, for longer codes, the place of a second table and its reach.
#[derive(Default)]
pub struct Tables {
    entries: Vec<u32>,
}

impl Tables {
    /// Adds the code whose symbols have these lengths, 0 for those that do not occur.
    ///
    /// # Errors
    /// [`Failure::Malformed`] unless the code is complete, or a single symbol.
    pub fn add(&mut self, lengths: &[u8]) -> Result<Table, Failure> {
        let start = self.entries.len() as u32;
        let mut counts = [0_u32; LONGEST + 1];
        for length in lengths {
            counts[usize::from(*length) & LONGEST] += 1;
        }
        counts[0] = 0;
        let used: u32 = counts.iter().sum();
        if used == 1 {
            let symbol = lengths.iter().position(|length| *length > 0).unwrap_or(0);
            self.grow(1)?;
            self.set(start, (symbol as u32) << 8);
            return Ok(Table { start, mask: 0 });
        }
        let taken: u32 = (1..=LONGEST).map(|length| counts[length] << (LONGEST - length)).sum();
        if taken != 1 << LONGEST {
            return Err(Failure::malformed("a prefix code is not complete"));
        }
        let longest = (1..=LONGEST).rev().find(|length| counts[*length] > 0).unwrap_or(1) as u32;
        let root = longest.min(ROOT_BITS);
        self.grow(1 << root)?;

        let mut next = [0_u32; LONGEST + 1];
        let mut code = 0;
        for length in 1..=LONGEST {
            code = (code + counts[length - 1]) << 1;
            next[length] = code;
        }
        // Codes of one root entry follow each other, the longest last; so each second table is made
        // by walking through the lengths, and is as large as its last code needs.
        let mut order: Vec<(u32, u32, u32)> = Vec::new();
        for (symbol, length) in lengths.iter().enumerate().filter(|(_, length)| **length > 0) {
            let length = usize::from(*length) & LONGEST;
            let reversed = next[length].reverse_bits() >> (32 - length);
            next[length] += 1;
            let (symbol, length) = (symbol as u32, length as u32);
            if length <= root {
                self.fill(start, reversed, length, root, symbol << 8 | length);
            } else {
                order.push((reversed & ((1 << root) - 1), length, reversed >> root << 16 | symbol));
            }
        }
        order.sort_unstable();
        for group in order.chunk_by(|a, b| a.0 == b.0) {
            let reach = group.iter().map(|code| code.1).max().unwrap_or(root) - root;
            let second = self.entries.len() as u32;
            self.grow(1 << reach)?;
            for (_, length, rest) in group {
                let (reversed, symbol) = (rest >> 16, rest & 0xffff);
                self.fill(second, reversed, length - root, reach, symbol << 8 | (length - root));
            }
            let entry = (second - start) << 8 | (ROOT_BITS + reach);
            self.set(start + group.first().map_or(0, |code| code.0), entry);
        }
        Ok(Table { start, mask: (1 << root) - 1 })
    }

    fn grow(&mut self, count: usize) -> Result<(), Failure> {
        self.entries.try_reserve(count).map_err(|_| Failure::out_of_memory(count * 4))?;
        self.entries.resize(self.entries.len() + count, 0);
        Ok(())
    }

    fn set(&mut self, index: u32, entry: u32) {
        if let Some(place) = self.entries.get_mut(index as usize) {
            *place = entry;
        }
    }

    /// Sets all entries of a table of 2^`bits` whose low `length` bits are `reversed`.
    fn fill(&mut self, start: u32, reversed: u32, length: u32, bits: u32, entry: u32) {
        for high in 0..1 << (bits - length) {
            self.set(start + (high << length | reversed), entry);
        }
    }

    /// What symbols are looked up in.
    pub fn symbols(&self) -> Symbols<'_> {
        Symbols(&self.entries)
    }

    /// The symbol of a code that has no other.
    pub fn single(&self, table: Table) -> Option<u32> {
        let entry = self.entries.get(table.start as usize).copied().unwrap_or(0);
        (table.mask == 0).then_some(entry >> 8)
    }
}

/// The entries of tables.
#[derive(Clone, Copy)]
pub struct Symbols<'a>(&'a [u32]);

impl Symbols<'_> {
    /// Takes a symbol: up to 15 bits, which a refill must have loaded.
    #[inline(always)]
    pub fn next(self, table: Table, bits: &mut Bits<'_>) -> u32 {
        let Self(entries) = self;
        let index = table.start + (bits.ahead as u32 & table.mask);
        let mut entry = entries.get(index as usize).copied().unwrap_or(0);
        let length = entry & 0xff;
        if length > ROOT_BITS {
            bits.skip(ROOT_BITS);
            let within = bits.ahead as u32 & ((1 << (length - ROOT_BITS)) - 1);
            let index = table.start + (entry >> 8) + within;
            entry = entries.get(index as usize).copied().unwrap_or(0);
        }
        bits.skip(entry & 0xff);
        entry >> 8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_and_short_codes_are_read() {
        // 1, 2, … 14, 15, 15: symbol n has n ones and a zero.
        let lengths: Vec<u8> = (1..=15).chain([15]).collect();
        let mut tables = Tables::default();
        tables.add(&[0, 9, 0]).unwrap();
        let table = tables.add(&lengths).unwrap();
        for symbol in 0..16_u32 {
            let code = (1_u64 << symbol) - 1;
            let data = (code & 0x7fff).to_le_bytes();
            let mut bits = Bits::new(&data);
            bits.refill();
            assert_eq!(tables.symbols().next(table, &mut bits), symbol);
        }
    }

    #[test]
    fn only_complete_codes_and_single_symbols_are_codes() {
        let mut tables = Tables::default();
        let single = tables.add(&[0, 0, 7]).unwrap();
        assert_eq!(tables.single(single), Some(2));
        assert!(tables.add(&[]).is_err());
        assert!(tables.add(&[0, 0]).is_err());
        assert!(tables.add(&[1, 2]).is_err());
        assert!(tables.add(&[1, 1, 2]).is_err());
        assert!(tables.add(&[1, 2, 2]).is_ok());
    }
}
