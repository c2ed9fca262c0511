//! A plane on its way into blocks.

use super::fdct::{Block, Quantiser};
use crate::raster::Raster;
use crate::simd::I16x8;

/// A plane under way.
pub struct Lane<'a> {
    pub plane: &'a Raster,
    pub quantiser: &'a Quantiser,
    /// 0 for luma, 1 for chroma: which tables are used.
    pub kind: usize,
    /// Blocks of a unit, across and down.
    pub factors: (u32, u32),
}

impl Lane<'_> {
    /// Blocks that hold samples of the plane, across and down.
    pub fn blocks(&self) -> (u32, u32) {
        (self.plane.size.width.div_ceil(8), self.plane.size.height.div_ceil(8))
    }

    /// Makes the samples of block `x`, `y` its quantised coefficients.
    #[inline(always)]
    pub fn transform(&self, x: u32, y: u32, block: &mut Block) {
        let samples = samples(self.plane, x as usize * 8, y as usize * 8);
        self.quantiser.run(samples, block);
    }
}

/// 8 × 8 samples less 128; beyond the edges the last ones are repeated.
#[inline(always)]
fn samples(plane: &Raster, x: usize, y: usize) -> [I16x8; 8] {
    let (width, height) = (plane.size.width as usize, plane.size.height as usize);
    let centre = I16x8::splat(128);
    if x + 8 <= width && y + 8 <= height {
        return core::array::from_fn(|row| {
            let at = (y + row) * width + x;
            let bytes = plane.samples.get(at..).and_then(|rest| rest.first_chunk());
            I16x8::load_bytes(bytes.unwrap_or(&[0; 8])).sub(centre)
        });
    }
    core::array::from_fn(|row| {
        let start = (y + row).min(height - 1) * width;
        let bytes = core::array::from_fn(|column| {
            plane.samples.get(start + (x + column).min(width - 1)).copied().unwrap_or(0)
        });
        I16x8::load_bytes(&bytes).sub(centre)
    })
}
