//! Where bytes came before: hash chains over the window (RFC 1951 §4).

use crate::budget::zeros;
use crate::failure::Failure;

/// The longest match (RFC 1951 §3.2.5).
pub const LONGEST: usize = 258;

/// How far back a match may be.
pub const WINDOW: usize = 1 << 15;

const HASH_BITS: u32 = 15;

/// So many bytes are hashed: shorter matches seldom pay in filtered rows.
const SHORTEST: usize = 4;

/// Matches shorter than this pay only where they are near.
const SHORT: usize = 6;

/// What is near.
const NEAR: usize = 1 << 9;

/// A match.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Match {
    pub length: usize,
    pub distance: usize,
}

/// The chains. Places are kept plus one, so that zero is none.
pub struct Chains<'a> {
    bytes: &'a [u8],
    heads: Vec<u32>,
    before: Vec<u32>,
    /// Earlier places that are looked at.
    tries: u32,
}

impl<'a> Chains<'a> {
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn new(bytes: &'a [u8], tries: u32) -> Result<Self, Failure> {
        Ok(Self { bytes, heads: zeros(1 << HASH_BITS)?, before: zeros(WINDOW)?, tries })
    }

    fn hash(&self, at: usize) -> Option<usize> {
        let four = self.bytes.get(at..)?.first_chunk::<SHORTEST>()?;
        Some((u32::from_le_bytes(*four).wrapping_mul(0x9e37_79b1) >> (32 - HASH_BITS)) as usize)
    }

    /// Enters the bytes at `at`.
    pub fn enter(&mut self, at: usize) {
        if let Some(hash) = self.hash(at) {
            self.before[at % WINDOW] = self.heads[hash];
            self.heads[hash] = at as u32 + 1;
        }
    }

    /// The longest match for the bytes at `at`, if it is longer than `least` and pays.
    pub fn find(&self, at: usize, least: usize) -> Option<Match> {
        let mut place = self.heads[self.hash(at)?] as usize;
        let here = self.bytes.get(at..(at + LONGEST).min(self.bytes.len()))?;
        let mut best = Match { length: least.max(SHORTEST - 1), distance: 0 };
        for _ in 0..self.tries {
            let Some(from) = place.checked_sub(1).filter(|from| at - from <= WINDOW) else { break };
            let there = self.bytes.get(from..).unwrap_or_default();
            // A longer one has the byte behind the best one too.
            if here.get(best.length) == there.get(best.length) {
                let length = same(here, there);
                if length > best.length && (length >= SHORT || at - from <= NEAR) {
                    best = Match { length, distance: at - from };
                }
            }
            if best.length == here.len() {
                break;
            }
            let next = self.before[from % WINDOW] as usize;
            // A place that was overwritten leads forward.
            if next >= place {
                break;
            }
            place = next;
        }
        (best.distance > 0).then_some(best)
    }
}

/// How many bytes both begin with alike.
fn same(here: &[u8], there: &[u8]) -> usize {
    let words = here.as_chunks::<8>().0.iter().zip(there.as_chunks::<8>().0);
    let mut length = 0;
    for (a, b) in words {
        let difference = u64::from_le_bytes(*a) ^ u64::from_le_bytes(*b);
        if difference != 0 {
            return length + difference.trailing_zeros() as usize / 8;
        }
        length += 8;
    }
    let rest = here.iter().zip(there).skip(length);
    length + rest.take_while(|(a, b)| a == b).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_match_is_found() {
        let bytes = b"abcdefgh-abcdefgx-abcdefgh-";
        let mut chains = Chains::new(bytes, 8).unwrap();
        (0..18).for_each(|at| chains.enter(at));
        assert_eq!(chains.find(18, 0), Some(Match { length: 9, distance: 18 }));
        assert_eq!(chains.find(9, 8), None);
        assert_eq!(chains.find(25, 0), None, "too near to the end");
    }
}
