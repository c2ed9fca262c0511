//! A block, in the way that takes least: with codes of its own, with those of the standard, or as it is
//! (RFC 1951 §3.2).

use super::bits::{Bits, Stream};
use super::costs::Lengths;
use super::counts::Counts;
use super::symbols::{END, Parts, SYMBOLS, Token};
use crate::codec::webp::vp8l::encode::code::{Code, lengths};
use crate::failure::Failure;

/// Most bytes of a block.
pub const MOST: usize = 65_535;

/// In which order the lengths of the lengths' code are stored (§3.2.7).
const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/// Longest codes.
const LONGEST: usize = 15;
const LONGEST_OF_LENGTHS: usize = 7;

/// Writes a block of `tokens`, which stand for `bytes`, and gives the lengths of the best codes for it.
///
/// # Errors
/// [`Failure::OverBudget`].
pub fn write(
    tokens: &[Token],
    bytes: &[u8],
    last: bool,
    stream: &mut Stream,
) -> Result<Lengths, Failure> {
    let (mut counts, extra) = counted(tokens, bytes);
    at_least_two(&mut counts.0);
    at_least_two(&mut counts.1);
    let own = (lengths(&counts.0, LONGEST), lengths(&counts.1, LONGEST));
    let standard = standard();
    let size = |lengths: &Lengths| {
        let of = |counts: &[u32], lengths: &[u8]| {
            let pairs = counts.iter().zip(lengths);
            pairs.map(|(count, length)| u64::from(*count) * u64::from(*length)).sum::<u64>()
        };
        of(&counts.0, &lengths.0) + of(&counts.1, &lengths.1) + extra + 3
    };
    let head = Head::of(&own);
    let (by_own, by_standard) = (size(&own) + head.bits(), size(&standard));
    let stored = 3 + 7 + 32 + bytes.len() as u64 * 8;
    let put_kind = |kind: u32, bits: &mut Bits<'_>| bits.put(u32::from(last) | kind << 1, 3);
    if stored < by_own.min(by_standard) && bytes.len() <= MOST {
        let fill = (stream.until_byte() + 8 - 3) % 8;
        stream.add(stored, |bits| {
            put_kind(0b00, bits);
            bits.put(0, fill);
            bits.flush();
            let length = bytes.len() as u32;
            bits.put(length, 16);
            bits.put(!length & 0xffff, 16);
            bits.flush();
            for byte in bytes {
                bits.put((*byte).into(), 8);
                bits.flush();
            }
        })?;
    } else if by_standard < by_own {
        stream.add(by_standard, |bits| {
            put_kind(0b01, bits);
            Codes::of(&standard).put(tokens, bytes, bits);
        })?;
    } else {
        stream.add(by_own, |bits| {
            put_kind(0b10, bits);
            head.put(bits);
            Codes::of(&own).put(tokens, bytes, bits);
        })?;
    }
    Ok(own)
}

/// How often each symbol is in a block, and how many bits are behind them.
fn counted(tokens: &[Token], mut bytes: &[u8]) -> (([u32; SYMBOLS.0], [u32; SYMBOLS.1]), u64) {
    let mut literals = Counts::default();
    let mut counts = ([0; SYMBOLS.0], [0; SYMBOLS.1]);
    counts.0[END] = 1;
    let mut extra = 0;
    for token in tokens {
        match token.parts() {
            Parts::Literals(count) => literals.add(taken(&mut bytes, count)),
            Parts::Match { length, distance, bytes: count } => {
                counts.0[length.symbol] += 1;
                counts.1[distance.symbol] += 1;
                extra += u64::from(length.extra + distance.extra);
                taken(&mut bytes, count);
            }
        }
    }
    counts.0.iter_mut().zip(literals.sums()).for_each(|(count, literal)| *count += literal);
    (counts, extra)
}

/// The first `count` of `bytes`, which are left out of them.
#[inline(always)]
fn taken<'a>(bytes: &mut &'a [u8], count: usize) -> &'a [u8] {
    let (first, rest) = bytes.split_at_checked(count).unwrap_or_default();
    *bytes = rest;
    first
}

/// The lengths that need not be stored (§3.2.6).
fn standard() -> Lengths {
    let literals = (0..SYMBOLS.0).map(|symbol| match symbol {
        0..144 | 280.. => 8,
        144..256 => 9,
        _ => 7,
    });
    (literals.collect(), vec![5; SYMBOLS.1])
}

/// Gives a code two symbols at least: one alone would be without bits.
fn at_least_two(counts: &mut [u32]) {
    let used = counts.iter().filter(|count| **count > 0).count();
    for count in counts.iter_mut().filter(|count| **count == 0).take(2_usize.saturating_sub(used)) {
        *count = 1;
    }
}

/// The codes of a block; of each symbol its bits above their number.
struct Codes {
    literals: [u32; SYMBOLS.0],
    distances: [u32; SYMBOLS.1],
}

impl Codes {
    fn of((literals, distances): &Lengths) -> Self {
        let (literals, distances) = (Code::of(literals).symbols, Code::of(distances).symbols);
        let entry = |code: Option<&(u16, u8)>| {
            code.map_or(0, |(bits, length)| u32::from(*bits) << 8 | u32::from(*length))
        };
        Self {
            literals: core::array::from_fn(|symbol| entry(literals.get(symbol))),
            distances: core::array::from_fn(|symbol| entry(distances.get(symbol))),
        }
    }

    fn put(&self, tokens: &[Token], mut bytes: &[u8], bits: &mut Bits<'_>) {
        let put = |entry: u32, bits: &mut Bits<'_>| bits.put(entry >> 8, entry & 0xff);
        let literal = |byte: u8| self.literals[usize::from(byte)];
        bits.flush();
        for token in tokens {
            match token.parts() {
                Parts::Literals(count) => {
                    // Three of the longest codes fit between two flushes.
                    let (threes, rest) = taken(&mut bytes, count).as_chunks::<3>();
                    for three in threes {
                        three.iter().for_each(|byte| put(literal(*byte), bits));
                        bits.flush();
                    }
                    rest.iter().for_each(|byte| put(literal(*byte), bits));
                }
                Parts::Match { length, distance, bytes: count } => {
                    put(self.literals[length.symbol], bits);
                    bits.put(length.value, length.extra);
                    put(self.distances[distance.symbol], bits);
                    bits.put(distance.value, distance.extra);
                    taken(&mut bytes, count);
                }
            }
            bits.flush();
        }
        put(self.literals[END], bits);
    }
}

/// What is stored of a block's codes before it (§3.2.7).
struct Head {
    /// Lengths of both codes.
    literals: usize,
    distances: usize,
    /// Lengths of the lengths' code, and how many of them are stored.
    of_lengths: Vec<u8>,
    stored: usize,
    /// Lengths as symbols, each with extra bits and their value.
    runs: Vec<(u8, u8, u8)>,
}

impl Head {
    fn of((literals, distances): &Lengths) -> Self {
        let used = |lengths: &[u8], least: usize| {
            lengths
                .iter()
                .rposition(|length| *length > 0)
                .map_or(least, |last| (last + 1).max(least))
        };
        let (literal, distance) = (used(literals, END + 1), used(distances, 1));
        let runs = runs(&[&literals[..literal], &distances[..distance]].concat());
        let mut counts = [0; ORDER.len()];
        for (symbol, ..) in &runs {
            counts[usize::from(*symbol)] += 1;
        }
        at_least_two(&mut counts);
        let of_lengths = lengths(&counts, LONGEST_OF_LENGTHS);
        let stored = ORDER.iter().rposition(|symbol| of_lengths[*symbol] > 0);
        let stored = stored.map_or(4, |last| last + 1).max(4);
        Self { literals: literal, distances: distance, of_lengths, stored, runs }
    }

    fn bits(&self) -> u64 {
        let runs = self.runs.iter();
        let runs = runs.map(|(symbol, extra, _)| {
            u64::from(*extra) + u64::from(self.of_lengths[usize::from(*symbol)])
        });
        5 + 5 + 4 + 3 * self.stored as u64 + runs.sum::<u64>()
    }

    fn put(&self, bits: &mut Bits<'_>) {
        bits.put(self.literals as u32 - 257, 5);
        bits.put(self.distances as u32 - 1, 5);
        bits.put(self.stored as u32 - 4, 4);
        bits.flush();
        for symbol in &ORDER[..self.stored] {
            bits.put(self.of_lengths[*symbol].into(), 3);
            bits.flush();
        }
        let code = Code::of(&self.of_lengths);
        for (symbol, extra, value) in &self.runs {
            let (symbol, length) = code.symbols[usize::from(*symbol)];
            bits.put(symbol.into(), length.into());
            bits.put((*value).into(), (*extra).into());
            bits.flush();
        }
    }
}

/// Lengths as symbols, each with extra bits and their value: 16 repeats the length before it 3 to 6
/// times, 17 and 18 are 3 to 10 and 11 to 138 zeros.
fn runs(lengths: &[u8]) -> Vec<(u8, u8, u8)> {
    let mut runs = Vec::new();
    for run in lengths.chunk_by(|a, b| a == b) {
        let (length, mut left) = (run.first().copied().unwrap_or(0), run.len());
        if length != 0 {
            runs.push((length, 0, 0));
            left -= 1;
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
