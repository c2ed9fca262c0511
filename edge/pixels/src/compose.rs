//! Putting the picture on its background.

use selvedge_plan::geometry::Size;
use selvedge_plan::options::background::Colour;

use crate::budget::Job;
use crate::colour::{in_space, subsampled};
use crate::failure::Failure;
use crate::raster::{Channels, Pixels, Planar, Raster};

/// Where a picture lies on the finished canvas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The size of the canvas.
    pub canvas: Size,
    /// Where the picture's left edge lies on it.
    pub left: u32,
    /// Where its top edge lies.
    pub top: u32,
}

/// Paints pixels over a canvas of `background`. Without a background, and with a canvas of the
/// picture's size, there is nothing to do.
pub fn compose(
    pixels: Pixels,
    place: &Place,
    background: Option<Colour>,
    job: &Job<'_>,
) -> Result<Pixels, Failure> {
    match (pixels, background) {
        (Pixels::Packed(raster), Some(background))
            if place.canvas != raster.size || raster.channels.has_alpha() =>
        {
            Ok(Pixels::Packed(compose_raster(raster, place, background, job)?))
        }
        (Pixels::Planar(planar), Some(background)) if place.canvas != planar.size => {
            Ok(Pixels::Planar(compose_planes(planar, place, background, job)?))
        }
        (pixels, _) => Ok(pixels),
    }
}

/// Whether anything shines through the pixels.
pub fn is_clear(pixels: &Pixels) -> bool {
    match pixels {
        Pixels::Packed(raster) if raster.channels.has_alpha() => {
            let mut pixels = raster.samples.chunks_exact(raster.channels.count());
            pixels.any(|pixel| pixel.last().is_some_and(|alpha| *alpha != 255))
        }
        Pixels::Packed(_) | Pixels::Planar(_) => false,
    }
}

/// Each plane on a canvas of its own, in the one colour that the background is there.
fn compose_planes(
    planar: Planar,
    at: &Place,
    background: Colour,
    job: &Job<'_>,
) -> Result<Planar, Failure> {
    let colour = in_space(planar.space, background)
        .ok_or_else(|| Failure::Unsupported("a background that the planes cannot show".into()))?;
    let mut planes = Vec::new();
    for (index, (plane, value)) in planar.planes.into_iter().zip(colour).enumerate() {
        let (across, down) = if index == 0 { (1, 1) } else { planar.chroma };
        let size = subsampled(at.canvas, (across, down));
        let mut samples = job.bytes(size.pixels() as usize)?;
        samples.fill(value);
        let left = (at.left / across) as usize;
        let rows = samples.chunks_exact_mut(size.width as usize);
        for (place, row) in rows.skip((at.top / down) as usize).zip(plane.rows()) {
            // A chroma plane of an odd picture may reach one sample beyond an odd canvas.
            let length = row.len().min(place.len().saturating_sub(left));
            if let (Some(place), Some(row)) =
                (place.get_mut(left..left + length), row.get(..length))
            {
                place.copy_from_slice(row);
            }
        }
        planes.push(Raster { size, channels: Channels::Grey, samples });
    }
    Ok(Planar { size: at.canvas, planes, ..planar })
}

fn compose_raster(
    raster: Raster,
    at: &Place,
    background: Colour,
    job: &Job<'_>,
) -> Result<Raster, Failure> {
    let channels = composed(raster.channels, background);
    let size = at.canvas;
    let mut canvas = job.bytes(size.pixels() as usize * channels.count())?;
    let Colour { red, green, blue, alpha } = background;
    let colour = [red, green, blue, alpha];
    let count = channels.count();
    let fill: &[u8] = match channels {
        Channels::Grey => &colour[..1],
        Channels::GreyAlpha => &[colour[0], colour[3]],
        Channels::Rgb => &colour[..3],
        Channels::Rgba => &colour,
    };
    for pixel in canvas.chunks_exact_mut(count) {
        pixel.copy_from_slice(fill);
    }
    let stride = size.width as usize * count;
    let rows = canvas.chunks_exact_mut(stride).skip(at.top as usize);
    for (place, row) in rows.zip(raster.rows()) {
        let place = &mut place[at.left as usize * count..];
        if raster.channels == channels && !channels.has_alpha() {
            place.get_mut(..row.len()).unwrap_or_default().copy_from_slice(row);
            continue;
        }
        let pixels = row.chunks_exact(raster.channels.count());
        for (place, pixel) in place.chunks_exact_mut(count).zip(pixels) {
            over(place, pixel, raster.channels, channels);
        }
    }
    Ok(Raster { size, channels, samples: canvas })
}

/// The channels of a picture of `channels` on `background`: grey stays grey on grey, and what is
/// opaque needs no alpha.
pub fn composed(channels: Channels, background: Colour) -> Channels {
    let Colour { red, green, blue, alpha } = background;
    let grey = matches!(channels, Channels::Grey | Channels::GreyAlpha);
    match (grey && red == green && green == blue, alpha == 255) {
        (true, true) => Channels::Grey,
        (true, false) => Channels::GreyAlpha,
        (false, true) => Channels::Rgb,
        (false, false) => Channels::Rgba,
    }
}

/// Source over, straight alpha, in sRGB as browsers do it (W3C Compositing §5.1).
pub fn over(place: &mut [u8], pixel: &[u8], from: Channels, to: Channels) {
    let alpha = if from.has_alpha() { u32::from(*pixel.last().unwrap_or(&255)) } else { 255 };
    let colour = &pixel[..from.count() - usize::from(from.has_alpha())];
    let (under, under_alpha) = place.split_at_mut(to.count() - usize::from(to.has_alpha()));
    let under_weight = under_alpha.first().map_or(255, |a| u32::from(*a)) * (255 - alpha);
    let total = alpha * 255 + under_weight;
    for (i, under) in under.iter_mut().enumerate() {
        // A grey picture on a coloured background has one sample for all three.
        let over = u32::from(colour[i % colour.len()]);
        let sum = over * alpha * 255 + u32::from(*under) * under_weight;
        *under = (sum + total / 2).checked_div(total).unwrap_or(0) as u8;
    }
    if let Some(under_alpha) = under_alpha.first_mut() {
        *under_alpha = ((total + 127) / 255) as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn painted(under: [u8; 4], over_pixel: [u8; 4]) -> [u8; 4] {
        let mut place = under;
        over(&mut place, &over_pixel, Channels::Rgba, Channels::Rgba);
        place
    }

    #[test]
    fn source_over() {
        assert_eq!(painted([1, 2, 3, 255], [9, 9, 9, 255]), [9, 9, 9, 255]);
        assert_eq!(painted([1, 2, 3, 255], [9, 9, 9, 0]), [1, 2, 3, 255]);
        assert_eq!(painted([0, 0, 0, 255], [255, 0, 0, 128]), [128, 0, 0, 255]);
        assert_eq!(painted([0, 0, 200, 0], [255, 0, 0, 128]), [255, 0, 0, 128]);
        assert_eq!(painted([0, 0, 0, 0], [255, 0, 0, 0]), [0, 0, 0, 0]);
    }
}
