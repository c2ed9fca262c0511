//! What entropy-coded data is made of: Huffman symbols and bits after them (ITU-T T.81 §F.1.2, §K.2).

use std::borrow::Cow;

use super::writer::{CodeTable, Writer};
use crate::failure::Failure;

/// Takes the symbols of a scan: to count them, or to write them.
pub trait Symbols {
    /// What a symbol is coded with.
    type Table;

    /// Before each unit of blocks, so that the calls until the next one need not fail.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    fn unit(&mut self) -> Result<(), Failure>;

    /// A symbol, and the lowest `count` bits of `bits` after it; the others must be zero.
    fn symbol(&mut self, table: &Self::Table, symbol: u32, bits: u32, count: u32);

    /// Bits by themselves.
    fn bits(&mut self, bits: u32, count: u32);
}

impl Symbols for Writer {
    type Table = CodeTable;

    #[inline(always)]
    fn unit(&mut self) -> Result<(), Failure> {
        self.reserve()
    }

    #[inline(always)]
    fn symbol(&mut self, table: &CodeTable, symbol: u32, bits: u32, count: u32) {
        let (code, length) = table.of(symbol);
        self.put(code << count | bits, length + count);
    }

    #[inline(always)]
    fn bits(&mut self, bits: u32, count: u32) {
        self.put(bits, count);
    }
}

/// How often each symbol occurs, by the number of its table.
#[derive(Default)]
pub struct Counts {
    tables: [Count; 4],
}

/// The counts of one table.
struct Count([u64; 256]);

impl Default for Count {
    fn default() -> Self {
        Self([0; 256])
    }
}

impl Symbols for Counts {
    type Table = usize;

    fn unit(&mut self) -> Result<(), Failure> {
        Ok(())
    }

    fn symbol(&mut self, table: &usize, symbol: u32, _bits: u32, _count: u32) {
        self.tables[table & 3].0[(symbol & 255) as usize] += 1;
    }

    fn bits(&mut self, _bits: u32, _count: u32) {}
}

/// The codes of a table: how many of each length from 1 to 16, and their symbols in order.
#[derive(Clone)]
pub struct Codes {
    pub counts: [u8; 16],
    pub symbols: Cow<'static, [u8]>,
}

impl Counts {
    /// The shortest codes for what was counted of a table (T.81 §K.2).
    pub fn codes(&self, table: usize) -> Codes {
        // Groups of symbols under one node of the tree, each with its count. One more symbol takes
        // the code of ones alone, which no file may use.
        let mut groups: Vec<(u64, Vec<usize>)> = vec![(1, vec![256])];
        let counted = self.tables[table & 3].0.iter().enumerate();
        groups.extend(counted.filter(|(_, n)| **n > 0).map(|(symbol, n)| (*n, vec![symbol])));
        let mut lengths = [0_usize; 257];
        while groups.len() > 1 {
            // The two rarest become one; of equals the larger symbol goes first, as in the standard.
            groups.sort_by_key(|(count, symbols)| {
                (core::cmp::Reverse(*count), symbols.iter().max().copied())
            });
            let (Some((a, mut symbols)), Some((b, more))) = (groups.pop(), groups.pop()) else {
                break;
            };
            symbols.extend(more);
            for symbol in &symbols {
                lengths[*symbol] += 1;
            }
            groups.push((a + b, symbols));
        }
        let mut counts = [0_u32; 258];
        for length in lengths.iter().filter(|length| **length > 0) {
            counts[*length] += 1;
        }
        shorten(&mut counts);
        // The longest code goes to the symbol that is none.
        if let Some(longest) = counts.iter_mut().rev().find(|count| **count > 0) {
            *longest -= 1;
        }
        let mut symbols: Vec<usize> = (0..256).filter(|symbol| lengths[*symbol] > 0).collect();
        symbols.sort_by_key(|symbol| lengths[*symbol]);
        Codes {
            counts: core::array::from_fn(|i| counts[i + 1] as u8),
            symbols: symbols.into_iter().map(|symbol| symbol as u8).collect(),
        }
    }
}

/// Makes codes of more than 16 bits shorter, at the least cost to others (T.81 figure K.3).
fn shorten(counts: &mut [u32; 258]) {
    for length in (17..258).rev() {
        while counts[length] > 0 {
            let Some(shorter) = (1..length - 1).rev().find(|shorter| counts[*shorter] > 0) else {
                break;
            };
            // Of two siblings one takes their parent's place; the other becomes the sibling of a
            // shorter code that moves down.
            counts[length] -= 2;
            counts[length - 1] += 1;
            counts[shorter] -= 1;
            counts[shorter + 1] += 2;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(occurrences: &[(u32, u64)]) -> Codes {
        let mut counts = Counts::default();
        for (symbol, count) in occurrences {
            counts.tables[1].0[*symbol as usize] = *count;
        }
        counts.codes(1)
    }

    /// The part of all codes of 16 bits that the codes take up.
    fn space(codes: &Codes) -> u32 {
        (1..).zip(codes.counts).map(|(length, count)| u32::from(count) << (16 - length)).sum()
    }

    #[test]
    fn what_is_more_frequent_is_not_longer() {
        let codes = codes(&[(3, 1), (9, 1_000), (200, 40), (7, 40), (0, 5)]);
        assert_eq!(codes.symbols[0], 9);
        assert_eq!(codes.symbols.last(), Some(&3));
        assert_eq!(codes.counts[0], 1);
        assert!(space(&codes) < 1 << 16, "no code is ones alone");
    }

    #[test]
    fn one_symbol_has_a_code() {
        let codes = codes(&[(5, 7)]);
        assert_eq!((codes.counts[0], &*codes.symbols), (1, &[5][..]));
    }

    #[test]
    fn no_code_is_longer_than_sixteen_bits() {
        // Counts like the numbers of Fibonacci give the longest codes.
        let (mut a, mut b) = (1_u64, 1_u64);
        let occurrences: Vec<(u32, u64)> = (0..40)
            .map(|symbol| {
                (a, b) = (b, a + b);
                (symbol, a)
            })
            .collect();
        let codes = codes(&occurrences);
        assert_eq!(codes.symbols.len(), 40);
        assert_eq!(codes.counts.iter().map(|count| usize::from(*count)).sum::<usize>(), 40);
        assert!(space(&codes) < 1 << 16);
    }
}
