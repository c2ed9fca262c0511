//! From one layout of packed channels to another, and colours weighted by their alpha.

use crate::budget::Job;
use crate::failure::Failure;
use crate::raster::{Channels, Raster};

/// The share of each channel in the luma of a colour, in 1/65536 (ITU-R BT.709, as CSS filters have
/// it). They sum up to one, so grey has its own value as luma.
pub const LUMA: [i32; 3] = [13_933, 46_871, 4_732];

/// The luma of a colour.
#[inline(always)]
pub fn luma([red, green, blue]: [u8; 3]) -> u8 {
    let [r, g, b] = LUMA;
    let sum = r * i32::from(red) + g * i32::from(green) + b * i32::from(blue);
    ((sum + (1 << 15)) >> 16) as u8
}

/// Colours as their luma, in place. Grey stays as it is.
pub fn to_grey(mut raster: Raster) -> Raster {
    let channels = raster.channels.grey();
    if channels == raster.channels {
        return raster;
    }
    let (from, to) = (raster.channels.count(), channels.count());
    // What is written never passes what was read.
    for pixel in 0..raster.size.pixels() as usize {
        let place = raster.samples.get(pixel * from..(pixel + 1) * from);
        let (grey, alpha) = match place {
            Some([r, g, b]) => (luma([*r, *g, *b]), None),
            Some([r, g, b, alpha]) => (luma([*r, *g, *b]), Some(*alpha)),
            _ => continue,
        };
        match (raster.samples.get_mut(pixel * to..(pixel + 1) * to), alpha) {
            (Some([place, place_alpha]), Some(alpha)) => (*place, *place_alpha) = (grey, alpha),
            (Some([place]), _) => *place = grey,
            _ => {}
        }
    }
    raster.samples.truncate(raster.size.pixels() as usize * to);
    Raster { channels, ..raster }
}

/// A pixel of any layout as red, green, blue and alpha.
#[inline(always)]
pub fn rgba(pixel: &[u8]) -> [u8; 4] {
    match *pixel {
        [grey] => [grey, grey, grey, 255],
        [grey, alpha] => [grey, grey, grey, alpha],
        [r, g, b] => [r, g, b, 255],
        [r, g, b, alpha] => [r, g, b, alpha],
        _ => [0; 4],
    }
}

/// The same picture in `channels`, which have a place for all that it has: colour for grey, alpha for
/// none.
///
/// # Errors
/// [`Failure::OverBudget`].
pub fn widen(raster: Raster, channels: Channels, job: &Job<'_>) -> Result<Raster, Failure> {
    if raster.channels == channels {
        return Ok(raster);
    }
    let mut samples = job.bytes(raster.size.pixels() as usize * channels.count())?;
    let pixels = raster.samples.chunks_exact(raster.channels.count());
    for (place, pixel) in samples.chunks_exact_mut(channels.count()).zip(pixels) {
        let [r, g, b, alpha] = rgba(pixel);
        match place {
            [place] => *place = r,
            [place, place_alpha] => (*place, *place_alpha) = (r, alpha),
            [_, _, _] => place.copy_from_slice(&[r, g, b]),
            _ => place.copy_from_slice(&[r, g, b, alpha]),
        }
    }
    Ok(Raster { channels, samples, ..raster })
}

/// Multiplies colours by their alpha, if there is one.
pub fn premultiply(raster: &mut Raster) {
    each_with_alpha(raster, |sample, alpha| ((sample * alpha + 127) / 255) as u8);
}

/// Divides colours by their alpha, if there is one; what cannot be seen becomes black.
pub fn unpremultiply(raster: &mut Raster) {
    each_with_alpha(raster, |sample, alpha| {
        (sample * 255 + alpha / 2).checked_div(alpha).unwrap_or(0).min(255) as u8
    });
}

fn each_with_alpha(raster: &mut Raster, change: impl Fn(u32, u32) -> u8) {
    if !raster.channels.has_alpha() {
        return;
    }
    for pixel in raster.samples.chunks_exact_mut(raster.channels.count()) {
        let Some((alpha, colour)) = pixel.split_last_mut() else { continue };
        for sample in colour {
            *sample = change(u32::from(*sample), u32::from(*alpha));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::Budget;
    use selvedge_plan::geometry::Size;

    fn raster(channels: Channels, samples: &[u8]) -> Raster {
        let width = (samples.len() / channels.count()) as u32;
        Raster::new(Size { width, height: 1 }, channels, samples.to_vec()).unwrap()
    }

    #[test]
    fn grey_is_luma() {
        for (channels, samples, grey) in [
            (Channels::Rgb, &[255, 0, 0, 9, 9, 9][..], &[54, 9][..]),
            (Channels::Rgba, &[0, 255, 0, 7, 255, 255, 255, 8], &[182, 7, 255, 8]),
            (Channels::GreyAlpha, &[1, 2], &[1, 2]),
        ] {
            assert_eq!(to_grey(raster(channels, samples)).samples, grey);
        }
        assert_eq!(LUMA.iter().sum::<i32>(), 1 << 16);
    }

    #[test]
    fn nothing_is_lost_in_more_channels() {
        let mut trace = |_: &'static str| {};
        let job = Job::new(Budget::UNLIMITED, 0, &mut trace);
        let wide = |from, samples: &[u8], to| widen(raster(from, samples), to, &job).unwrap();
        assert_eq!(wide(Channels::Grey, &[5], Channels::Rgba).samples, [5, 5, 5, 255]);
        assert_eq!(wide(Channels::Grey, &[5], Channels::GreyAlpha).samples, [5, 255]);
        assert_eq!(wide(Channels::GreyAlpha, &[5, 6], Channels::Rgba).samples, [5, 5, 5, 6]);
        assert_eq!(wide(Channels::Rgb, &[1, 2, 3], Channels::Rgba).samples, [1, 2, 3, 255]);
    }

    #[test]
    fn what_is_seen_survives_its_weight() {
        let mut seen = raster(Channels::GreyAlpha, &[200, 255, 200, 128, 77, 0]);
        premultiply(&mut seen);
        assert_eq!(seen.samples, [200, 255, 100, 128, 0, 0]);
        unpremultiply(&mut seen);
        assert_eq!(seen.samples, [200, 255, 199, 128, 0, 0]);
    }
}
