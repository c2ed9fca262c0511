//! Decoding a key frame (RFC 6386), row of macroblocks by row.

mod boolean;
mod filter;
mod header;
mod macroblock;
mod modes;
mod strip;
mod tokens;

use filter::Edges;
use header::Frame;
use macroblock::Reconstruction;
use modes::{Context, Luma};
pub use strip::Sink;
use strip::Strip;
use tokens::{Coefficients, Edge};

use crate::failure::Failure;

/// Decodes a frame of known size into `sink`, with the loop filter if it is to be `smooth`.
///
/// # Errors
/// [`Failure::Truncated`], [`Failure::Malformed`] or [`Failure::OverBudget`].
pub fn decode(
    data: &[u8],
    size: (usize, usize),
    smooth: bool,
    sink: &mut impl Sink,
) -> Result<(), Failure> {
    let mut frame = Frame::read(data, size)?;
    let (across, down) = frame.blocks;
    let mut context = Context::new(across);
    let mut above = vec![Edge::default(); across];
    let mut filters: Vec<Edges> = Vec::with_capacity(across);
    let mut coefficients = Coefficients::new();
    let mut blocks = Reconstruction::new(across);
    let mut strip = Strip::new(across)?;
    let count = frame.partitions.len();
    for y in 0..down {
        context.begin_row();
        blocks.begin_row(y);
        filters.clear();
        let mut left = Edge::default();
        let Some(tokens) = frame.partitions.get_mut(y % count) else { break };
        for (x, above) in above.iter_mut().enumerate() {
            let modes = context.read(x, &mut frame.modes, frame.segment_map, frame.coded);
            let segment = frame.segments[usize::from(modes.segment) & 3];
            let whole = matches!(modes.luma, Luma::Whole(_));
            coefficients.clear();
            if modes.skipped {
                above.clear(whole);
                left.clear(whole);
            } else {
                let edges = (above, &mut left);
                coefficients.read(tokens, &frame.probabilities, &segment.steps, whole, edges);
            }
            blocks.run(x, &modes, &coefficients);
            strip.put(x, &blocks.samples);
            filters.push(Edges {
                strength: segment.strengths[usize::from(!whole)],
                simple: frame.simple_filter,
                inner: !whole || !coefficients.is_empty(),
                left: x > 0,
                above: y > 0,
            });
        }
        if frame.modes.is_overrun() || tokens.is_overrun() {
            return Err(Failure::truncated("picture data"));
        }
        for (x, edges) in filters.iter().enumerate() {
            if smooth && !edges.strength.is_none() {
                strip.filter(x, *edges);
            }
        }
        strip.give(y == 0, (y + 1 == down).then(|| size.1 - y * 16), sink);
    }
    Ok(())
}

/// Upper bound of what decoding allocates: the strip, and of each macroblock of a row its edges,
/// modes and filter, and the tables.
pub fn memory(wide: u64) -> u64 {
    const TABLES: u64 = 8 << 10;
    let across = wide.div_ceil(16);
    TABLES + strip::memory(across) + across * 64
}
