//! Writing files.

use selvedge_plan::geometry::Size;
use selvedge_plan::plan::Effort;

use super::av1::{Chroma, Matrices};
use super::container::{self, Coded};
use super::{quality, still};
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
    let effort = style.effort;
    let transparency = transparency.filter(is_seen_through);
    let alpha = transparency.as_ref().map(|plane| {
        let quantiser = quality::alpha_quantiser(style.quality);
        coded(core::slice::from_ref(plane), Chroma::None, quantiser, effort, Matrices::None)
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
    let chroma = match (planar.space, full) {
        (Space::Grey, _) => Chroma::None,
        (_, true) => Chroma::Full,
        (_, false) => Chroma::Halved,
    };
    let picture = coded(&planar.planes, chroma, quantiser, effort, Matrices::Seen)?;
    drop(planar);
    container::write(size, &picture, alpha.as_ref())
}

/// Codes one plane, or three.
fn coded(
    planes: &[Raster],
    chroma: Chroma,
    quantiser: u8,
    effort: Effort,
    matrices: Matrices,
) -> Result<Coded, Failure> {
    let stream = still::encode(planes, chroma, quantiser, effort, matrices)?;
    Ok(Coded { stream, grey: chroma == Chroma::None, halved: chroma != Chroma::Full })
}

/// Upper bound of what [`encode`] allocates, the file included. Alpha comes first, and leaves what it
/// was coded as.
pub fn memory(size: Size, channels: Channels, style: Style) -> u64 {
    let full = quality::chroma(style.quality) == (1, 1) && channels.count() > 2;
    let halves = match (channels.count(), full) {
        (1 | 2, _) => 2,
        (_, true) => 6,
        (_, false) => 3,
    };
    let picture = still::memory(size, halves);
    if !channels.has_alpha() {
        return picture;
    }
    let alpha = still::memory(size, 2);
    alpha.max(picture + 4 * size.pixels())
}
