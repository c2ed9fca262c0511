//! What things cost, in 256ths of a bit.

use super::super::tables::{
    BANDS, BLOCK_PROBABILITIES, CATEGORIES, CHROMA_PROBABILITIES, Kind, LUMA_PROBABILITIES,
    Probability, TokenProbabilities,
};
use super::path::{self, Path};
use super::quantise::Coded;
use crate::logarithm::logarithm;

/// −log2(i / 256).
const INFORMATION: [u16; 257] = {
    let mut table = [0; 257];
    let mut i = 1;
    while i <= 256 {
        // Twelve digits, of which eight are kept.
        table[i] = (((8 << 12) - logarithm(i as u64) + 8) >> 4) as u16;
        i += 1;
    }
    // What cannot be is never asked for.
    table[0] = table[1];
    table
};

/// The cost of a bit.
#[inline(always)]
pub const fn bit(one: bool, probability: Probability) -> u16 {
    INFORMATION[if one { 256 - probability as usize } else { probability as usize }]
}

/// Costs of leaves, of which pairs of branches have these probabilities.
const fn leaves<const N: usize>(paths: &[Path; N], probabilities: &[Probability]) -> [u16; N] {
    let mut costs = [0; N];
    let mut leaf = 0;
    while leaf < N {
        let mut steps = paths[leaf].steps();
        while let [(one, pair), rest @ ..] = steps {
            costs[leaf] += bit(*one, probabilities[*pair as usize]);
            steps = rest;
        }
        leaf += 1;
    }
    costs
}

/// Of the luma modes; the last one is a mode for each block.
pub const LUMA_MODES: [u16; 5] = leaves(&path::LUMA, &LUMA_PROBABILITIES);

/// Of the chroma modes.
pub const CHROMA_MODES: [u16; 4] = leaves(&path::CHROMA, &CHROMA_PROBABILITIES);

/// Of the block modes, by those of the block above and of the one at the left.
pub static BLOCK_MODES: [[[u16; 10]; 10]; 10] = {
    let mut costs = [[[0; 10]; 10]; 10];
    let mut i = 0;
    while i < 100 {
        costs[i / 10][i % 10] = leaves(&path::BLOCK, &BLOCK_PROBABILITIES[i / 10][i % 10]);
        i += 1;
    }
    costs
};

/// Levels from here on are rare, and added up when they come.
const LARGE: usize = 63;

/// The token of each level below [`LARGE`], numbered from zero up, and the cost of its sign and
/// additional bits.
static SMALL: [(u8, u16); LARGE] = {
    let mut table = [(0, 0); LARGE];
    let mut level = 1;
    while level < LARGE {
        table[level] = token(level as u32);
        level += 1;
    }
    table
};

/// The token of a level that is not zero, and the cost of its sign and additional bits.
const fn token(level: u32) -> (u8, u16) {
    let sign = bit(false, 128);
    if level < 5 {
        return (level as u8, sign);
    }
    let mut category = 5;
    while level < CATEGORIES[category].0 as u32 {
        category -= 1;
    }
    let (least, probabilities) = CATEGORIES[category];
    let (bits, mut cost, mut i) = (level - least as u32, sign, 0);
    while i < probabilities.len() {
        cost += bit(bits >> (probabilities.len() - 1 - i) & 1 == 1, probabilities[i]);
        i += 1;
    }
    (5 + category as u8, cost)
}

/// Of each token.
type TokenCosts = [u16; 11];

/// Costs of the tokens by one context's probabilities, but for that of going on at all.
fn tokens(p: &[Probability; 11]) -> TokenCosts {
    let node = |i: usize| (bit(false, p[i]), bit(true, p[i]));
    let ((zero, more), (one, two_on)) = (node(1), node(2));
    let ((small, large), (two, three_on)) = (node(3), node(4));
    let ((three, four), (low, high)) = (node(5), node(6));
    let ((category1, category2), (below35, above34)) = (node(7), node(8));
    let ((category3, category4), (category5, category6)) = (node(9), node(10));
    let base = more + two_on;
    let (little, much) = (base + small, base + large);
    [
        zero,
        more + one,
        little + two,
        little + three_on + three,
        little + three_on + four,
        much + low + category1,
        much + low + category2,
        much + high + below35 + category3,
        much + high + below35 + category4,
        much + high + above34 + category5,
        much + high + above34 + category6,
    ]
}

/// Costs of one place and context.
#[derive(Clone, Copy)]
struct Place {
    /// Of each level, with what tells that there is one where that is told.
    levels: [u16; LARGE + 1],
}

/// Costs of levels by the probabilities of the moment.
pub struct LevelCosts {
    /// By kind, place in the order of coding, and context.
    places: Box<[[[Place; 4]; 16]; 4]>,
    /// Of the end of the block before a place.
    ends: [[[u16; 4]; 16]; 4],
    /// Of telling that a block has levels, where no neighbour has.
    starts: [u16; 4],
    /// Of tokens alone, for large levels.
    tokens: Box<[[[TokenCosts; 4]; 16]; 4]>,
}

impl LevelCosts {
    /// For probabilities.
    pub fn new(probabilities: &TokenProbabilities) -> Self {
        let empty = Place { levels: [0; LARGE + 1] };
        let mut costs = Self {
            places: Box::new([[[empty; 4]; 16]; 4]),
            ends: [[[0; 4]; 16]; 4],
            starts: [0; 4],
            tokens: Box::new([[[[0; 11]; 4]; 16]; 4]),
        };
        costs.renew(probabilities);
        costs
    }

    /// For other probabilities.
    pub fn renew(&mut self, probabilities: &TokenProbabilities) {
        for (kind, bands) in probabilities.iter().enumerate() {
            let first = usize::from(kind == Kind::LumaAc as usize);
            self.starts[kind] = bit(true, bands[usize::from(BANDS[first])][0][0]);
            for n in 0..16 {
                let contexts = &bands[usize::from(BANDS[n])];
                for (context, p) in contexts.iter().enumerate() {
                    let tokens = tokens(p);
                    // After a zero there must be more, so nothing tells it.
                    let more = if context > 0 { bit(true, p[0]) } else { 0 };
                    let place = &mut self.places[kind][n][context];
                    for (cost, (token, fixed)) in place.levels.iter_mut().zip(&SMALL) {
                        *cost = more + tokens[usize::from(*token)] + fixed;
                    }
                    place.levels[LARGE] = more;
                    self.tokens[kind][n][context] = tokens;
                    self.ends[kind][n][context] = bit(false, p[0]);
                }
            }
        }
    }

    /// Those of one kind of block.
    pub fn of(&self, kind: Kind) -> KindCosts<'_> {
        KindCosts { all: self, kind }
    }

    /// The cost of a block whose neighbours above and at the left make the context.
    #[inline(always)]
    pub fn block(&self, kind: Kind, context: usize, coded: &Coded) -> u32 {
        let first = usize::from(kind == Kind::LumaAc);
        let (places, ends) = (&self.places[kind as usize], &self.ends[kind as usize]);
        let count = usize::from(coded.count);
        if count <= first {
            return u32::from(ends[first][context & 3]);
        }
        let mut cost = u32::from(self.of(kind).start(context));
        let mut context = context;
        for (n, contexts) in places.iter().enumerate().take(count).skip(first) {
            let level = usize::from(coded.levels[n].unsigned_abs());
            cost += u32::from(contexts[context & 3].levels[level.min(LARGE)]);
            if level >= LARGE {
                cost += self.large(kind, n, context, level);
            }
            context = level.min(2);
        }
        if count < 16 {
            cost += u32::from(ends[count][context & 3]);
        }
        cost
    }

    #[cold]
    fn large(&self, kind: Kind, n: usize, context: usize, level: usize) -> u32 {
        let (token, fixed) = token(level as u32);
        let tokens = &self.tokens[kind as usize][n][context & 3];
        u32::from(tokens[usize::from(token)]) + u32::from(fixed)
    }
}

/// The costs of one kind of block.
#[derive(Clone, Copy)]
pub struct KindCosts<'a> {
    all: &'a LevelCosts,
    kind: Kind,
}

impl KindCosts<'_> {
    /// Of telling that a block has levels, as far as the first one's cost does not hold it.
    #[inline(always)]
    pub fn start(self, context: usize) -> u16 {
        if context == 0 { self.all.starts[self.kind as usize] } else { 0 }
    }

    /// Of a block's end before a place.
    #[inline(always)]
    pub fn end(self, n: usize, context: usize) -> u16 {
        self.all.ends[self.kind as usize].get(n).map_or(0, |ends| ends[context & 3])
    }

    /// Of a level.
    #[inline(always)]
    pub fn level(self, n: usize, context: usize, level: usize) -> u32 {
        let place = &self.all.places[self.kind as usize][n & 15][context & 3];
        let cost = u32::from(place.levels[level.min(LARGE)]);
        if level < LARGE { cost } else { cost + self.all.large(self.kind, n, context, level) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_cost_their_information() {
        for probability in 1..=255_u8 {
            for one in [false, true] {
                let p = if one { 256.0 - f64::from(probability) } else { f64::from(probability) };
                let exact = -(p / 256.0).log2() * 256.0;
                assert!((f64::from(bit(one, probability)) - exact).abs() <= 0.6, "{probability}");
            }
        }
    }

    #[test]
    fn modes_cost_what_their_trees_say() {
        let sum = |costs: &[u16]| {
            costs.iter().map(|cost| (-f64::from(*cost) / 256.0).exp2()).sum::<f64>()
        };
        assert!((sum(&LUMA_MODES) - 1.0).abs() < 0.01);
        assert!((sum(&CHROMA_MODES) - 1.0).abs() < 0.01);
        assert!((sum(&BLOCK_MODES[3][7]) - 1.0).abs() < 0.01);
        assert_eq!(LUMA_MODES[4], bit(false, 145));
    }
}
