//! What symbols will cost, before the code that they are written by is known.

use super::counts::Counts;
use super::matches::{LONGEST, Match};
use super::symbols::{SYMBOLS, Symbol};
use crate::codec::webp::vp8l::encode::log2;
use crate::simd::{I32x4, U8x16};

/// Parts of a bit that costs are counted in.
const UNIT: u32 = 16;

/// Matches so long save more than any other: their literals are not summed up.
const LONG: usize = 24;

/// What a symbol counts as that has none in the code before, and matches as long as there is no code.
const UNUSED: u32 = 14 * UNIT;
const LENGTH: u32 = 7 * UNIT;
const DISTANCE: u32 = 4 * UNIT;

/// What literals, lengths and distances cost, each with its extra bits.
pub struct Costs {
    literals: [u16; 256],
    lengths: [u16; LONGEST + 1],
    distances: [u16; SYMBOLS.1],
}

/// The lengths of a block's codes: of literals and lengths, of distances.
pub type Lengths = (Vec<u8>, Vec<u8>);

impl Costs {
    /// For `bytes`, after a block whose codes had such lengths.
    pub fn of(bytes: &[u8], before: Option<&Lengths>) -> Self {
        let mut counts = Counts::default();
        counts.add(bytes);
        let counts = counts.sums();
        let all = bits(bytes.len() as u32);
        let known = |length: Option<&u8>| match length.copied().unwrap_or(0) {
            0 => UNUSED,
            length => u32::from(length) * UNIT,
        };
        let literals = core::array::from_fn(|byte: usize| {
            let cost = (all - bits(counts[byte].max(1)).min(all)).max(UNIT);
            let cost = before.map_or(cost, |before| (cost + known(before.0.get(byte))) / 2);
            cost as u16
        });
        let lengths = core::array::from_fn(|length| {
            let Symbol { symbol, extra, .. } = Symbol::of_length(length.max(3) as u32);
            let code = before.map_or(LENGTH, |before| known(before.0.get(symbol)));
            (code + extra * UNIT) as u16
        });
        let distances = core::array::from_fn(|symbol| {
            let extra = (symbol as u32 / 2).saturating_sub(1);
            let code = before.map_or(DISTANCE, |before| known(before.1.get(symbol)));
            (code + extra * UNIT) as u16
        });
        Self { literals, lengths, distances }
    }

    /// By how much a match is cheaper than the literals; `here` begins with them.
    #[inline(always)]
    pub fn saved(&self, here: &[u8], Match { length, distance }: Match) -> i32 {
        let symbol = Symbol::of_distance(distance as u32).symbol;
        let cost =
            |costs: &[u16], index: usize| costs.get(index).map_or(0, |cost| i32::from(*cost));
        let matched = cost(&self.lengths, length) + cost(&self.distances, symbol);
        let literals = if length < LONG {
            here.iter().take(length).map(|byte| i32::from(self.literals[usize::from(*byte)])).sum()
        } else {
            (length as u32 * UNUSED) as i32
        };
        literals - matched
    }
}

/// Whether bytes repeat themselves so little that short matches seldom save anything, as those of a
/// photograph. Filters make zeros of what is of one colour: there more than half of the bytes are as
/// the one before, of a photograph's at most two in five.
pub fn are_busy(bytes: &[u8]) -> bool {
    let after = bytes.get(1..).unwrap_or_default();
    let (blocks, rest) = after.as_chunks::<16>();
    let mut sums = I32x4::splat(0);
    for (a, b) in bytes.as_chunks::<16>().0.iter().zip(blocks) {
        // All bits of a lane, 255, where they are the same.
        let same = U8x16::load(a).xor(U8x16::load(b)).at_most(U8x16::splat(0));
        sums = sums.add(same.distances(U8x16::splat(0)));
    }
    let mut four = [0; 4];
    sums.store(&mut four);
    let pairs = bytes.iter().skip(blocks.len() * 16).zip(rest);
    let same = pairs.map(|(a, b)| i32::from(a == b)).sum::<i32>();
    (same + four.iter().sum::<i32>() / 255) as usize * 2 < bytes.len()
}

/// The binary logarithm in [`UNIT`]s.
fn bits(value: u32) -> u32 {
    log2::log2(value) >> (log2::BITS - UNIT.ilog2())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costs_are_entropies_at_first() {
        let costs = Costs::of(&b"aaab".repeat(100), None);
        assert_eq!(costs.literals[usize::from(b'b')], 2 * UNIT as u16);
        assert!(!are_busy(b"aaab"));
        let bytes: Vec<u8> = (0..=255).collect();
        let costs = Costs::of(&bytes, None);
        assert_eq!(costs.literals, [8 * UNIT as u16; 256]);
        assert!(are_busy(&bytes));
        let near = Match { length: 4, distance: 1 };
        let far = Match { length: 4, distance: 30_000 };
        let saved = costs.saved(&bytes, near);
        assert_eq!(saved, (4 * 8 - 7 - 4) * UNIT as i32);
        assert_eq!(costs.saved(&bytes, far), saved - 13 * UNIT as i32);
    }
}
