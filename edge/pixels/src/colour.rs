//! Between planes and packed pixels (JFIF 1.02; ITU-R BT.601 with full range).

use selvedge_plan::geometry::Size;
use selvedge_plan::options::background::Colour;

use crate::budget::Job;
use crate::failure::Failure;
use crate::raster::{Channels, Planar, Raster, Space};

/// 16 fractional bits.
const fn fix(value: f64) -> i32 {
    (value * 65_536.0 + 0.5) as i32
}

const HALF: i32 = 1 << 15;

/// Luma and chroma of a colour.
#[inline(always)]
pub fn ycbcr([r, g, b]: [u8; 3]) -> [u8; 3] {
    let [r, g, b] = [r, g, b].map(i32::from);
    let y = fix(0.299) * r + fix(0.587) * g + fix(0.114) * b;
    // Rounded down, so that the largest value is 255 and not 256.
    let centre = (128 << 16) + HALF - 1;
    let cb = -fix(0.168_735_892) * r - fix(0.331_264_108) * g + fix(0.5) * b + centre;
    let cr = fix(0.5) * r - fix(0.418_687_589) * g - fix(0.081_312_411) * b + centre;
    [(y + HALF) >> 16, cb >> 16, cr >> 16].map(|v| v.clamp(0, 255) as u8)
}

/// The colour of luma and chroma.
#[inline(always)]
pub fn rgb([y, cb, cr]: [u8; 3]) -> [u8; 3] {
    let (y, cb, cr) = (i32::from(y) << 16, i32::from(cb) - 128, i32::from(cr) - 128);
    let r = y + fix(1.402) * cr;
    let g = y - fix(0.344_136_286) * cb - fix(0.714_136_286) * cr;
    let b = y + fix(1.772) * cb;
    [r, g, b].map(|v| ((v + HALF) >> 16).clamp(0, 255) as u8)
}

/// What browsers show for inks without a profile: each takes its share of the light.
#[inline(always)]
fn lit(ink: u8, black: u8) -> u8 {
    ((u32::from(ink) * u32::from(black) + 127) / 255) as u8
}

/// Planes of equal size as packed grey or RGB.
///
/// # Errors
/// [`Failure::OverBudget`].
pub fn pack(planar: Planar, job: &Job<'_>) -> Result<Raster, Failure> {
    let size = planar.size;
    let mut planes = planar.planes.into_iter();
    let mut next = || planes.next().map(|plane| plane.samples).unwrap_or_default();
    let first = next();
    if planar.space == Space::Grey {
        return Raster::new(size, Channels::Grey, first);
    }
    let (second, third, fourth) = (next(), next(), next());
    let mut samples = job.bytes(size.pixels() as usize * 3)?;
    let triples = first.iter().zip(&second).zip(&third).map(|((a, b), c)| [*a, *b, *c]);
    let places = samples.as_chunks_mut::<3>().0.iter_mut();
    match planar.space {
        Space::YCbCr => places.zip(triples).for_each(|(place, triple)| *place = rgb(triple)),
        Space::Cmyk => {
            for ((place, triple), black) in places.zip(triples).zip(&fourth) {
                *place = triple.map(|ink| lit(ink, *black));
            }
        }
        Space::Ycck => {
            // The first three planes code 255 less each of the inverted inks.
            for ((place, triple), black) in places.zip(triples).zip(&fourth) {
                *place = rgb(triple).map(|ink| lit(255 - ink, *black));
            }
        }
        Space::Rgb | Space::Grey => {
            places.zip(triples).for_each(|(place, triple)| *place = triple);
        }
    }
    Raster::new(size, Channels::Rgb, samples)
}

/// Packed pixels as luma and chroma, and their alpha if they have one. Chroma is averaged over
/// `chroma` pixels, each as far as it is seen.
///
/// # Errors
/// [`Failure::OverBudget`].
pub fn unpack(
    raster: Raster,
    chroma: (u32, u32),
    job: &Job<'_>,
) -> Result<(Planar, Option<Raster>), Failure> {
    let size = raster.size;
    let grey = |luma| Planar { size, space: Space::Grey, chroma: (1, 1), planes: vec![luma] };
    match raster.channels {
        Channels::Grey => Ok((grey(raster), None)),
        Channels::GreyAlpha => {
            Ok((grey(channel::<2>(&raster, 0, job)?), Some(channel::<2>(&raster, 1, job)?)))
        }
        Channels::Rgb => Ok((separate::<3>(&raster, chroma, job)?, None)),
        Channels::Rgba => {
            let alpha = channel::<4>(&raster, 3, job)?;
            Ok((separate::<4>(&raster, chroma, job)?, Some(alpha)))
        }
    }
}

/// One channel of `N` by itself.
fn channel<const N: usize>(
    raster: &Raster,
    index: usize,
    job: &Job<'_>,
) -> Result<Raster, Failure> {
    let mut samples = job.bytes(raster.size.pixels() as usize)?;
    for (sample, pixel) in samples.iter_mut().zip(raster.samples.as_chunks::<N>().0) {
        *sample = pixel[index];
    }
    Ok(Raster { size: raster.size, channels: Channels::Grey, samples })
}

/// RGB, or RGBA, as luma and chroma.
fn separate<const N: usize>(
    raster: &Raster,
    chroma: (u32, u32),
    job: &Job<'_>,
) -> Result<Planar, Failure> {
    let size = raster.size;
    let (across, down) = (chroma.0 as usize, chroma.1 as usize);
    let small = subsampled(size, chroma);
    let mut y = job.bytes(size.pixels() as usize)?;
    let mut cb = job.bytes(small.pixels() as usize)?;
    let mut cr = job.bytes(small.pixels() as usize)?;
    let width = size.width as usize;
    let mut sums = vec![[0_u32; 3]; small.width as usize];
    let bands = raster.samples.chunks(width * N * down).zip(y.chunks_mut(width * down));
    let chroma_rows = cb.chunks_mut(small.width as usize).zip(cr.chunks_mut(small.width as usize));
    for ((rows, lumas), (cb, cr)) in bands.zip(chroma_rows) {
        sums.fill([0; 3]);
        for (row, lumas) in rows.chunks_exact(width * N).zip(lumas.chunks_exact_mut(width)) {
            let (pixels, _) = row.as_chunks::<N>();
            let cells = pixels.chunks(across).zip(lumas.chunks_mut(across));
            for ((pixels, lumas), [weights, blue, red]) in cells.zip(&mut sums) {
                for (pixel, luma) in pixels.iter().zip(lumas) {
                    let [y, cb, cr] = ycbcr([pixel[0], pixel[1], pixel[2]]);
                    let weight = if N == 4 { u32::from(pixel[N - 1]) } else { 1 };
                    *luma = y;
                    *weights += weight;
                    *blue += weight * u32::from(cb);
                    *red += weight * u32::from(cr);
                }
            }
        }
        for ((cb, cr), [weights, blue, red]) in cb.iter_mut().zip(cr).zip(&sums) {
            let mean = |sum: u32| (sum + weights / 2).checked_div(*weights).unwrap_or(128) as u8;
            (*cb, *cr) = (mean(*blue), mean(*red));
        }
    }
    let plane = |size, samples| Raster { size, channels: Channels::Grey, samples };
    let planes = vec![plane(size, y), plane(small, cb), plane(small, cr)];
    Ok(Planar { size, space: Space::YCbCr, chroma, planes })
}

/// The size of a chroma plane.
pub fn subsampled(size: Size, (across, down): (u32, u32)) -> Size {
    Size { width: size.width.div_ceil(across), height: size.height.div_ceil(down) }
}

/// A colour as the samples of each plane of a space, if it can be one.
pub fn in_space(space: Space, Colour { red, green, blue, .. }: Colour) -> Option<[u8; 3]> {
    match space {
        Space::Grey => (red == green && green == blue).then_some([red; 3]),
        Space::YCbCr => Some(ycbcr([red, green, blue])),
        Space::Rgb => Some([red, green, blue]),
        Space::Cmyk | Space::Ycck => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_survive_the_way_there_and_back() {
        for r in (0..=255).step_by(15) {
            for g in (0..=255).step_by(15) {
                for b in (0..=255).step_by(15) {
                    let back = rgb(ycbcr([r, g, b]));
                    for (a, b) in back.iter().zip([r, g, b]) {
                        assert!(a.abs_diff(b) <= 2, "{:?} {back:?}", [r, g, b]);
                    }
                }
            }
        }
        assert_eq!(ycbcr([255; 3]), [255, 128, 128]);
        assert_eq!(ycbcr([0, 0, 255]), [29, 255, 107]);
    }
}
