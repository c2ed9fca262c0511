//! Deciding about a picture's macroblocks, one after the other.

use super::super::predict::Block;
use super::super::tables::{DEFAULT_PROBABILITIES, TokenProbabilities};
use super::blocks::{self, BlockLuma};
use super::chroma::{self, Chroma};
use super::context::Context;
use super::cost::LevelCosts;
use super::effort::Effort;
use super::neighbours::{Edge, Neighbours};
use super::probabilities;
use super::quantise::Coded;
use super::record::{Head, Levels, Luma, Records, pass_over};
use super::segment::Segment;
use super::segments::{SEGMENTS, Segments};
use super::source::{self, Macroblock, Source};
use super::tokens::Statistics;
use super::whole::{self, WholeLuma};
use crate::failure::Failure;

/// After how many macroblocks costs follow the statistics, at least.
const RENEWAL: usize = 96;

/// Decides about all macroblocks, and anew as often as is worth the effort.
///
/// # Errors
/// [`Failure::OverBudget`].
pub fn decide(
    source: &Source,
    map: &Segments,
    segments: &[Segment; SEGMENTS],
    effort: &Effort,
) -> Result<(Statistics, Records), Failure> {
    let mut known = None;
    for _ in 1..effort.passes {
        let (statistics, _) = pass(source, map, segments, effort, known.as_ref())?;
        known = Some(probabilities::fitting(&statistics));
    }
    pass(source, map, segments, effort, known.as_ref())
}

/// Decides about all macroblocks, by probabilities that are known to fit all of them, or by those
/// that come to fit the ones before.
fn pass(
    source: &Source,
    map: &Segments,
    segments: &[Segment; SEGMENTS],
    effort: &Effort,
    known: Option<&TokenProbabilities>,
) -> Result<(Statistics, Records), Failure> {
    let (across, down) = source.macroblocks();
    let mut statistics = Statistics::new();
    let mut records = Records::new(across * down)?;
    let mut neighbours = Neighbours::new(across)?;
    let mut costs = LevelCosts::new(known.unwrap_or(&DEFAULT_PROBABILITIES));
    let renewal = RENEWAL.max(across * down / 8);
    for (i, number) in map.of.iter().enumerate() {
        let block = source.macroblock(i % across, i / across);
        let segment = &segments[usize::from(*number) % SEGMENTS];
        let (mut lower, mut right) = (*neighbours.above(), *neighbours.left());
        let (above, left) = (&lower.clone(), &right.clone());
        let context = Context { effort, segment, costs: &costs, above, left };
        let chroma =
            chroma::Trial { chroma: &block.chroma, edges: &neighbours.chroma(), context }.best();
        let (luma, dc, blocks) = luma(&block, &neighbours, context, &mut lower, &mut right);
        let levels = Levels { dc, luma: blocks, chroma: chroma.blocks };
        leave_chroma(&chroma, &mut lower, &mut right);
        let empty = levels.is_empty();
        if empty {
            pass_over(levels.dc.is_some(), &mut lower.present, &mut right.present);
        } else {
            levels.tell(&mut statistics, &mut lower.present, &mut right.present);
        }
        records.push(Head { segment: *number, luma, chroma: chroma.mode, empty }, &levels)?;
        neighbours.next(lower, right);
        if known.is_none() && (i + 1) % renewal == 0 {
            costs.renew(&probabilities::fitting(&statistics));
        }
    }
    Ok((statistics, records))
}

/// The better way to predict luma, with the levels of its DCs, if they are apart, and of its
/// blocks; and what is left of it at its edges.
fn luma(
    block: &Macroblock,
    neighbours: &Neighbours,
    context: Context<'_>,
    lower: &mut Edge,
    right: &mut Edge,
) -> (Luma, Option<Coded>, [Coded; 16]) {
    let (luma, edges) = (&block.luma, &neighbours.luma());
    let transformed = &source::transformed(luma);
    let weights = &context.segment.weights;
    let as_whole = whole::Trial { luma, transformed, edges, context };
    let guesses = as_whole.guesses();
    let guess = weights.in_steps(guesses[0].cost);
    let (smooth, busy) = context.effort.clear;
    let whole = (guess <= busy).then(|| as_whole.best(&guesses));
    if guess >= smooth {
        let bound = whole.as_ref().map_or(i64::MAX, |whole| whole.price.score(weights.mode));
        let above_right = neighbours.above_right();
        let by_blocks = blocks::Trial { luma, transformed, edges, above_right, context };
        if let Some(blocks) = by_blocks.best(bound) {
            leave_blocks(&blocks, lower, right);
            return (Luma::Blocks(blocks.modes), None, blocks.blocks);
        }
    }
    let whole = whole.unwrap_or_else(|| as_whole.best(&guesses));
    leave_whole(&whole, lower, right);
    (Luma::Whole(whole.mode), Some(whole.dc), whole.blocks)
}

/// What is left for the macroblocks below and at the right.
fn leave_blocks(blocks: &BlockLuma, lower: &mut Edge, right: &mut Edge) {
    let (modes, shown) = (&blocks.modes, &blocks.shown);
    lower.modes = core::array::from_fn(|x| modes[12 + x]);
    right.modes = core::array::from_fn(|y| modes[y * 4 + 3]);
    lower.luma = core::array::from_fn(|x| shown[12 + x / 4][12 + x % 4]);
    right.luma = core::array::from_fn(|y| shown[y / 4 * 4 + 3][y % 4 * 4 + 3]);
}

fn leave_whole(whole: &WholeLuma, lower: &mut Edge, right: &mut Edge) {
    let shown = whole.shown();
    (lower.modes, right.modes) = ([Block::from(whole.mode); 4], [whole.mode.into(); 4]);
    (lower.luma, right.luma) = (shown[15], shown.map(|row| row[15]));
}

fn leave_chroma(chroma: &Chroma, lower: &mut Edge, right: &mut Edge) {
    let shown = chroma.shown();
    lower.chroma = shown[7];
    right.chroma = core::array::from_fn(|y| shown[y % 8][y / 8 * 8 + 7]);
}
