//! A zlib stream (RFC 1950) of deflated blocks (RFC 1951), each with codes of its own.

use selvedge_plan::plan::Effort;

use super::matches::{Chains, Match};
use crate::budget::zeros;
use crate::codec::webp::vp8l::encode::code::{Code, lengths};
use crate::codec::webp::vp8l::encode::writer::Writer;
use crate::failure::Failure;

/// Symbols of a block.
const BLOCK: usize = 1 << 15;

/// A match so long is taken without a look at the next byte.
const GOOD: usize = 32;

/// The symbol that ends a block, and the first one of a length.
const END: usize = 256;

/// Literals and lengths, distances.
const SYMBOLS: (usize, usize) = (286, 30);

/// In which order the lengths of the lengths' code are stored (RFC 1951 §3.2.7).
const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/// Longest codes.
const LONGEST: usize = 15;
const LONGEST_OF_LENGTHS: usize = 7;

/// Marks a match: its length below, its distance less one below that.
const MATCH: u32 = 1 << 31;

/// Deflates bytes.
///
/// # Errors
/// [`Failure::OverBudget`].
pub fn zlib(bytes: &[u8], effort: Effort) -> Result<Vec<u8>, Failure> {
    let (tries, lazy) = match effort {
        Effort::Fast => (4, false),
        Effort::Full => (8, true),
    };
    let mut chains = Chains::new(bytes, tries)?;
    let mut tokens: Vec<u32> = zeros(BLOCK + 2)?;
    tokens.clear();
    let mut writer = Writer::default();
    // Deflate with the largest window.
    writer.put(0x0178, 16);
    let mut at = 0;
    let mut found = None;
    while at < bytes.len() {
        let here = found.take().or_else(|| chains.find(at, 0));
        chains.enter(at);
        match here {
            None => {
                tokens.push(bytes[at].into());
                at += 1;
            }
            Some(Match { length, distance }) => {
                if lazy && length < GOOD {
                    found = chains.find(at + 1, length);
                }
                if found.is_some() {
                    tokens.push(bytes[at].into());
                    at += 1;
                } else {
                    tokens.push(MATCH | (length as u32) << 16 | (distance as u32 - 1));
                    (at + 1..at + length).for_each(|at| chains.enter(at));
                    at += length;
                }
            }
        }
        if tokens.len() >= BLOCK {
            block(&tokens, at == bytes.len(), &mut writer);
            tokens.clear();
        }
    }
    if !tokens.is_empty() || bytes.is_empty() {
        block(&tokens, true, &mut writer);
    }
    writer.align();
    writer.put(adler(bytes).swap_bytes(), 32);
    writer.finish()
}

/// Writes a block with dynamic codes (RFC 1951 §3.2.7).
fn block(tokens: &[u32], last: bool, writer: &mut Writer) {
    let mut counts = (vec![0; SYMBOLS.0], vec![0; SYMBOLS.1]);
    counts.0[END] = 1;
    for token in tokens {
        match parts(*token) {
            Token::Literal(byte) => counts.0[usize::from(byte)] += 1,
            Token::Match(length, distance) => {
                counts.0[length.symbol] += 1;
                counts.1[distance.symbol] += 1;
            }
        }
    }
    at_least_two(&mut counts.0);
    at_least_two(&mut counts.1);
    let (literal_lengths, distance_lengths) =
        (lengths(&counts.0, LONGEST), lengths(&counts.1, LONGEST));
    let (literals, distances) = (Code::of(&literal_lengths), Code::of(&distance_lengths));
    writer.put(u32::from(last) | 0b10 << 1, 3);
    store(&literal_lengths, &distance_lengths, writer);
    for token in tokens {
        match parts(*token) {
            Token::Literal(byte) => literals.put(byte.into(), writer),
            Token::Match(length, distance) => {
                literals.put(length.symbol as u32, writer);
                writer.put(length.value, length.extra);
                distances.put(distance.symbol as u32, writer);
                writer.put(distance.value, distance.extra);
            }
        }
    }
    literals.put(END as u32, writer);
}

/// Gives a code two symbols at least: one alone would be without bits.
fn at_least_two(counts: &mut [u32]) {
    let used = counts.iter().filter(|count| **count > 0).count();
    for count in counts.iter_mut().filter(|count| **count == 0).take(2_usize.saturating_sub(used)) {
        *count = 1;
    }
}

/// Stores the lengths of both codes.
fn store(literals: &[u8], distances: &[u8], writer: &mut Writer) {
    let used = |lengths: &[u8], least: usize| {
        lengths.iter().rposition(|length| *length > 0).map_or(least, |last| (last + 1).max(least))
    };
    let (literal, distance) = (used(literals, 257), used(distances, 1));
    let all = [&literals[..literal], &distances[..distance]].concat();
    let runs = runs(&all);
    let mut counts = vec![0; ORDER.len()];
    for (symbol, ..) in &runs {
        counts[usize::from(*symbol)] += 1;
    }
    at_least_two(&mut counts);
    let of_lengths = lengths(&counts, LONGEST_OF_LENGTHS);
    let stored =
        ORDER.iter().rposition(|symbol| of_lengths[*symbol] > 0).map_or(4, |last| last + 1);
    let stored = stored.max(4);
    writer.put(literal as u32 - 257, 5);
    writer.put(distance as u32 - 1, 5);
    writer.put(stored as u32 - 4, 4);
    for symbol in &ORDER[..stored] {
        writer.put(of_lengths[*symbol].into(), 3);
    }
    let code = Code::of(&of_lengths);
    for (symbol, extra, value) in runs {
        code.put(symbol.into(), writer);
        writer.put(value.into(), extra.into());
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

/// A token as it is written.
enum Token {
    Literal(u8),
    Match(Symbol, Symbol),
}

/// A symbol with the bits behind it.
struct Symbol {
    symbol: usize,
    extra: u32,
    value: u32,
}

fn parts(token: u32) -> Token {
    if token & MATCH == 0 {
        return Token::Literal(token as u8);
    }
    // Lengths of 3 to 257 go by fours within each power of two from 8 on, distances by twos from 4
    // on (RFC 1951 §3.2.5).
    let (length, distance) = ((token & !MATCH) >> 16, token & 0x7fff);
    let length = match length {
        258 => Symbol { symbol: 285, extra: 0, value: 0 },
        length => steps(length - 3, 2, END + 1),
    };
    Token::Match(length, steps(distance, 1, 0))
}

/// `value` as one of 2^`bits` symbols for each power of two, counted from `first`.
fn steps(value: u32, bits: u32, first: usize) -> Symbol {
    if value < 2 << bits {
        return Symbol { symbol: first + value as usize, extra: 0, value: 0 };
    }
    let extra = value.ilog2() - bits;
    let symbol = (extra << bits) + (value >> extra);
    Symbol { symbol: first + symbol as usize, extra, value: value & ((1 << extra) - 1) }
}

/// The checksum of RFC 1950 §8.2. Sums of 5 552 bytes still fit 32 bits.
fn adler(bytes: &[u8]) -> u32 {
    let (low, high) = bytes.chunks(5_552).fold((1_u32, 0_u32), |(low, high), part| {
        let (low, high) = part.iter().fold((low, high), |(low, high), byte| {
            let low = low + u32::from(*byte);
            (low, high + low)
        });
        (low % 65_521, high % 65_521)
    });
    high << 16 | low
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inflated(stream: &[u8]) -> Vec<u8> {
        fdeflate::decompress_to_vec(stream).unwrap()
    }

    #[test]
    fn what_is_deflated_comes_back() {
        let noise: Vec<u8> =
            (0..200_000_u32).map(|i| (i.wrapping_mul(0x9e37_79b1) >> 24) as u8).collect();
        let words = b"a rose is a rose is a rose; ".repeat(4_000);
        let far = [&noise[..40_000], &noise[7_300..40_000]].concat();
        for bytes in [&b""[..], b"a", b"ab", &[7; 100_000], &noise, &words, &far] {
            for effort in [Effort::Fast, Effort::Full] {
                let stream = zlib(bytes, effort).unwrap();
                assert!(inflated(&stream) == bytes, "{} {effort:?}", bytes.len());
                assert!(stream.len() < bytes.len() + bytes.len() / 100 + 128);
            }
        }
        assert!(zlib(&words, Effort::Full).unwrap().len() < 600);
    }

    #[test]
    fn symbols_are_those_of_the_standard() {
        for (length, expected) in [
            (3, (257, 0, 0)),
            (10, (264, 0, 0)),
            (11, (265, 1, 0)),
            (66, (276, 3, 7)),
            (257, (284, 5, 30)),
            (258, (285, 0, 0)),
        ] {
            let Token::Match(symbol, _) = parts(MATCH | length << 16) else { panic!() };
            assert_eq!((symbol.symbol, symbol.extra, symbol.value), expected, "{length}");
        }
        for (distance, expected) in [
            (1, (0, 0, 0)),
            (4, (3, 0, 0)),
            (5, (4, 1, 0)),
            (6, (4, 1, 1)),
            (32_768, (29, 13, 8_191)),
        ] {
            let Token::Match(_, symbol) = parts(MATCH | 3 << 16 | (distance - 1)) else { panic!() };
            assert_eq!((symbol.symbol, symbol.extra, symbol.value), expected, "{distance}");
        }
    }
}
