//! Encoding a key frame.
//!
//! ```text
//! planes ─► studio range ─► segments ─► for each macroblock:
//!     luma as a whole ┐
//!     luma by blocks  ┴► the better one ─► chroma ─► levels ─► statistics, records
//! statistics ─► probabilities ─► header and modes ─► tokens
//! ```

mod blocks;
mod bool_writer;
mod chroma;
mod cost;
mod effort;
mod forward;
mod frame;
mod neighbours;
mod probabilities;
mod quality;
mod quantise;
mod record;
mod segment;
mod segments;
mod source;
mod tokens;
mod transparent;
mod weights;
mod whole;

use selvedge_plan::geometry::Size;
use selvedge_plan::options::quality::Quality;

use super::predict::Block;
use super::tables::DEFAULT_PROBABILITIES;
use crate::failure::Failure;
use crate::raster::{Planar, Raster};
use cost::LevelCosts;
pub use effort::Effort;
use frame::Frame;
use neighbours::Neighbours;
use quantise::Quantisers;
use record::{Head, Levels, Luma, Records, pass_over};
use segment::Segment;
use segments::{SEGMENTS, Segments};
use source::Source;
use tokens::Statistics;
use weights::Weights;

/// After how many macroblocks costs follow the statistics, at least.
const RENEWAL: usize = 96;

/// Encodes grey, or luma and chroma of half the size, as a key frame at the end of a file. What
/// `alpha` hides comes out as something else.
///
/// # Errors
/// [`Failure::TooLarge`] beyond 16 383 pixels a side, [`Failure::Unsupported`] for other planes,
/// [`Failure::OverBudget`].
pub fn encode(
    planar: Planar,
    alpha: Option<&Raster>,
    quality: Quality,
    effort: &Effort,
    file: Vec<u8>,
) -> Result<Vec<u8>, Failure> {
    let size = planar.size;
    let source = Source::new(planar, alpha)?;
    let map = Segments::new(&source)?;
    let chroma = if source.is_grey() { (0, 0) } else { quality::chroma_deltas(map.busy_chroma) };
    let segments = core::array::from_fn(|i| segment(quality, &map, chroma, i));
    let (statistics, records) = decide(&source, &map, &segments, effort)?;
    // The planes end here: they and the file need not be in memory together.
    drop(source);
    drop(map);
    Frame { size, segments: &segments, chroma, statistics, records }.write(file)
}

/// Sixteenths of a byte for each pixel that no picture takes up to a quality: what noise of black,
/// white and full colours takes, and some more.
const LARGEST: [(u8, u64); 5] = [(50, 12), (75, 14), (85, 16), (92, 19), (100, 24)];

/// Costs, statistics and probabilities, and what a file has besides levels.
const TABLES: u64 = 96 << 10;

/// Upper bound of what [`encode`] allocates, `file` besides.
pub fn memory(size: Size, quality: Quality) -> u64 {
    let across = u64::from(size.width.div_ceil(16));
    let macroblocks = across * u64::from(size.height.div_ceil(16));
    let row = LARGEST.iter().find(|(up_to, _)| quality.value() <= *up_to);
    let file = macroblocks * 256 * row.map_or(24, |(_, sixteenths)| *sixteenths) / 16;
    let records = Records::memory(macroblocks);
    let deciding = macroblocks + Neighbours::memory(across) + records;
    // The planes are gone when the file is written, of which luma is the least.
    let writing = (records + file).saturating_sub(size.pixels());
    TABLES + deciding.max(writing)
}

/// What holds for a segment.
fn segment(quality: Quality, map: &Segments, chroma: (i8, i8), number: usize) -> Segment {
    let index = quality::index(quality, map.ease[number]);
    let quantisers = Quantisers::new(index, chroma);
    let filter = quality::filter(&quantisers, map.smoothness[number]);
    let weights = Weights::new(&quantisers);
    Segment { index, filter, quantisers, weights }
}

/// Decides about all macroblocks.
fn decide(
    source: &Source,
    map: &Segments,
    segments: &[Segment; SEGMENTS],
    effort: &Effort,
) -> Result<(Statistics, Records), Failure> {
    let (across, down) = source.macroblocks();
    let mut statistics = Statistics::new();
    let mut records = Records::new(across * down)?;
    let mut neighbours = Neighbours::new(across)?;
    let mut costs = LevelCosts::new(&DEFAULT_PROBABILITIES);
    let renewal = RENEWAL.max(across * down / 8);
    for (i, number) in map.of.iter().enumerate() {
        let block = source.macroblock(i % across, i / across);
        let segment = &segments[usize::from(*number) % SEGMENTS];
        let (above, left) = (*neighbours.above(), *neighbours.left());
        let edges = neighbours.luma();
        let transformed = source::transformed(&block.luma);
        let whole = whole::Trial {
            luma: &block.luma,
            transformed: &transformed,
            edges: &edges,
            segment,
            costs: &costs,
            above: &above.present,
            left: &left.present,
        }
        .best(effort);
        let bound = whole.price.score(segment.weights.mode);
        let blocks = blocks::Trial {
            luma: &block.luma,
            transformed: &transformed,
            edges: &edges,
            above_right: neighbours.above_right(),
            segment,
            costs: &costs,
            above: &above,
            left: &left,
        }
        .best(effort, bound);
        let chroma = chroma::Trial {
            chroma: &block.chroma,
            edges: &neighbours.chroma(),
            segment,
            costs: &costs,
            above: &above.present,
            left: &left.present,
        }
        .best(effort);

        let (mut lower, mut right) = (above, left);
        let (luma, levels);
        match blocks {
            Some(blocks) => {
                luma = Luma::Blocks(blocks.modes);
                let (m, s) = (&blocks.modes, &blocks.shown);
                lower.modes = [m[12], m[13], m[14], m[15]];
                right.modes = [m[3], m[7], m[11], m[15]];
                lower.luma = core::array::from_fn(|x| s[12 + x / 4][12 + x % 4]);
                right.luma = core::array::from_fn(|y| s[y / 4 * 4 + 3][y % 4 * 4 + 3]);
                levels = Levels { dc: None, luma: blocks.blocks, chroma: chroma.blocks };
            }
            None => {
                luma = Luma::Whole(whole.mode);
                let shown = whole.shown();
                (lower.modes, right.modes) = ([Block::from(whole.mode); 4], [whole.mode.into(); 4]);
                lower.luma = shown[15];
                right.luma = shown.map(|row| row[15]);
                levels = Levels { dc: Some(whole.dc), luma: whole.blocks, chroma: chroma.blocks };
            }
        }
        let shown = chroma.shown();
        lower.chroma = shown[7];
        right.chroma = core::array::from_fn(|y| shown[y % 8][y / 8 * 8 + 7]);
        let empty = levels.is_empty();
        if empty {
            pass_over(levels.dc.is_some(), &mut lower.present, &mut right.present);
        } else {
            levels.tell(&mut statistics, &mut lower.present, &mut right.present);
        }
        records.push(Head { segment: *number, luma, chroma: chroma.mode, empty }, &levels)?;
        neighbours.next(lower, right);
        if (i + 1) % renewal == 0 {
            costs.renew(&probabilities::fitting(&statistics));
        }
    }
    Ok((statistics, records))
}
