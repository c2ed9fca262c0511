//! A zlib stream (RFC 1950) of deflated blocks (RFC 1951).
//!
//! What pays is judged by what it saves, in bits, not by length: codes of filtered photographs make
//! four literals cheaper than a far match, and codes of drawings make three bytes worth one.

use selvedge_plan::plan::Effort;

use super::bits::Stream;
use super::block;
use super::costs::{self, Costs, Lengths};
use super::matches::{Chains, LONGEST, Match, Search};
use super::symbols::Token;
use crate::budget::zeros;
use crate::codec::png::adler::Adler;
use crate::failure::Failure;

/// Bytes for which costs are estimated and a block is written.
const BLOCK: usize = 1 << 15;

/// A match so long is taken without a look at the next byte.
const GOOD: usize = 32;

/// How matches are looked for in bytes that repeat themselves, and in those that seldom do.
struct Manner {
    flat: Search,
    busy: Search,
    /// Whether a match gives way to one at the next byte that saves more.
    lazy: bool,
}

impl Manner {
    fn of(effort: Effort, ordered: bool) -> Self {
        match effort {
            // Of dots, what is short is found often, and no far match is likely to be the first.
            Effort::Best | Effort::Full if !ordered => {
                let search = Search { hashed: 3, tries: 32 };
                Self { flat: search, busy: search, lazy: true }
            }
            Effort::Fast => Self {
                flat: Search { hashed: 4, tries: 4 },
                busy: Search { hashed: 8, tries: 1 },
                lazy: false,
            },
            Effort::Best | Effort::Full => Self {
                flat: Search { hashed: 3, tries: 8 },
                busy: Search { hashed: 8, tries: 2 },
                lazy: true,
            },
        }
    }
}

/// Deflates bytes, which are `ordered` if near ones are much like each other.
///
/// # Errors
/// [`Failure::OverBudget`].
pub fn zlib(bytes: &[u8], ordered: bool, effort: Effort) -> Result<Vec<u8>, Failure> {
    let manner = Manner::of(effort, ordered);
    let mut chains = Chains::new(bytes, manner.flat)?;
    let mut tokens: Vec<Token> = zeros(BLOCK + LONGEST)?;
    let mut stream = Stream::default();
    // Deflate with the largest window.
    stream.add(16, |bits| bits.put(0x0178, 16))?;
    let mut before: Option<Lengths> = None;
    let mut at = 0;
    loop {
        let end = (at + BLOCK).min(bytes.len());
        let next = bytes.get(at..end).unwrap_or_default();
        let costs = Costs::of(next, before.as_ref());
        chains.change(if costs::are_busy(next) { manner.busy } else { manner.flat });
        tokens.clear();
        let start = at;
        at = parse(bytes, start..end, &costs, manner.lazy, &mut chains, &mut tokens);
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
    bytes: &[u8],
    range: core::ops::Range<usize>,
    costs: &Costs,
    lazy: bool,
    chains: &mut Chains<'_>,
    tokens: &mut Vec<Token>,
) -> usize {
    let mut at = range.start;
    let mut found: Option<(Match, i32)> = None;
    while at < range.end {
        let here = found.take().or_else(|| chains.find(at, costs, 0));
        chains.enter(at);
        let Some(byte) = bytes.get(at) else { break };
        if let Some((Match { length, .. }, saved)) = here
            && lazy
            && length < GOOD
        {
            found = chains.find(at + 1, costs, saved);
        }
        match here.filter(|_| found.is_none()) {
            None => {
                tokens.push(Token::literal(*byte));
                at += 1;
            }
            Some((matched, _)) => {
                tokens.push(Token::matched(matched));
                (at + 1..at + matched.length).for_each(|at| chains.enter(at));
                at += matched.length;
            }
        }
    }
    at
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
