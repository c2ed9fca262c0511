//! A zlib stream (RFC 1950) of deflated blocks (RFC 1951).
//!
//! What pays is judged by what it saves, in bits, not by length: codes of filtered photographs make
//! four literals cheaper than a far match, and codes of drawings make three bytes worth one.

use selvedge_plan::plan::Effort;

use super::bits::Stream;
use super::block;
use super::costs::{self, Costs, Lengths};
use super::matches::{Chains, Match, Search};
use super::sparse;
use super::symbols::Token;
use crate::budget::zeros;
use crate::codec::png::adler::Adler;
use crate::failure::Failure;

/// Bytes for which costs are estimated and a block is written.
const BLOCK: usize = 1 << 15;

/// A match so long is taken without a look at the next byte.
const GOOD: usize = 32;

/// How matches are looked for in bytes that repeat themselves.
struct Manner {
    search: Search,
    /// Whether a match gives way to one at the next byte that saves more.
    lazy: bool,
    /// Whether some bytes are likely not to repeat themselves.
    ordered: bool,
}

impl Manner {
    fn of(effort: Effort, ordered: bool) -> Self {
        let (hashed, tries) = match (effort, ordered) {
            (Effort::Fast, _) => (4, 4),
            (_, true) => (3, 8),
            // Of dots, what is short is found often, and no far match is likely to be the first.
            (_, false) => (3, 32),
        };
        Self { search: Search { hashed, tries }, lazy: effort != Effort::Fast, ordered }
    }
}

/// Deflates bytes, which are `ordered` if near ones are much like each other.
///
/// # Errors
/// [`Failure::OverBudget`].
pub fn zlib(bytes: &[u8], ordered: bool, effort: Effort) -> Result<Vec<u8>, Failure> {
    let manner = Manner::of(effort, ordered);
    let mut chains = Chains::new(bytes, manner.search)?;
    // At most literals and a match of three by turns.
    let mut tokens: Vec<Token> = zeros(BLOCK / 2 + 2)?;
    let mut stream = Stream::default();
    // Deflate with the largest window.
    stream.add(16, |bits| bits.put(0x0178, 16))?;
    let mut before: Option<Lengths> = None;
    let mut at = 0;
    loop {
        let end = (at + BLOCK).min(bytes.len());
        let next = bytes.get(at..end).unwrap_or_default();
        let costs = Costs::of(next, before.as_ref());
        tokens.clear();
        let start = at;
        at = if manner.ordered && costs::are_busy(next) {
            sparse::parse(bytes, start..end, &costs, chains.heads(), &mut tokens)
        } else {
            parse(start..end, &costs, manner.lazy, &mut chains, &mut tokens)
        };
        let block = bytes.get(start..at).unwrap_or_default();
        before = Some(block::write(&tokens, block, at >= bytes.len(), &mut stream)?);
        if at >= bytes.len() {
            break;
        }
    }
    let mut adler = Adler::new();
    adler.add(bytes);
    let fill = stream.until_byte();
    stream.add(7 + 32, |bits| {
        bits.put(0, fill);
        bits.put(adler.sum().swap_bytes(), 32);
    })?;
    Ok(stream.finish())
}

/// Divides a range of bytes into literals and matches, the last of which may go beyond it, and tells
/// where it ends.
fn parse(
    range: core::ops::Range<usize>,
    costs: &Costs,
    lazy: bool,
    chains: &mut Chains<'_>,
    tokens: &mut Vec<Token>,
) -> usize {
    let (mut at, mut done) = (range.start, range.start);
    let mut found: Option<(Match, i32)> = None;
    while at < range.end {
        let here = found.take().or_else(|| chains.find(at, costs, 0));
        chains.enter(at);
        if let Some((Match { length, .. }, saved)) = here
            && lazy
            && length < GOOD
        {
            found = chains.find(at + 1, costs, saved);
        }
        match here.filter(|_| found.is_none()) {
            None => at += 1,
            Some((matched, _)) => {
                literals(done, at, tokens);
                tokens.push(Token::matched(matched));
                (at + 1..at + matched.length).for_each(|at| chains.enter(at));
                at += matched.length;
                done = at;
            }
        }
    }
    literals(done, at, tokens);
    at
}

/// Adds the literals from `from` to `to`, if there are any.
pub fn literals(from: usize, to: usize, tokens: &mut Vec<Token>) {
    if to > from {
        tokens.push(Token::literals(to - from));
    }
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
                let stream = zlib(bytes, true, effort).unwrap();
                assert!(inflated(&stream) == bytes, "{} {effort:?}", bytes.len());
                assert!(stream.len() <= bytes.len() + bytes.len() / 6_000 + 16);
            }
        }
        assert!(zlib(&words, false, Effort::Full).unwrap().len() < 600);
    }
}
