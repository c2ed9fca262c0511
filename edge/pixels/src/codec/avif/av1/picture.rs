//! Whole pictures.

use super::Chroma;
use super::header::{Deblocking, Still, still};
use super::matrix::Matrices;
use super::search::{Care, Plane, Search, Settings};
use super::tiles::Tiles;
use crate::failure::Failure;

/// Encodes one plane, or three, of full range, as a sequence header and a frame. `index` is from 1 to 255
/// (`base_q_idx`, AV1 §5.9.12).
///
/// # Errors
/// [`Failure::OverBudget`].
pub fn encode(
    planes: &[Plane<'_>],
    chroma: Chroma,
    index: u8,
    care: Care,
    matrices: Matrices,
) -> Result<Vec<u8>, Failure> {
    let Some(Plane { width, height, .. }) = planes.first().copied() else { return Ok(Vec::new()) };
    let settings = Settings::new(index, chroma, care, matrices);
    let tiles = Tiles::new(width, height, 0);
    let streams = tiles
        .iter()
        .map(|tile| {
            let mut search = Search::new(&settings, chroma, planes, &tile)?;
            search.run(&tile);
            search.finish()
        })
        .collect::<Result<Vec<_>, _>>()?;
    let level = deblocking(settings.quantisers[0].steps.1);
    let header = Still {
        width,
        height,
        chroma,
        base_q_idx: index,
        chroma_deltas: (settings.delta, settings.delta),
        matrices,
        deblocking: Deblocking { levels: [level; 4], sharpness: 0 },
    };
    still(&header, &tiles, &streams)
}

/// How strong the filter of edges is for a step: a line that was fitted to what the best levels were, as
/// libaom has it for key frames (`av1_pick_filter_level`, by the quantiser alone).
fn deblocking(step: i16) -> u8 {
    ((i64::from(step) * 17_563 - 421_574 + (1 << 17)) >> 18).clamp(0, 63) as u8
}

/// Upper bound of what [`encode`] allocates for pictures whose planes are together as large as so many
/// halves of the first one: what decoders will see of the largest tile, with its edges; the file, twice, as tiles and as a whole; and
/// what is the same for all pictures.
pub fn memory(width: u64, height: u64, halves: u64) -> u64 {
    let (across, down) = (width.next_multiple_of(64), height.next_multiple_of(64));
    let seen = across * down * halves / 2;
    // No more than 16 bits are written for a sample of noise at the best quality.
    let file = width * height * halves / 2 * 2;
    seen + across * 8 + 2 * file + FIXED
}

/// Probabilities, their costs, and room to try things in.
const FIXED: u64 = 1 << 20;
