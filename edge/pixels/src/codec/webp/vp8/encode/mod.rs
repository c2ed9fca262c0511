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
mod context;
mod cost;
mod effort;
mod forward;
mod frame;
mod guess;
mod neighbours;
mod path;
mod picture;
mod probabilities;
mod quality;
mod quantise;
mod record;
mod segment;
mod segments;
mod source;
#[cfg(test)]
mod tests;
mod tokens;
mod trellis;
mod weights;
mod whole;

use selvedge_plan::geometry::Size;
use selvedge_plan::options::quality::Quality;

use crate::failure::Failure;
use crate::raster::{Planar, Raster};
pub use effort::Effort;
use frame::Frame;
use neighbours::Neighbours;
use quantise::Quantisers;
use record::Records;
use segment::Segment;
use segments::Segments;
use source::Source;
use weights::Weights;

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
    let (statistics, records) = picture::decide(&source, &map, &segments, effort)?;
    // The planes end here: they and the file need not be in memory together.
    drop(source);
    drop(map);
    Frame { size, segments: &segments, chroma, statistics, records }.write(file)
}

/// Sixteenths of a byte for each pixel that no picture takes up to a quality: what noise of black,
/// white and full colours takes, and some more.
const LARGEST: [(u8, u64); 5] = [(50, 16), (75, 17), (85, 19), (92, 21), (100, 25)];

/// Costs, statistics and probabilities, and what a file has besides levels.
const TABLES: u64 = 96 << 10;

/// Upper bound of what [`encode`] allocates, `file` besides.
pub fn memory(size: Size, quality: Quality) -> u64 {
    let across = u64::from(size.width.div_ceil(16));
    let macroblocks = across * u64::from(size.height.div_ceil(16));
    let row = LARGEST.iter().find(|(up_to, _)| quality.value() <= *up_to);
    let file = macroblocks * 256 * row.map_or(25, |(_, sixteenths)| *sixteenths) / 16;
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
