//! The picture as macroblocks, in the range that VP8 has.

use selvedge_plan::geometry::Size;

use super::super::transform::Rows;
use super::forward;
use crate::codec::transparent;
use crate::failure::Failure;
use crate::raster::{Planar, Raster, Space};
use crate::simd::{I16x8, U8x16};

/// Samples of a macroblock.
#[derive(Clone, Copy)]
pub struct Macroblock {
    /// Rows of luma.
    pub luma: [[u8; 16]; 16],
    /// Rows of both chroma planes, side by side.
    pub chroma: [[u8; 16]; 8],
}

/// Luma of studio range, and chroma unless the picture is grey.
pub struct Source {
    luma: Raster,
    chroma: Option<[Raster; 2]>,
}

impl Source {
    /// Takes planes of full range, and what is seen of them.
    ///
    /// # Errors
    /// [`Failure::Unsupported`] for other planes than grey, or luma and chroma at half the size.
    pub fn new(planar: Planar, alpha: Option<&Raster>) -> Result<Self, Failure> {
        let Planar { space, chroma, planes, .. } = planar;
        let mut planes = planes.into_iter();
        let mut next = |range, scale| {
            let mut plane =
                planes.next().ok_or_else(|| Failure::malformed("a plane is missing"))?;
            if let Some(alpha) = alpha {
                transparent::fill(&mut plane, alpha, scale);
            }
            narrow(&mut plane.samples, range);
            Ok::<_, Failure>(plane)
        };
        match (space, chroma) {
            (Space::Grey, _) => Ok(Self { luma: next(LUMA, 1)?, chroma: None }),
            (Space::YCbCr, (2, 2)) => Ok(Self {
                luma: next(LUMA, 1)?,
                chroma: Some([next(CHROMA, 2)?, next(CHROMA, 2)?]),
            }),
            other => Err(Failure::Unsupported(format!("lossy WebP of {other:?}"))),
        }
    }

    /// Macroblocks across and down.
    pub fn macroblocks(&self) -> (usize, usize) {
        let Size { width, height } = self.luma.size;
        (width.div_ceil(16) as usize, height.div_ceil(16) as usize)
    }

    /// Whether there is chroma that is not all the same.
    pub fn is_grey(&self) -> bool {
        self.chroma.is_none()
    }

    /// A macroblock; beyond the edges the last samples are repeated.
    pub fn macroblock(&self, x: usize, y: usize) -> Macroblock {
        let mut block = Macroblock { luma: [[0; 16]; 16], chroma: [[128; 16]; 8] };
        for (i, row) in block.luma.iter_mut().enumerate() {
            *row = samples(&self.luma, x * 16, y * 16 + i);
        }
        if let Some([cb, cr]) = &self.chroma {
            for (i, row) in block.chroma.iter_mut().enumerate() {
                let (left, right) = row.split_at_mut(8);
                left.copy_from_slice(&samples::<8>(cb, x * 8, y * 8 + i));
                right.copy_from_slice(&samples::<8>(cr, x * 8, y * 8 + i));
            }
        }
        block
    }
}

/// How samples from 0 to 255 come to a range (ITU-R BT.601, as libwebp's decoder shows it).
#[derive(Clone, Copy)]
struct Range {
    /// In 32 768ths.
    factor: i16,
    /// What is added to the product, in 64ths.
    offset: i16,
}

/// 16 to 235, halves rounded up.
const LUMA: Range = Range { factor: 28_142, offset: 16 * 64 + 32 };

/// 16 to 240, so that 128 stays: 28.1 less than above.
const CHROMA: Range = Range { factor: 28_785, offset: 16 * 64 + 4 };

/// Brings samples of full range to a range.
fn narrow(samples: &mut [u8], Range { factor, offset }: Range) {
    let part = |lanes: I16x8| lanes.shl(7).mul_high(factor).add(I16x8::splat(offset)).shr(6);
    let run = |place: &mut [u8; 16]| {
        let (low, high) = U8x16::load(place).widen();
        U8x16::narrow(part(low), part(high)).store(place);
    };
    let (blocks, rest) = samples.as_chunks_mut::<16>();
    blocks.iter_mut().for_each(run);
    let mut last = [0; 16];
    if let Some(place) = last.get_mut(..rest.len()) {
        place.copy_from_slice(rest);
    }
    run(&mut last);
    rest.copy_from_slice(last.get(..rest.len()).unwrap_or_default());
}

/// Samples of a row; beyond the edges the last ones are repeated.
#[inline(always)]
fn samples<const N: usize>(plane: &Raster, x: usize, y: usize) -> [u8; N] {
    let (width, height) = (plane.size.width as usize, plane.size.height as usize);
    let row = y.min(height.saturating_sub(1)) * width;
    if x + N <= width
        && let Some(samples) = plane.samples.get(row + x..).and_then(|rest| rest.first_chunk())
    {
        return *samples;
    }
    core::array::from_fn(|i| {
        plane.samples.get(row + (x + i).min(width.saturating_sub(1))).copied().unwrap_or(0)
    })
}

/// Differences of two blocks side by side, in rows of 16: the left two or the right two.
#[inline(always)]
pub fn differences(rows: &[[u8; 16]], predicted: &[[u8; 16]], right: bool) -> Rows {
    let half = |row: &[u8; 16]| {
        let (low, high) = U8x16::load(row).widen();
        if right { high } else { low }
    };
    core::array::from_fn(|y| half(&rows[y]).sub(half(&predicted[y])))
}

/// Adds two blocks of differences to the left or the right half of rows.
#[inline(always)]
pub fn add(rows: &mut [[u8; 16]], differences: Rows, right: bool) {
    for (row, difference) in rows.iter_mut().zip(differences) {
        let (low, high) = U8x16::load(row).widen();
        let sums = if right { (low, high.add(difference)) } else { (low.add(difference), high) };
        U8x16::narrow(sums.0, sums.1).store(row);
    }
}

/// The cosine transforms of a macroblock's luma, two blocks at a time.
pub fn transformed(luma: &[[u8; 16]; 16]) -> [Rows; 8] {
    core::array::from_fn(|pair| {
        let rows = &luma[pair / 2 * 4..pair / 2 * 4 + 4];
        forward::cosine(differences(rows, &[[128; 16]; 4], pair % 2 == 1))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_range_becomes_studio_range() {
        let mut luma: Vec<u8> = (0..=255).collect();
        narrow(&mut luma, LUMA);
        let mut chroma: Vec<u8> = (0..=255).collect();
        narrow(&mut chroma, CHROMA);
        for i in 0..256 {
            let exact = 16.0 + i as f64 * 219.0 / 255.0;
            assert!((f64::from(luma[i]) - exact).abs() <= 0.51, "{i}");
            let exact = 128.0 + (i as f64 - 128.0) * 224.0 / 255.0;
            assert!((f64::from(chroma[i]) - exact).abs() <= 0.52, "{i}");
        }
        assert_eq!((luma[0], luma[255]), (16, 235));
        assert_eq!((chroma[0], chroma[128], chroma[255]), (16, 128, 240));
    }
}
