//! Few colours for many, where a quality allows it: as few as it takes to be no more wrong than that.

use selvedge_plan::options::quality::Quality;

use super::reduce::{Reduced, pack, palette_depth};
use crate::budget::zeros;
use crate::failure::Failure;
use crate::quantise::{Cells, Diffuser, LEVEL, MOST, Palette};
use crate::raster::{Channels, Raster};
use selvedge_plan::geometry::Size;

/// Pixels as dithered numbers of few colours. Grey pictures are not for this: a profile that is kept with
/// them says nothing of colours (PNG §11.3.2.3), and eight bits hold every grey.
///
/// # Errors
/// [`Failure::OverBudget`].
pub fn reduce(raster: &Raster, quality: Quality) -> Result<Option<Reduced<'static>>, Failure> {
    if quality == Quality::LOSSLESS || raster.channels.count() < 3 {
        return Ok(None);
    }
    let pixels = || raster.samples.chunks_exact(raster.channels.count()).map(rgba);
    let mut palette = {
        let mut cells = Cells::of(pixels(), raster.size.pixels())?;
        Palette::of(&mut cells, MOST, error(quality))?
    };
    // Nothing is left out of the numbers if nothing needs the one of what is clear.
    let clear = pixels().any(|[.., alpha]| alpha == 0);
    let count = palette.colours().len() + usize::from(clear);
    let depth = palette_depth(count);
    let width = raster.size.width as usize;
    let stride = (width * usize::from(depth)).div_ceil(8);
    let mut samples: Vec<u8> = zeros(stride * raster.size.height as usize)?;
    let mut diffuser = Diffuser::new(raster.size.width)?;
    let mut colours: Vec<[u8; 4]> = zeros(width)?;
    let mut numbers: Vec<u8> = zeros(width)?;
    for (place, row) in samples.chunks_exact_mut(stride).zip(raster.rows()) {
        let row = row.chunks_exact(raster.channels.count()).map(rgba);
        colours.iter_mut().zip(row).for_each(|(colour, pixel)| *colour = pixel);
        diffuser.row(&colours, &mut palette, &mut numbers);
        let from = u8::from(!clear);
        pack(numbers.iter().map(|number| number.saturating_sub(from)), depth, place);
    }
    let colours = || clear.then_some([0; 4]).into_iter().chain(palette.colours().iter().copied());
    Ok(Some(Reduced {
        colour: 3,
        depth,
        samples: samples.into(),
        palette: colours().flat_map(|[r, g, b, _]| [r, g, b]).collect(),
        alphas: colours().map(|[.., alpha]| alpha).take_while(|alpha| *alpha < 255).collect(),
        ordered: false,
    }))
}

fn rgba(pixel: &[u8]) -> [u8; 4] {
    match *pixel {
        [r, g, b] => [r, g, b, 255],
        [r, g, b, alpha] => [r, g, b, alpha],
        _ => [0; 4],
    }
}

/// The mean of the squared errors that a quality allows. Photographs of 400 pixels score (SSIMULACRA2) about
/// 87 at 90, 83 at 80 and 72 at 50 so, as long as there are colours enough.
fn error(quality: Quality) -> u64 {
    let lost = 100 - u64::from(quality.value());
    lost * (lost + 10) * (LEVEL * LEVEL) as u64 / 64
}

/// Upper bound of what [`reduce`] allocates.
pub fn memory(size: Size, channels: Channels, quality: Quality) -> u64 {
    if quality == Quality::LOSSLESS || channels.count() < 3 {
        return 0;
    }
    let row = u64::from(size.width);
    Cells::MEMORY + Palette::MEMORY + size.pixels() + 5 * row + Diffuser::memory(size.width)
}

/// Work units for each pixel of it.
pub fn work(size: Size, channels: Channels, quality: Quality) -> u64 {
    if quality == Quality::LOSSLESS || channels.count() < 3 {
        return 0;
    }
    let pixels = size.pixels().max(1);
    100 + Cells::WORK * pixels.min(Cells::MOST as u64) / pixels
}
