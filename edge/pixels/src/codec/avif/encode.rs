//! Writing files.

use rav1e::prelude::ChromaSampling;
use selvedge_plan::geometry::Size;
use selvedge_plan::plan::Effort;

use super::container::{self, Coded};
use super::{effort, quality, still, tiles};
use crate::codec::Style;
use crate::codec::transparent::{fill, is_seen_through};
use crate::failure::Failure;
use crate::raster::{Channels, Planar, Raster, Space};

/// Encodes planes, and alpha as a picture of its own.
///
/// # Errors
/// [`Failure::OverBudget`].
pub fn encode(
    mut planar: Planar,
    transparency: Option<Raster>,
    style: Style,
) -> Result<Vec<u8>, Failure> {
    let size = planar.size;
    let effort = effort::made(size, style.effort);
    let transparency = transparency.filter(is_seen_through);
    let alpha = transparency.as_ref().map(|plane| {
        let quantiser = quality::alpha_quantiser(style.quality);
        coded(size, core::slice::from_ref(plane), (1, 1), quantiser, effort)
    });
    let alpha = alpha.transpose()?;
    if let Some(alpha) = &transparency {
        let scale = planar.chroma.0 as usize;
        for (plane, scale) in planar.planes.iter_mut().zip([1, scale, scale]) {
            fill(plane, alpha, scale);
        }
    }
    drop(transparency);
    let full = planar.chroma == (1, 1) && planar.space != Space::Grey;
    let quantiser = quality::quantiser(style.quality, full);
    let picture = coded(size, &planar.planes, planar.chroma, quantiser, effort)?;
    drop(planar);
    container::write(size, &picture, alpha.as_ref())
}

/// Codes one plane, or three.
fn coded(
    size: Size,
    planes: &[Raster],
    chroma: (u32, u32),
    quantiser: usize,
    effort: Effort,
) -> Result<Coded, Failure> {
    let (sampling, grey, halved) = match (planes.len(), chroma) {
        (1, _) => (ChromaSampling::Cs400, true, true),
        (_, (2, 2)) => (ChromaSampling::Cs420, false, true),
        _ => (ChromaSampling::Cs444, false, false),
    };
    let stream = still::encode(size, planes, sampling, quantiser, effort)?;
    Ok(Coded { stream, grey, halved })
}

/// Upper bound of what [`encode`] allocates, the file included. Alpha comes first, and leaves what it
/// was coded as.
pub fn memory(size: Size, channels: Channels, style: Style) -> u64 {
    let full = quality::chroma(style.quality) == (1, 1) && channels.count() > 2;
    let quantiser = quality::quantiser(style.quality, full);
    let halves = match (channels.count(), full) {
        (1 | 2, _) => 2,
        (_, true) => 6,
        (_, false) => 3,
    };
    let picture = tiles::memory(size, halves, quantiser);
    if !channels.has_alpha() {
        return picture;
    }
    let alpha = tiles::memory(size, 2, quality::alpha_quantiser(style.quality));
    alpha.max(picture + 4 * size.pixels())
}
