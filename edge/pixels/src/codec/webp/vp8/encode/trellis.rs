//! Choosing levels by what they cost: of all ways through a block, each level rounded down or to the
//! nearest, the one with the least of distortion and bits (a Viterbi search).

use super::super::tables::Kind;
use super::cost::LevelCosts;
use super::quantise::{Coded, LARGEST, Quantiser};

/// How much an error counts at each frequency, in the order of coding: where the eye sees it. The
/// numbers are for coefficients, and 64 times those of samples.
const WEIGHTS: [i64; 16] = [30, 27, 27, 19, 24, 19, 11, 17, 17, 11, 10, 12, 10, 8, 8, 6];

/// Ways to round a coefficient.
const WAYS: usize = 2;

/// The best way to a level.
#[derive(Clone, Copy)]
struct Node {
    score: i64,
    /// The context that the level makes for the next one.
    context: usize,
}

const NOWHERE: Node = Node { score: i64::MAX / 2, context: 0 };

/// A level, and which way led to it.
#[derive(Clone, Copy, Default)]
struct Step {
    level: i16,
    before: usize,
}

/// Where the best way ends.
struct End {
    score: i64,
    count: usize,
    way: usize,
}

/// What the search goes by.
pub struct Search<'a> {
    /// The steps.
    pub quantiser: &'a Quantiser,
    /// The kind of the block.
    pub kind: Kind,
    /// Costs of levels.
    pub costs: &'a LevelCosts,
    /// The weight of bits.
    pub weight: i64,
}

impl Search<'_> {
    /// The levels of a block of coefficients in the order of coding, whose neighbours make the
    /// context.
    pub fn run(&self, coefficients: &[i16; 16], context: usize) -> Coded {
        let first = usize::from(self.kind == Kind::LumaAc);
        let costs = self.costs.of(self.kind);
        let step = |n| i32::from(self.quantiser.step(n));
        let counts = |(n, value): (usize, &i16)| 2 * i32::from(*value).abs() > step(n);
        let count = 1 + coefficients.iter().enumerate().rposition(counts).unwrap_or(0);
        let mut steps = [[Step::default(); WAYS]; 16];
        let mut nodes = [NOWHERE; WAYS];
        nodes[0] = Node { score: self.weight * i64::from(costs.start(context)), context };
        let score = self.weight * i64::from(costs.end(first, context));
        let mut end = End { score, count: first, way: 0 };
        let mut ways = 1;
        for n in first..count {
            let magnitude = i32::from(coefficients[n]).abs();
            let step = step(n);
            let down = self.quantiser.round_down(magnitude, n);
            let is_halfway = 2 * (magnitude - down * step) >= step;
            let nearest = (down + i32::from(is_halfway)).min(LARGEST.into());
            let mut next = [NOWHERE; WAYS];
            for (way, level) in (down.min(nearest)..=nearest).enumerate() {
                // What is won against a zero.
                let error = magnitude - level * step;
                let won = 256 * WEIGHTS[n] * i64::from(magnitude * magnitude - error * error);
                let level = level as usize;
                for (before, node) in nodes.iter().enumerate().take(ways) {
                    let cost = i64::from(costs.level(n, node.context, level));
                    let score = node.score + self.weight * cost - won;
                    if score < next[way].score {
                        next[way] = Node { score, context: level.min(2) };
                        steps[n][way] = Step { level: level as i16, before };
                    }
                }
                let more = self.weight * i64::from(costs.end(n + 1, level.min(2)));
                if level > 0 && next[way].score + more < end.score {
                    end = End { score: next[way].score + more, count: n + 1, way };
                }
            }
            nodes = next;
            ways = 1 + usize::from(down < nearest);
        }
        let mut coded = Coded::ZERO;
        if end.count > first {
            coded.count = end.count as u8;
            for n in (first..end.count).rev() {
                let Step { level, before } = steps[n][end.way];
                coded.levels[n] = level * coefficients[n].signum();
                end.way = before;
            }
        }
        coded
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::tables::DEFAULT_PROBABILITIES;
    use super::super::quantise::Quantisers;
    use super::*;

    #[test]
    fn levels_are_rounded_but_where_bits_weigh_more() {
        let quantiser = &Quantisers::new(40, (0, 0)).luma;
        let (dc, ac) = quantiser.steps;
        let costs = &LevelCosts::new(&DEFAULT_PROBABILITIES);
        let mut block = [0; 16];
        (block[0], block[1], block[2], block[9]) = (-7 * dc - 1, ac * 8 / 5, ac / 4, ac * 3 / 5);
        let levels = |weight| Search { quantiser, kind: Kind::Luma, costs, weight }.run(&block, 0);
        let free = levels(0);
        assert_eq!((free.levels[..3].to_vec(), free.levels[9]), (vec![-7, 2, 0], 1));
        assert_eq!(free.count, 10);
        let square = i64::from(ac) * i64::from(ac);
        let fair = levels(square);
        assert_eq!((fair.levels[0], fair.count), (-7, 2), "{fair:?}");
        assert_eq!(levels(square * 10_000), Coded::ZERO);
    }
}
