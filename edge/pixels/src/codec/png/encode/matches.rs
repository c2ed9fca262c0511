//! Where bytes came before: hash chains over the window (RFC 1951 §4).

use super::costs::Costs;
use crate::budget::zeros;
use crate::failure::Failure;

/// The longest match (RFC 1951 §3.2.5).
pub const LONGEST: usize = 258;

/// The shortest one.
const SHORTEST: usize = 3;

/// How far back a match may be.
pub const WINDOW: usize = 1 << 15;

const HASH_BITS: u32 = 15;

/// Bytes that are loaded at once. Nothing is found of the last few.
const LOADED: usize = 8;

/// A match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Match {
    pub length: usize,
    pub distance: usize,
}

/// How matches are looked for.
#[derive(Clone, Copy)]
pub struct Search {
    /// So many bytes are hashed, up to [`LOADED`]. Shorter matches are not found.
    pub hashed: u32,
    /// Earlier places that are looked at.
    pub tries: u32,
}

/// The chains. What was never entered, or was overwritten, leads to a place that is not what is
/// looked for.
pub struct Chains<'a> {
    bytes: &'a [u8],
    heads: Vec<u32>,
    before: Vec<u32>,
    search: Search,
}

impl<'a> Chains<'a> {
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn new(bytes: &'a [u8], search: Search) -> Result<Self, Failure> {
        Ok(Self { bytes, heads: zeros(1 << HASH_BITS)?, before: zeros(WINDOW)?, search })
    }

    /// The table of where the bytes of a hash were last. What is put there by another hash is never
    /// taken for what it is not.
    pub fn heads(&mut self) -> &mut [u32] {
        &mut self.heads
    }

    #[inline(always)]
    fn hash(&self, at: usize) -> Option<usize> {
        let bytes = self.bytes.get(at..)?.first_chunk::<LOADED>()?;
        let hashed = u64::from_le_bytes(*bytes) << (u64::BITS - 8 * self.search.hashed);
        let hash = hashed.wrapping_mul(0x9e37_79b1_85eb_ca87) >> (u64::BITS - HASH_BITS);
        Some(hash as usize % (1 << HASH_BITS))
    }

    /// The first bytes at `at` of those that are hashed.
    #[inline(always)]
    fn first(&self, at: usize) -> Option<u32> {
        let bytes = u32::from_le_bytes(*self.bytes.get(at..)?.first_chunk()?);
        Some(bytes << (u32::BITS - 8 * self.search.hashed.min(4)))
    }

    /// Enters the bytes at `at`.
    #[inline(always)]
    pub fn enter(&mut self, at: usize) {
        if let Some(hash) = self.hash(at)
            && let Some(head) = self.heads.get_mut(hash)
            && let Some(before) = self.before.get_mut(at % WINDOW)
        {
            *before = *head;
            *head = at as u32;
        }
    }

    /// The match for the bytes at `at` that saves most, and how much, if that is more than `least`.
    #[inline(always)]
    pub fn find(&self, at: usize, costs: &Costs, least: i32) -> Option<(Match, i32)> {
        let mut from = *self.heads.get(self.hash(at)?)? as usize;
        let first = self.first(at)?;
        let here = self.bytes.get(at..(at + LONGEST).min(self.bytes.len()))?;
        let (mut best, mut most, mut longest) = (None, least, SHORTEST - 1);
        for _ in 0..self.search.tries {
            // In photographs most places have other bytes, whose hash is the same. That is all that
            // is asked of them: whether they are too far, or nothing was entered, is hard to foretell.
            if self.first(from) == Some(first) {
                let distance = at.wrapping_sub(from);
                if distance == 0 || distance > WINDOW {
                    break;
                }
                let there = self.bytes.get(from..).unwrap_or_default();
                // A longer one has the byte behind the longest one too.
                if here.get(longest) == there.get(longest) {
                    let length = same(here, there);
                    if length > longest {
                        longest = length;
                        let found = Match { length, distance };
                        let saved = costs.saved(here, found);
                        if saved > most {
                            (best, most) = (Some((found, saved)), saved);
                        }
                    }
                    if length == here.len() {
                        break;
                    }
                }
            }
            from = self.before.get(from % WINDOW).map_or(0, |from| *from as usize);
        }
        best
    }
}

/// How many bytes both begin with alike.
#[inline(always)]
pub fn same(here: &[u8], there: &[u8]) -> usize {
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
    fn the_match_that_saves_most_is_found() {
        let bytes = b"abcdefgh-abcdefgx-abcdefgh-12345678";
        let costs = Costs::of(bytes, None);
        for hashed in [3, 8] {
            let mut chains = Chains::new(bytes, Search { hashed, tries: 8 }).unwrap();
            (0..18).for_each(|at| chains.enter(at));
            let (found, saved) = chains.find(18, &costs, 0).unwrap();
            assert_eq!(found, Match { length: 9, distance: 18 });
            assert_eq!(chains.find(18, &costs, saved), None);
            assert_eq!(chains.find(27, &costs, 0), None, "never before");
            assert_eq!(chains.find(30, &costs, 0), None, "too near to the end");
        }
    }
}
