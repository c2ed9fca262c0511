//! Where each pixel's surroundings came before: hash chains (RFC 9649 §3.6.2.2).

use crate::budget::zeros;
use crate::failure::Failure;

/// The longest back-reference.
pub const LONGEST: usize = 1 << LENGTH_BITS;

/// The farthest one, so that its code, which is larger by the short ones, can be written.
const FARTHEST: usize = (1 << 20) - 120;

const LENGTH_BITS: u32 = 12;

/// Earlier places that are looked at.
const TRIES: u32 = 24;

/// With a match so long there is no search for a better one.
const GOOD: usize = 48;

/// A back-reference: a distance above a length less one. Zero is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Match(u32);

impl Match {
    pub const NONE: Self = Self(0);

    pub fn new(distance: usize, length: usize) -> Self {
        Self((distance as u32) << LENGTH_BITS | (length as u32 - 1))
    }

    #[inline(always)]
    pub fn distance(self) -> u32 {
        self.0 >> LENGTH_BITS
    }

    /// How many pixels it stands for; one, if it is none.
    #[inline(always)]
    pub fn length(self) -> u32 {
        (self.0 & ((1 << LENGTH_BITS) - 1)) + 1
    }
}

/// The longest match for each pixel, of those that were looked at.
pub fn find(pixels: &[u32]) -> Result<Vec<Match>, Failure> {
    let count = pixels.len();
    let bits = (usize::BITS - count.leading_zeros()).clamp(4, 16);
    // Places plus one, so that zero is none.
    let mut heads: Vec<u32> = zeros(1 << bits)?;
    let mut before: Vec<u32> = zeros(count)?;
    let mut matches: Vec<Match> = zeros(count)?;
    // The match that the pixel before had goes on; it ends at `end`.
    let (mut distance, mut end) = (0, 0);
    // Two pixels of which only green differs come again often, and take little by themselves.
    let three = is_of_green(pixels);
    for at in 0..count.saturating_sub(1 + usize::from(three)) {
        let third = if three { pixels[at + 2] } else { 0 };
        let hash = hash(pixels[at], pixels[at + 1], third) >> (32 - bits);
        let limit = count.min(at + LONGEST);
        if end > at {
            end = longer(pixels, at, distance, end, limit);
        } else {
            end = at;
        }
        let head = &mut heads[hash as usize];
        if end - at < GOOD {
            let mut chain = Chain { before: &before, at, place: *head as usize, tries: TRIES };
            while end < limit
                && let Some(away) = chain.next(pixels, end)
            {
                let found = longer(pixels, at, away, at, limit);
                if found > end {
                    (distance, end) = (away, found);
                }
            }
        }
        before[at] = *head;
        *head = at as u32 + 1;
        if end > at {
            matches[at] = Match::new(distance, end - at);
        }
    }
    Ok(matches)
}

/// Earlier places with the same hash, the last one first.
struct Chain<'a> {
    /// By place the one before, plus one.
    before: &'a [u32],
    at: usize,
    /// The next one, plus one.
    place: usize,
    tries: u32,
}

impl Chain<'_> {
    /// How far the next place is away where a match might be longer than one that ends at `end`.
    #[inline(always)]
    fn next(&mut self, pixels: &[u32], end: usize) -> Option<usize> {
        let wanted = pixels[end];
        loop {
            // Some for each turn of the loop: in each an engine looks whether its time is up.
            for _ in 0..4 {
                let away = self.at + 1 - self.place;
                if self.place == 0 || self.tries == 0 || away > FARTHEST {
                    return None;
                }
                self.tries -= 1;
                self.place = self.before[self.place - 1] as usize;
                if pixels[end - away] == wanted {
                    return Some(away);
                }
            }
        }
    }
}

/// From `end` on, how far the pixels are the same as `distance` before.
#[inline(always)]
pub fn longer(pixels: &[u32], at: usize, distance: usize, end: usize, limit: usize) -> usize {
    debug_assert!(distance > 0 && distance <= at);
    let here = pixels.get(end..limit).unwrap_or_default();
    let there = pixels.get(end - distance..).unwrap_or_default();
    let ((fours, rest), (fours_there, _)) = (here.as_chunks::<4>(), there.as_chunks::<4>());
    let mut end = end;
    for (a, b) in fours.iter().zip(fours_there) {
        if a != b {
            let same = |i: usize| usize::from(a[i] == b[i]);
            return end + same(0) + (same(0) & same(1)) + (same(0) & same(1) & same(2));
        }
        end += 4;
    }
    let rest_there = there.get(here.len() - rest.len()..).unwrap_or_default();
    end + rest.iter().zip(rest_there).take_while(|(a, b)| a == b).count()
}

/// Whether pixels differ in green alone, as indices and alpha do.
pub fn is_of_green(pixels: &[u32]) -> bool {
    let first = pixels.first().copied().unwrap_or(0);
    pixels.iter().all(|pixel| (pixel ^ first) & 0xffff_00ff == 0)
}

#[inline(always)]
fn hash(first: u32, second: u32, third: u32) -> u32 {
    let pair = first.wrapping_mul(0x9e37_79b1).wrapping_add(second).wrapping_mul(0x85eb_ca6b);
    pair.wrapping_add(third.wrapping_mul(0xc2b2_ae35))
}
