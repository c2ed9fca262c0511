//! How often symbols occur, and what coding them takes.

use super::super::codes::{DISTANCES, LENGTHS, LITERALS};
use super::super::prefix;
use super::log2::{BITS, log2};
use super::parse::Item;

/// Where the symbols of each code begin in the counts of a [`Histogram`]. Green comes last, since
/// its number depends on the colour cache.
pub const RED: usize = 0;
pub const BLUE: usize = RED + LITERALS;
pub const ALPHA: usize = BLUE + LITERALS;
pub const DISTANCE: usize = ALPHA + LITERALS;
pub const GREEN: usize = DISTANCE + DISTANCES;
/// Lengths and, behind them, places in the cache.
pub const LENGTH: usize = GREEN + LITERALS;
pub const CACHED: usize = LENGTH + LENGTHS;

/// How often symbols occur.
#[derive(Clone)]
pub struct Histogram {
    pub counts: Vec<u32>,
}

impl Histogram {
    /// Nothing yet, for a cache of 2^`cache_bits` colours, or none.
    pub fn new(cache_bits: u32) -> Self {
        Self { counts: vec![0; CACHED + cache_size(cache_bits)] }
    }

    /// The counts of each code, as they are stored.
    pub fn codes(&self) -> [&[u32]; 5] {
        let part = |from: usize, to: usize| self.counts.get(from..to).unwrap_or_default();
        let end = self.counts.len();
        [
            part(GREEN, end),
            part(RED, BLUE),
            part(BLUE, ALPHA),
            part(ALPHA, DISTANCE),
            part(DISTANCE, GREEN),
        ]
    }

    #[inline(always)]
    pub fn add(&mut self, item: Item) {
        item.symbols(|symbol| {
            if let Some(count) = self.counts.get_mut(symbol) {
                *count += 1;
            }
        });
    }

    /// What its codes and the symbols take, in bits with [`BITS`] fractional bits; extra bits are
    /// not counted.
    pub fn cost(&self) -> u64 {
        self.codes().into_iter().map(cost).sum()
    }

    /// What each symbol takes, with 8 fractional bits.
    pub fn symbol_costs(&self) -> Vec<u32> {
        let mut costs = Vec::with_capacity(self.counts.len());
        for part in [RED..BLUE, BLUE..ALPHA, ALPHA..DISTANCE, DISTANCE..GREEN] {
            push_costs(self.counts.get(part).unwrap_or_default(), &mut costs);
        }
        push_costs(self.counts.get(GREEN..).unwrap_or_default(), &mut costs);
        costs
    }
}

fn push_costs(counts: &[u32], costs: &mut Vec<u32>) {
    let total = log2(counts.iter().sum());
    // What has not been seen is dearer than what was once.
    let cost = |count: u32| if count == 0 { total + (2 << BITS) } else { total - log2(count) };
    costs.extend(counts.iter().map(|count| cost(*count) >> (BITS - 8)));
}

/// Colours in a cache.
pub fn cache_size(bits: u32) -> usize {
    if bits == 0 { 0 } else { 1 << bits }
}

/// Bits of a code of one symbol, which takes none itself.
const LEAST: u64 = 12;

/// What a code and its symbols take, in bits with [`BITS`] fractional bits.
pub fn cost(counts: &[u32]) -> u64 {
    // Of alpha and palettes all codes but green's hold zeros alone.
    if counts.iter().skip(1).fold(0, |all, count| all | count) == 0 {
        return LEAST << BITS;
    }
    let (mut total, mut most, mut used, mut runs) = (0_u32, 0_u32, 0_u64, 0_u64);
    let (mut bits, mut gap) = (0_u64, true);
    for count in counts {
        if *count == 0 {
            gap = true;
            continue;
        }
        total += count;
        most = most.max(*count);
        used += 1;
        runs += u64::from(gap);
        gap = false;
        bits += u64::from(*count) * u64::from(log2(*count));
    }
    if used <= 1 {
        return LEAST << BITS;
    }
    let entropy = u64::from(total) * u64::from(log2(total)) - bits;
    // No code has less than one bit, and none but one less than two: the real length lies between
    // what that gives and the entropy, as measured by libwebp's authors on real pictures.
    let bound = (2 * u64::from(total) - u64::from(most)) << BITS;
    let bits = if used == 2 { u64::from(total) << BITS } else { (5 * bound + 3 * entropy) / 8 };
    let stored = if used == 2 { 20 } else { 45 + 3 * used + 4 * runs };
    entropy.max(bits) + (stored << BITS)
}

impl Item {
    /// Calls `f` with the place of each of its symbols in the counts.
    #[inline(always)]
    pub fn symbols(self, mut f: impl FnMut(usize)) {
        match self {
            Self::Literal(colour) => {
                let [blue, green, red, alpha] = colour.to_le_bytes().map(usize::from);
                f(GREEN + green);
                f(RED + red);
                f(BLUE + blue);
                f(ALPHA + alpha);
            }
            Self::Cached(place) => f(CACHED + place as usize),
            Self::Copy { length, code } => {
                f(LENGTH + prefix::split(length).0 as usize);
                f(DISTANCE + prefix::split(code).0 as usize);
            }
        }
    }
}
