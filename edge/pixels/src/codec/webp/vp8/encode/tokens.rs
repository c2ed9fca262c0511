//! A block's levels as tokens (RFC 6386 §13).

use super::super::tables::{BANDS, CATEGORIES, Kind, Probability, TokenProbabilities};
use super::bool_writer::BoolWriter;
use super::quantise::Coded;

/// Who is told of the decisions that levels are coded by.
pub trait Sink {
    /// A decision whose probability depends on kind, band, context and place in the tree.
    fn node(&mut self, one: bool, kind: Kind, band: u8, context: usize, node: usize);
    /// A decision with a fixed probability.
    fn fixed(&mut self, one: bool, probability: Probability);
}

/// How often a decision was a one, and how often it was met.
pub type Counts = [u32; 2];

/// What the decisions were.
pub struct Statistics {
    /// As [`TokenProbabilities`].
    pub nodes: Box<[[[[Counts; 11]; 3]; 8]; 4]>,
    /// How many decisions with fixed probabilities there were.
    pub fixed: u64,
}

impl Statistics {
    /// Of nothing.
    pub fn new() -> Self {
        Self { nodes: Box::new([[[[[0; 2]; 11]; 3]; 8]; 4]), fixed: 0 }
    }
}

impl Sink for Statistics {
    #[inline(always)]
    fn node(&mut self, one: bool, kind: Kind, band: u8, context: usize, node: usize) {
        let counts = &mut self.nodes[kind as usize][usize::from(band & 7)][context][node];
        counts[0] += u32::from(one);
        counts[1] += 1;
    }

    #[inline(always)]
    fn fixed(&mut self, _one: bool, _probability: Probability) {
        self.fixed += 1;
    }
}

/// Writes decisions.
pub struct Output<'a> {
    /// Where to.
    pub writer: BoolWriter,
    /// By which probabilities.
    pub probabilities: &'a TokenProbabilities,
}

impl Sink for Output<'_> {
    #[inline(always)]
    fn node(&mut self, one: bool, kind: Kind, band: u8, context: usize, node: usize) {
        let probability = self.probabilities[kind as usize][usize::from(band & 7)][context][node];
        self.writer.put(one, probability);
    }

    #[inline(always)]
    fn fixed(&mut self, one: bool, probability: Probability) {
        self.writer.put(one, probability);
    }
}

/// Tells of a block whose neighbours make the context (RFC 6386 §13.3). Gives whether the block has
/// levels that are not zero, for the contexts of the next ones.
#[inline(always)]
pub fn block(sink: &mut impl Sink, kind: Kind, context: usize, coded: &Coded) -> bool {
    let first = usize::from(kind == Kind::LumaAc);
    let count = usize::from(coded.count);
    let mut band = BANDS[first];
    let mut context = context.min(2);
    sink.node(count > first, kind, band, context, 0);
    if count <= first {
        return false;
    }
    for n in first..count.min(16) {
        let level = coded.levels[n];
        let magnitude = level.unsigned_abs();
        sink.node(magnitude != 0, kind, band, context, 1);
        if magnitude == 0 {
            (band, context) = (BANDS[n + 1], 0);
            continue;
        }
        sink.node(magnitude > 1, kind, band, context, 2);
        if magnitude > 1 {
            large(sink, magnitude, |sink, one, node| sink.node(one, kind, band, context, node));
        }
        sink.fixed(level < 0, 128);
        (band, context) = (BANDS[n + 1], usize::from(magnitude.min(2)));
        if n < 15 {
            sink.node(n + 1 < count, kind, band, context, 0);
        }
    }
    true
}

/// The decisions for a magnitude of at least two.
#[inline(always)]
fn large<S: Sink>(sink: &mut S, magnitude: u16, node: impl Fn(&mut S, bool, usize)) {
    node(sink, magnitude > 4, 3);
    if magnitude <= 4 {
        node(sink, magnitude > 2, 4);
        if magnitude > 2 {
            node(sink, magnitude > 3, 5);
        }
        return;
    }
    node(sink, magnitude > 10, 6);
    let category = if magnitude <= 10 {
        node(sink, magnitude > 6, 7);
        usize::from(magnitude > 6)
    } else {
        node(sink, magnitude > 34, 8);
        let (middle, place, low) = if magnitude > 34 { (66, 10, 4) } else { (18, 9, 2) };
        node(sink, magnitude > middle, place);
        low + usize::from(magnitude > middle)
    };
    let (least, probabilities) = CATEGORIES[category];
    let bits = magnitude - least;
    for (i, probability) in probabilities.iter().enumerate() {
        let place = probabilities.len() - 1 - i;
        sink.fixed(bits >> place & 1 != 0, *probability);
    }
}
