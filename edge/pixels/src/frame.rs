//! The border around picture and padding.

use selvedge_plan::options::background::Colour;
use selvedge_plan::options::border::Border;

use crate::budget::Job;
use crate::channels::widen;
use crate::compose;
use crate::failure::Failure;
use crate::raster::{Channels, Raster};

/// Paints a border over the edges of a canvas that has room for it.
///
/// # Errors
/// [`Failure::OverBudget`].
pub fn frame(raster: Raster, border: Border, job: &Job<'_>) -> Result<Raster, Failure> {
    let channels = framed(raster.channels, border.colour);
    let mut raster = widen(raster, channels, job)?;
    let count = channels.count();
    let stride = raster.stride();
    let Colour { red, green, blue, alpha } = border.colour;
    let colour = [red, green, blue, alpha];
    let (width, height) = (raster.size.width as usize, raster.size.height as usize);
    let edges = border.width;
    let (top, bottom) = (edges.top as usize, height.saturating_sub(edges.bottom as usize));
    let (left, right) = (edges.left as usize, width.saturating_sub(edges.right as usize));
    let paint = |samples: &mut [u8]| {
        for pixel in samples.chunks_exact_mut(count) {
            compose::over(pixel, &colour, Channels::Rgba, channels);
        }
    };
    for (y, row) in raster.samples.chunks_exact_mut(stride).enumerate() {
        if y < top || y >= bottom || left >= right {
            paint(row);
        } else {
            paint(row.get_mut(..left * count).unwrap_or_default());
            paint(row.get_mut(right * count..).unwrap_or_default());
        }
    }
    Ok(raster)
}

/// The channels of a picture of `channels` with a border of this colour: grey stays grey with grey.
pub fn framed(channels: Channels, Colour { red, green, blue, .. }: Colour) -> Channels {
    if red == green && green == blue { channels } else { channels.coloured() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::Budget;
    use selvedge_plan::Options;
    use selvedge_plan::geometry::Size;

    fn framed_by(options: &str, channels: Channels, pixel: &[u8]) -> Raster {
        let border = Options::parse(options).unwrap().border.unwrap();
        let raster = Raster::new(Size { width: 4, height: 3 }, channels, pixel.repeat(12)).unwrap();
        let mut trace = |_: &'static str| {};
        frame(raster, border, &Job::new(Budget::UNLIMITED, 0, &mut trace)).unwrap()
    }

    #[test]
    fn each_edge_has_its_width() {
        let framed = framed_by("border=1;2;0;1", Channels::Grey, &[9]);
        assert_eq!(framed.samples, [0, 0, 0, 0, 0, 9, 0, 0, 0, 9, 0, 0]);
    }

    #[test]
    fn it_lies_over_what_is_there() {
        let tinted = framed_by("border=9,border.color=rgba(255,0,0,0.2)", Channels::Grey, &[100]);
        assert_eq!(tinted.samples, [131, 80, 80].repeat(12));
        let clear = framed_by("border=9,border.color=rgba(255,0,0,0.2)", Channels::Rgba, &[0; 4]);
        assert_eq!(clear.samples, [255, 0, 0, 51].repeat(12));
    }
}
