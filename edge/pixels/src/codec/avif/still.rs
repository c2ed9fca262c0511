//! One AV1 still picture, by our own encoder.

use selvedge_plan::geometry::Size;
use selvedge_plan::plan::Effort;

use super::av1::{self, Care, Chroma, Matrices, Plane};
use crate::failure::Failure;
use crate::raster::Raster;

/// Encodes planes of full range: luma alone, or luma and two of chroma.
///
/// # Errors
/// [`Failure::OverBudget`].
pub fn encode(
    planes: &[Raster],
    chroma: Chroma,
    quantiser: u8,
    effort: Effort,
    matrices: Matrices,
) -> Result<Vec<u8>, Failure> {
    let planes: Vec<Plane<'_>> = planes.iter().map(plane).collect();
    let care = match effort {
        Effort::Fast => Care::Little,
        Effort::Full => Care::Some,
        Effort::Best => Care::Most,
    };
    av1::encode(&planes, chroma, quantiser, care, matrices)
}

fn plane(raster: &Raster) -> Plane<'_> {
    let Size { width, height } = raster.size;
    Plane { samples: &raster.samples, width: width as usize, height: height as usize }
}

/// Upper bound of what coding a picture allocates whose planes are together as large as so many halves
/// of the first one.
pub fn memory(size: Size, halves: u64) -> u64 {
    av1::memory(size.width.into(), size.height.into(), halves)
}
