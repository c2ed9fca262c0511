//! Probabilities that fit a picture's tokens (RFC 6386 §13.4).

use super::super::tables::{
    DEFAULT_PROBABILITIES, Probability, TokenProbabilities, UPDATE_PROBABILITIES,
};
use super::bool_writer::BoolWriter;
use super::cost::bit;
use super::tokens::Statistics;

/// The probability of a zero, of so many ones among `total`.
pub fn of_counts(ones: u64, total: u64) -> Probability {
    (255 - (ones * 255).checked_div(total).unwrap_or(0)).max(1) as Probability
}

/// What so many decisions cost, in 256ths of a bit.
fn spent([ones, total]: [u32; 2], probability: Probability) -> u64 {
    u64::from(ones) * u64::from(bit(true, probability))
        + u64::from(total - ones) * u64::from(bit(false, probability))
}

/// The default probabilities, but new ones where they save more than it takes to tell them.
pub fn fitting(statistics: &Statistics) -> TokenProbabilities {
    let mut probabilities = DEFAULT_PROBABILITIES;
    each(&mut probabilities, |[kind, band, context, node], probability| {
        let counts = statistics.nodes[kind][band][context][node];
        let new = of_counts(counts[0].into(), counts[1].into());
        let update = UPDATE_PROBABILITIES[kind][band][context][node];
        let old_cost = spent(counts, *probability) + u64::from(bit(false, update));
        let new_cost = spent(counts, new) + u64::from(bit(true, update)) + 8 * 256;
        if new_cost < old_cost {
            *probability = new;
        }
    });
    probabilities
}

/// What the tokens will cost with these probabilities, in bits, but for some rounding.
pub fn forecast(statistics: &Statistics, probabilities: &TokenProbabilities) -> u64 {
    let mut sum = 0;
    each(&mut probabilities.clone(), |[kind, band, context, node], probability| {
        sum += spent(statistics.nodes[kind][band][context][node], *probability);
    });
    sum / 256 + statistics.fixed
}

/// Writes what differs from the default probabilities.
pub fn put(writer: &mut BoolWriter, probabilities: &TokenProbabilities) {
    each(&mut probabilities.clone(), |[kind, band, context, node], probability| {
        let default = DEFAULT_PROBABILITIES[kind][band][context][node];
        let update = UPDATE_PROBABILITIES[kind][band][context][node];
        writer.put(*probability != default, update);
        if *probability != default {
            writer.put_literal((*probability).into(), 8);
        }
    });
}

/// Visits all probabilities in the order of their coding.
fn each(
    probabilities: &mut TokenProbabilities,
    mut visit: impl FnMut([usize; 4], &mut Probability),
) {
    for (kind, bands) in probabilities.iter_mut().enumerate() {
        for (band, contexts) in bands.iter_mut().enumerate() {
            for (context, nodes) in contexts.iter_mut().enumerate() {
                for (node, probability) in nodes.iter_mut().enumerate() {
                    visit([kind, band, context, node], probability);
                }
            }
        }
    }
}
