//! Prefix codes of limited length, and how they are stored (RFC 9649 §3.7.2.1).

use super::super::codes::ORDER;
use super::super::huffman::LONGEST;
use super::writer::Writer;

/// Longest code for a code length.
const LONGEST_OF_LENGTHS: usize = 7;

/// A code: for each symbol its bits, the first one lowest, and how many.
#[derive(Clone, Default)]
pub struct Code {
    pub symbols: Vec<(u16, u8)>,
}

impl Code {
    /// Writes a symbol.
    #[inline(always)]
    pub fn put(&self, symbol: u32, writer: &mut Writer) {
        if let Some((bits, length)) = self.symbols.get(symbol as usize) {
            writer.put((*bits).into(), (*length).into());
        }
    }

    /// Makes the code for symbols that occur so often, and stores it.
    pub fn store(counts: &[u32], writer: &mut Writer) -> Self {
        let lengths = lengths(counts, LONGEST);
        let mut used = lengths.iter().enumerate().filter(|(_, length)| **length > 0);
        match (used.next(), used.next(), used.next()) {
            (None, ..) => {
                writer.put(0b0001, 4);
            }
            (Some((only, _)), None, _) if only < 256 => {
                writer.put(0b01, 2);
                put_first(only, writer);
            }
            (Some((first, _)), Some((second, _)), None) if second < 256 => {
                writer.put(0b11, 2);
                put_first(first, writer);
                writer.put(second as u32, 8);
            }
            _ => store_lengths(&lengths, writer),
        }
        Self::of(&lengths)
    }

    /// The code of these lengths. That of a single symbol has no bits.
    pub fn of(lengths: &[u8]) -> Self {
        let mut counts = [0_u32; LONGEST + 1];
        for length in lengths {
            counts[usize::from(*length) & LONGEST] += 1;
        }
        counts[0] = 0;
        if counts.iter().sum::<u32>() == 1 {
            return Self { symbols: vec![(0, 0); lengths.len()] };
        }
        let mut next = [0_u32; LONGEST + 1];
        for length in 1..=LONGEST {
            next[length] = (next[length - 1] + counts[length - 1]) << 1;
        }
        let symbols = lengths.iter().map(|length| {
            let place = &mut next[usize::from(*length) & LONGEST];
            let bits = place.reverse_bits().checked_shr(32 - u32::from(*length)).unwrap_or(0);
            *place += 1;
            (bits as u16, *length)
        });
        Self { symbols: symbols.collect() }
    }
}

/// The first symbol of a code that has one or two.
fn put_first(symbol: usize, writer: &mut Writer) {
    let wide = symbol > 1;
    writer.put(wide.into(), 1);
    writer.put(symbol as u32, if wide { 8 } else { 1 });
}

/// Lengths of an optimal code none of which is longer than `longest`, or nearly optimal: where one
/// would be, the rarest symbols count as more frequent than they are.
pub fn lengths(counts: &[u32], longest: usize) -> Vec<u8> {
    let mut lengths = vec![0; counts.len()];
    let mut least = 1;
    loop {
        let mut leaves: Vec<(u32, u32)> = (0..)
            .zip(counts)
            .filter(|(_, count)| **count > 0)
            .map(|(symbol, count)| ((*count).max(least), symbol))
            .collect();
        leaves.sort_unstable();
        if let [(_, symbol)] = leaves.as_slice() {
            lengths[*symbol as usize] = 1;
            return lengths;
        }
        if leaves.is_empty() || fill(&leaves, longest, &mut lengths) {
            return lengths;
        }
        least *= 2;
    }
}

/// Huffman's lengths for at least two leaves, sorted by count; whether none is too long.
fn fill(leaves: &[(u32, u32)], longest: usize, lengths: &mut [u8]) -> bool {
    // Leaves first, then inner nodes: both in the order of their counts.
    let total = 2 * leaves.len() - 1;
    let mut counts: Vec<u32> = leaves.iter().map(|leaf| leaf.0).collect();
    let mut parents = vec![0; total];
    let (mut leaf, mut inner) = (0, leaves.len());
    while counts.len() < total {
        let mut least = || {
            let from_leaf =
                leaf < leaves.len() && counts.get(inner).is_none_or(|inner| counts[leaf] <= *inner);
            let place = if from_leaf { &mut leaf } else { &mut inner };
            *place += 1;
            *place - 1
        };
        let (a, b) = (least(), least());
        (parents[a], parents[b]) = (counts.len(), counts.len());
        counts.push(counts[a].saturating_add(counts[b]));
    }
    let mut depths = vec![0_u8; total];
    for node in (0..total - 1).rev() {
        depths[node] = depths[parents[node]].saturating_add(1);
    }
    for ((_, symbol), depth) in leaves.iter().zip(&depths) {
        lengths[*symbol as usize] = *depth;
    }
    depths.iter().all(|depth| usize::from(*depth) <= longest)
}

/// Stores lengths by a code of their own, runs as symbols with extra bits.
fn store_lengths(lengths: &[u8], writer: &mut Writer) {
    let mut runs = runs(lengths);
    let mut counts = [0; ORDER.len()];
    for (symbol, ..) in &runs {
        counts[usize::from(*symbol)] += 1;
    }
    let of_lengths = self::lengths(&counts, LONGEST_OF_LENGTHS);
    let code = Code::of(&of_lengths);
    writer.put(0, 1);
    let last = ORDER.iter().rposition(|symbol| of_lengths[usize::from(*symbol)] > 0);
    let stored = last.map_or(4, |last| last + 1).max(4);
    writer.put(stored as u32 - 4, 4);
    for symbol in ORDER.iter().take(stored) {
        writer.put(of_lengths[usize::from(*symbol)].into(), 3);
    }
    // The zeros at the end may be left out, if the number of what is stored is less than they are.
    let trailing = runs.iter().rev().take_while(|(symbol, ..)| matches!(symbol, 0 | 17 | 18));
    let (zeros, bits) = trailing.fold((0, 0), |(zeros, bits), (symbol, extra, _)| {
        let length = code.symbols.get(usize::from(*symbol)).map_or(0, |symbol| symbol.1);
        (zeros + 1, bits + u32::from(length + extra))
    });
    let left = runs.len() - zeros;
    let shortened = left > 1 && bits > 12;
    writer.put(shortened.into(), 1);
    if shortened {
        let value = left as u32 - 2;
        let width = (32 - value.leading_zeros()).max(2).next_multiple_of(2);
        writer.put((width - 2) / 2, 3);
        writer.put(value, width);
        runs.truncate(left);
    }
    for (symbol, extra, value) in runs {
        code.put(symbol.into(), writer);
        writer.put(value.into(), extra.into());
    }
}

/// Lengths as symbols, each with extra bits and their value: 16 repeats the last length that was not
/// zero 3 to 6 times, 17 and 18 are 3 to 10 and 11 to 138 zeros.
fn runs(lengths: &[u8]) -> Vec<(u8, u8, u8)> {
    let mut runs = Vec::new();
    let mut before = 8;
    for run in lengths.chunk_by(|a, b| a == b) {
        let (length, mut left) = (run.first().copied().unwrap_or(0), run.len());
        if length != 0 && length != before {
            runs.push((length, 0, 0));
            left -= 1;
            before = length;
        }
        while left > 0 {
            let (taken, symbol) = match (length, left) {
                (_, ..3) => (1, (length, 0, 0)),
                (0, 3..11) => (left, (17, 3, left as u8 - 3)),
                (0, _) => (left.min(138), (18, 7, left.min(138) as u8 - 11)),
                _ => (left.min(6), (16, 2, left.min(6) as u8 - 3)),
            };
            runs.push(symbol);
            left -= taken;
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::super::super::bits::Bits;
    use super::super::super::huffman::Tables;
    use super::*;

    #[test]
    fn lengths_stay_within_the_limit_and_are_complete() {
        let mut counts: Vec<u32> = vec![1, 1];
        while counts.len() < 30 {
            counts.push(counts[counts.len() - 1] + counts[counts.len() - 2]);
        }
        for longest in [7, 15] {
            let lengths = lengths(&counts, longest);
            let taken: u32 = lengths.iter().map(|length| 1 << (longest as u8 - length)).sum();
            assert_eq!(taken, 1 << longest);
        }
    }

    #[test]
    fn what_is_stored_is_read_again() {
        for counts in [
            vec![0, 0, 5],
            vec![0; 300],
            [vec![0; 280], vec![4]].concat(),
            vec![7, 0, 0, 1],
            (0..300).map(|i| if i % 7 == 0 { i } else { 0 }).collect(),
            [vec![3, 2, 1], vec![0; 250]].concat(),
            vec![1; 256],
        ] {
            let mut writer = Writer::default();
            let code = Code::store(&counts, &mut writer);
            for symbol in (0..counts.len()).filter(|symbol| counts[*symbol] > 0) {
                code.put(symbol as u32, &mut writer);
            }
            let data = writer.finish().unwrap();
            let (mut bits, mut tables) = (Bits::new(&data), Tables::default());
            let table = super::super::super::codes::read(&mut bits, counts.len(), &mut tables);
            let table = table.unwrap();
            for symbol in (0..counts.len()).filter(|symbol| counts[*symbol] > 0) {
                bits.refill();
                assert_eq!(tables.symbols().next(table, &mut bits), symbol as u32);
            }
            assert!(!bits.is_overrun());
        }
    }
}
