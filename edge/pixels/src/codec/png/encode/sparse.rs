//! Matches in bytes that seldom repeat themselves, as those of a photograph.

use super::costs::Costs;
use super::deflate::literals;
use super::matches::{LONGEST, Match, WINDOW, same};
use super::symbols::Token;

/// Bytes that are hashed. Shorter matches seldom save anything here.
const HASHED: usize = 8;

/// Larger tables find little more, and smaller ones are not faster.
const HASH_BITS: u32 = 14;

/// After so many places without a match the steps to the next one are longer by a byte, up to [`FARTHEST`].
/// What a step passes over a match still begins with, as it goes back as far as it can.
const PATIENCE: usize = 256;
const FARTHEST: usize = 4;

/// Divides a range of bytes into literals and matches, the last of which may go beyond it, and tells
/// where it ends. `heads` says where the bytes of a hash were last, or anything else.
pub fn parse(
    bytes: &[u8],
    range: core::ops::Range<usize>,
    costs: &Costs,
    heads: &mut [u32],
    tokens: &mut Vec<Token>,
) -> usize {
    let Some(heads) = heads.first_chunk_mut() else { return range.start };
    let (mut at, mut done, mut misses) = (range.start, range.start, 0);
    while at < range.end {
        let Some(here) = word(bytes, at) else { break };
        let from = enter(heads, here, at);
        if word(bytes, from) == Some(here)
            && let Some((start, found)) = extended(bytes, done, at, from)
            && costs.saved(bytes.get(start..).unwrap_or_default(), found) > 0
        {
            literals(done, start, tokens);
            tokens.push(Token::matched(found));
            done = start + found.length;
            let inside = (at + 1..done).map_while(|at| Some((at, word(bytes, at)?)));
            inside.for_each(|(at, word)| _ = enter(heads, word, at));
            (at, misses) = (done, 0);
            continue;
        }
        misses += 1;
        at += (1 + misses / PATIENCE).min(FARTHEST);
    }
    let end = done.max(range.end);
    literals(done, end, tokens);
    end
}

/// The bytes at `at` that are hashed.
#[inline(always)]
fn word(bytes: &[u8], at: usize) -> Option<u64> {
    let word: &[u8; HASHED] = bytes.get(at..)?.first_chunk()?;
    Some(u64::from_le_bytes(*word))
}

/// Enters that they are at `at`, and tells where they may have been before.
#[inline(always)]
fn enter(heads: &mut [u32; 1 << HASH_BITS], word: u64, at: usize) -> usize {
    let hash = word.wrapping_mul(0x9e37_79b1_85eb_ca87) >> (u64::BITS - HASH_BITS);
    core::mem::replace(&mut heads[hash as usize % (1 << HASH_BITS)], at as u32) as usize
}

/// The match of what is at `at` and at `from`, as far back as `done` and as far on as it may be, and where
/// it begins.
fn extended(bytes: &[u8], done: usize, at: usize, from: usize) -> Option<(usize, Match)> {
    let distance = at.checked_sub(from).filter(|distance| (1..=WINDOW).contains(distance))?;
    let behind = bytes.get(done..at)?.iter().rev().zip(bytes.get(..from)?.iter().rev());
    let back = behind.take(LONGEST - HASHED).take_while(|(a, b)| a == b).count();
    let start = at - back;
    let here = bytes.get(start..(start + LONGEST).min(bytes.len()))?;
    let length = same(here, bytes.get(start - distance..)?);
    Some((start, Match { length, distance }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::png::encode::symbols::Parts;

    #[test]
    fn matches_are_found_behind_long_steps_and_reach_back() {
        let mut state = 1_u32;
        let noise: Vec<u8> = core::iter::from_fn(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            Some((state >> 24) as u8)
        })
        // So many that steps have become as long as they may. At the beginning none is passed over.
        .take(4_000)
        .collect();
        let bytes = [&noise[..], &noise[10..110]].concat();
        let mut heads = vec![0; 1 << HASH_BITS];
        let mut tokens = Vec::new();
        let costs = Costs::of(&bytes, None);
        assert_eq!(parse(&bytes, 0..bytes.len(), &costs, &mut heads, &mut tokens), bytes.len());
        let [literals, matched] = tokens[..] else { panic!("{}", tokens.len()) };
        assert!(matches!(literals.parts(), Parts::Literals(4_000)));
        assert!(matches!(matched.parts(), Parts::Match { bytes: 100, .. }));
    }
}
