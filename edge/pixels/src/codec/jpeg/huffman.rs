//! Huffman tables as look-ups (ITU-T T.81 §C, §F.2.2).
//!
//! One load with the next twelve bits gives run, length and value of most symbols; where only the
//! place in the block matters, one load passes over several symbols.

use super::ahead::Ahead;
use crate::failure::Failure;

/// Bits of a look-up.
pub const LOOKUP_BITS: u32 = 12;
const LOOKUP: usize = 1 << LOOKUP_BITS;

/// Bits of a look-up of codes alone.
const CODE_BITS: u32 = 9;

/// What the end of a block counts as: no run moves on so far.
pub const END_OF_BLOCK: u32 = 64;

/// A symbol, found in one look-up.
///
/// Bits 0 to 6: how many bits it takes. Bits 8 to 15: by how many coefficients it moves on. Bits 16
/// to 31: the signed value. With bit 7 the look-up has the code alone, and instead of the value
/// the number of bits that it has; with a length of 0 not even that.
#[derive(Clone, Copy)]
struct Entry(u32);

const OPEN: u32 = 0x80;

impl Entry {
    #[inline(always)]
    fn is_open(self) -> bool {
        self.0 & OPEN != 0
    }
    #[inline(always)]
    fn length(self) -> u32 {
        self.0 & 0x7f
    }
    #[inline(always)]
    fn advance(self) -> u32 {
        (self.0 >> 8) & 0xff
    }
    #[inline(always)]
    fn value(self) -> i16 {
        (self.0 >> 16) as u16 as i16
    }
}

/// Two symbols, or one, found in one look-up; none if they take no bits.
///
/// Bits 0 to 3: how many bits they take. Bits 4 to 8: by how many coefficients the first one moves
/// on. Bits 9 to 15: by how many both do. Bits 16 to 23 and 24 to 31: the signed values. A second
/// one that is missing moves on by none, with a value of 0: it has to be stored before the first.
#[derive(Clone, Copy)]
pub struct Pair(u32);

impl Pair {
    fn new(length: u32, first: u32, value: i16, both: u32, second: i16) -> Self {
        let (value, second) = (u32::from(value as u8), u32::from(second as u8));
        Self(length | first << 4 | both << 9 | value << 16 | second << 24)
    }
    #[inline(always)]
    pub fn length(self) -> u32 {
        self.0 & 15
    }
    #[inline(always)]
    pub fn first_advance(self) -> u32 {
        (self.0 >> 4) & 31
    }
    #[inline(always)]
    pub fn advance(self) -> u32 {
        (self.0 >> 9) & 127
    }
    #[inline(always)]
    pub fn first(self) -> i16 {
        i16::from((self.0 >> 16) as u8 as i8)
    }
    #[inline(always)]
    pub fn second(self) -> i16 {
        i16::from((self.0 >> 24) as u8 as i8)
    }
}

/// A decoded symbol of a sequential scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// By how many coefficients it moves on; [`END_OF_BLOCK`] for the end.
    pub advance: u32,
    pub value: i16,
}

/// A table of one class and destination.
pub struct Table {
    /// By the next twelve bits: a symbol and its value.
    entries: Box<[u32; LOOKUP]>,
    /// By the next twelve bits: two symbols with their values, once asked for.
    pairs: Box<[u32; LOOKUP]>,
    has_pairs: bool,
    /// By the next twelve bits: several symbols at once. Bits 0 to 3: how many bits they take.
    /// Bits 4 to 11: by how many coefficients they move on before a block ends. Bit 12: whether it
    /// ends then. Once asked for.
    skips: Box<[u16; LOOKUP]>,
    has_skips: bool,
    /// By the next nine bits: a code's length, and its symbol above; 0 if the code is longer.
    codes: Vec<u16>,
    /// For each length, one past its last code, aligned to 16 bits.
    ends: [u32; 17],
    /// For each length, what to add to a code to find its symbol.
    offsets: [i32; 17],
    symbols: Vec<u8>,
}

impl Table {
    /// A table of `counts` codes of each length from 1 to 16, and their symbols in order.
    pub fn new(counts: &[u8; 16], symbols: &[u8], ac: bool) -> Result<Self, Failure> {
        let mut table = Self {
            entries: Box::new([OPEN; LOOKUP]),
            pairs: Box::new([0; LOOKUP]),
            has_pairs: false,
            skips: Box::new([0; LOOKUP]),
            has_skips: false,
            codes: vec![0; 1 << CODE_BITS],
            ends: [0; 17],
            offsets: [0; 17],
            symbols: symbols.to_vec(),
        };
        let (mut code, mut index) = (0_u32, 0_usize);
        for (length, count) in (1_u32..).zip(counts) {
            if let Some(offset) = table.offsets.get_mut(length as usize) {
                *offset = index as i32 - code as i32;
            }
            for _ in 0..*count {
                let symbol = *symbols.get(index).ok_or_else(bad_table)?;
                if length <= LOOKUP_BITS {
                    table.enter(code, length, symbol, ac);
                }
                if length <= CODE_BITS {
                    let shift = CODE_BITS - length;
                    let first = (code << shift) as usize;
                    if let Some(places) = table.codes.get_mut(first..first + (1 << shift)) {
                        places.fill(u16::from(symbol) << 8 | length as u16);
                    }
                }
                code += 1;
                index += 1;
            }
            if code > 1 << length {
                return Err(bad_table());
            }
            if let Some(end) = table.ends.get_mut(length as usize) {
                *end = code << (16 - length);
            }
            code <<= 1;
        }
        if !ac && symbols.iter().any(|symbol| *symbol > 15) {
            return Err(bad_table());
        }
        Ok(table)
    }

    fn enter(&mut self, code: u32, length: u32, symbol: u8, ac: bool) {
        let (run, size) = parts(symbol, ac);
        let shift = LOOKUP_BITS - length;
        let first = (code << shift) as usize;
        let total = length + size;
        let advance = advance(run, size, ac) << 8;
        for rest in 0..1_u32 << shift {
            let entry = if total <= LOOKUP_BITS {
                let value = extend(rest >> (LOOKUP_BITS - total), size);
                total | advance | u32::from(value as u16) << 16
            } else {
                length | OPEN | advance | size << 16
            };
            if let Some(place) = self.entries.get_mut(first + rest as usize) {
                *place = entry;
            }
        }
    }

    /// Makes the table ready for [`Table::skip`].
    pub fn prepare_skips(&mut self) {
        if core::mem::replace(&mut self.has_skips, true) {
            return;
        }
        let skip_of = |bits: usize| {
            let (mut used, mut advanced) = (0, 0);
            loop {
                let rest = (bits << used) & (LOOKUP - 1);
                let entry = self.entry(rest as u32);
                if entry.is_open() || used + entry.length() > LOOKUP_BITS {
                    return used | advanced << 4;
                }
                used += entry.length();
                if entry.advance() >= END_OF_BLOCK {
                    return used | advanced << 4 | 1 << 12;
                }
                advanced += entry.advance();
            }
        };
        *self.skips = core::array::from_fn(|bits| skip_of(bits) as u16);
    }

    /// Makes the table ready for [`Table::pair`].
    pub fn prepare_pairs(&mut self) {
        if !core::mem::replace(&mut self.has_pairs, true) {
            *self.pairs = core::array::from_fn(|bits| self.pair_of(bits as u32).0);
        }
    }

    fn pair_of(&self, bits: u32) -> Pair {
        let first = self.entry(bits);
        if first.is_open() || i8::try_from(first.value()).is_err() {
            return Pair(0);
        }
        if first.advance() == END_OF_BLOCK {
            return Pair::new(first.length(), 1, 0, END_OF_BLOCK, 0);
        }
        let second = self.entry((bits << first.length()) & (LOOKUP as u32 - 1));
        let length = first.length() + second.length();
        if second.is_open() || length > LOOKUP_BITS || i8::try_from(second.value()).is_err() {
            return Pair::new(first.length(), first.advance(), first.value(), first.advance(), 0);
        }
        let all = (first.advance() + second.advance()).min(END_OF_BLOCK);
        Pair::new(length, first.advance(), first.value(), all, second.value())
    }

    /// The pair at the front of the next twelve bits.
    #[inline(always)]
    pub fn pair(&self, bits: u32) -> Pair {
        Pair(self.pairs[(bits as usize) & (LOOKUP - 1)])
    }

    #[inline(always)]
    fn entry(&self, bits: u32) -> Entry {
        Entry(self.entries[bits as usize & (LOOKUP - 1)])
    }

    /// Takes the next symbol with its value: at most 32 bits. `broken` is set if there is none.
    #[inline(always)]
    pub fn next(&self, ahead: &mut Ahead, ac: bool, broken: &mut bool) -> Symbol {
        let entry = self.entry(ahead.peek(LOOKUP_BITS));
        if !entry.is_open() {
            ahead.skip(entry.length());
            return Symbol { advance: entry.advance(), value: entry.value() };
        }
        if entry.length() != 0 {
            ahead.skip(entry.length());
            let size = entry.value() as u32;
            return Symbol { advance: entry.advance(), value: extend(ahead.take(size), size) };
        }
        let (run, size) = parts(self.next_code(ahead, broken), ac);
        Symbol { advance: advance(run, size, ac), value: extend(ahead.take(size), size) }
    }

    /// Takes the next symbol if one look-up gives it with a value.
    #[inline(always)]
    pub fn short(&self, ahead: &mut Ahead) -> Option<Symbol> {
        let entry = self.entry(ahead.peek(LOOKUP_BITS));
        if entry.is_open() || entry.advance() == END_OF_BLOCK {
            return None;
        }
        ahead.skip(entry.length());
        Some(Symbol { advance: entry.advance(), value: entry.value() })
    }

    /// Takes the next code alone: at most 16 bits.
    #[inline(always)]
    pub fn next_code(&self, ahead: &mut Ahead, broken: &mut bool) -> u8 {
        let code = self.codes.get(ahead.peek(CODE_BITS) as usize).copied().unwrap_or(0);
        let (length, symbol) = match code {
            0 => self.symbol(ahead.peek(16)),
            _ => (u32::from(code & 0xff), (code >> 8) as u8),
        };
        *broken |= length > 16;
        ahead.skip(length);
        symbol
    }

    /// How many bits, and coefficients, several symbols take; and whether the block ends then.
    #[inline(always)]
    pub fn skip(&self, bits: u32) -> (u32, u32, bool) {
        let skip = u32::from(self.skips[bits as usize & (LOOKUP - 1)]);
        (skip & 15, (skip >> 4) & 0xff, skip >> 12 != 0)
    }

    /// The length of the code at the front of sixteen bits, and its symbol; if there is none, one bit
    /// more and 0, so that whoever reads on does not meet it again.
    fn symbol(&self, bits: u32) -> (u32, u8) {
        let ends = self.ends.iter().zip(0_u32..).skip(1);
        let Some((_, length)) = ends.into_iter().find(|(end, _)| bits < **end) else {
            return (17, 0);
        };
        let offset = self.offsets.get(length as usize).copied().unwrap_or(0);
        let index = (bits >> (16 - length)) as i32 + offset;
        (length, self.symbols.get(index as usize).copied().unwrap_or(0))
    }
}

fn bad_table() -> Failure {
    Failure::malformed("a Huffman table has codes that cannot be")
}

/// The run of zeros, and the number of additional bits.
#[inline(always)]
pub fn parts(symbol: u8, ac: bool) -> (u32, u32) {
    if ac { (u32::from(symbol >> 4), u32::from(symbol & 15)) } else { (0, u32::from(symbol)) }
}

/// By how many coefficients a symbol of a sequential scan moves on.
#[inline(always)]
pub fn advance(run: u32, size: u32, ac: bool) -> u32 {
    // No value after a run of less than 16 means the end of the block.
    if ac && size == 0 && run != 15 { END_OF_BLOCK } else { run + 1 }
}

/// The signed value of `size` additional bits (T.81 §F.2.2.1, EXTEND).
#[inline(always)]
pub fn extend(bits: u32, size: u32) -> i16 {
    if size == 0 {
        return 0;
    }
    let negative = bits >> (size - 1) == 0;
    (bits as i32 - if negative { (1 << size) - 1 } else { 0 }) as i16
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The luminance AC counts of T.81 table K.5.
    const COUNTS: [u8; 16] = [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125];

    #[test]
    fn look_ups_agree_with_the_codes() {
        let symbols: Vec<u8> = (0..162).map(|i| (i * 7 % 251) as u8).collect();
        let mut table = Table::new(&COUNTS, &symbols, true).unwrap();
        table.prepare_skips();
        for bits in 0..1 << 16 {
            let (length, symbol) = table.symbol(bits);
            let (run, size) = parts(symbol, true);
            let all = u64::from(bits) << 48 | 0x5a5a_5a5a_5a5a;
            let mut ahead = Ahead { bits: all, count: 64 };
            let mut broken = false;
            let next = table.next(&mut ahead, true, &mut broken);
            assert_eq!(broken, length == 17);
            assert_eq!(next.advance, advance(run, size, true));
            assert_eq!(ahead.count, 64 - length - size);
            let rest = ((all << length) >> 1 >> (63 - size)) as u32;
            assert_eq!(next.value, extend(rest, size));
            let (used, advanced, ended) = table.skip(bits >> 4);
            assert!(used <= 12);
            if used > 0 {
                assert!(used >= length + size);
                assert!(ended || advanced >= next.advance);
            }
        }
    }

    #[test]
    fn impossible_tables_are_refused() {
        let mut counts = [0; 16];
        counts[0] = 3;
        assert!(Table::new(&counts, &[1, 2, 3], true).is_err());
        counts[0] = 1;
        assert!(Table::new(&counts, &[], true).is_err());
        assert!(Table::new(&counts, &[16], false).is_err());
    }

    #[test]
    fn extension() {
        assert_eq!([0, 1].map(|bits| extend(bits, 1)), [-1, 1]);
        assert_eq!([0, 1, 2, 3].map(|bits| extend(bits, 2)), [-3, -2, 2, 3]);
        assert_eq!(extend(0, 0), 0);
    }
}
