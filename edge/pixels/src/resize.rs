//! The final filter: `fast_image_resize`, on what the shrink left.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use selvedge_plan::geometry::Size;

use crate::budget::Job;
use crate::failure::Failure;
use crate::raster::{Channels, Raster};
use crate::shrink::CropBox;

/// Scales `crop` of a raster to `size`. Alpha is premultiplied around the filter, so that the colour
/// of transparent pixels stays out of the picture.
pub fn resize(raster: Raster, crop: CropBox, size: Size, job: &Job<'_>) -> Result<Raster, Failure> {
    if is_cut(crop, size) {
        return Ok(cut(raster, crop, size));
    }
    let channels = raster.channels;
    let kind = match channels {
        Channels::Grey => PixelType::U8,
        Channels::GreyAlpha => PixelType::U8x2,
        Channels::Rgb => PixelType::U8x3,
        Channels::Rgba => PixelType::U8x4,
    };
    let enlarges = crop.width < f64::from(size.width) && crop.height < f64::from(size.height);
    // Lanczos rings when it enlarges; Catmull-Rom is the bicubic that browsers use.
    let filter = if enlarges {
        FilterType::CatmullRom
    } else {
        FilterType::Lanczos3
    };
    let options = ResizeOptions::new()
        .resize_alg(ResizeAlg::Convolution(filter))
        .crop(crop.left, crop.top, crop.width, crop.height)
        .use_alpha(channels.has_alpha());

    let mut samples = job.bytes(size.pixels() as usize * channels.count())?;
    let source = ImageRef::new(raster.size.width, raster.size.height, &raster.samples, kind);
    let source = source.map_err(Failure::malformed)?;
    let mut target = Image::from_slice_u8(size.width, size.height, &mut samples, kind)
        .map_err(Failure::malformed)?;
    Resizer::new()
        .resize(&source, &mut target, &options)
        .map_err(Failure::malformed)?;
    drop(target);
    Ok(Raster {
        size,
        channels,
        samples,
    })
}

/// Whether nothing is scaled: whole pixels, as many as are wanted.
fn is_cut(crop: CropBox, size: Size) -> bool {
    crop.left.fract() == 0.0
        && crop.top.fract() == 0.0
        && crop.width == f64::from(size.width)
        && crop.height == f64::from(size.height)
}

fn cut(mut raster: Raster, crop: CropBox, size: Size) -> Raster {
    if raster.size == size {
        return raster;
    }
    let count = raster.channels.count();
    let stride = raster.stride();
    let length = size.width as usize * count;
    for y in 0..size.height as usize {
        // Each row moves towards the front, so none is overwritten before it has moved.
        let from = (crop.top as usize + y) * stride + crop.left as usize * count;
        raster.samples.copy_within(from..from + length, y * length);
    }
    raster.samples.truncate(size.height as usize * length);
    Raster { size, ..raster }
}

/// Upper bound of bytes that [`resize`] allocates: the result, the pass between the two directions,
/// and a premultiplied copy.
pub fn memory(from: Size, to: Size, channels: Channels) -> u64 {
    let count = channels.count() as u64;
    let between = u64::from(to.width) * u64::from(from.height) * count;
    let copy = if channels.has_alpha() {
        from.pixels() * count
    } else {
        0
    };
    // Filter weights: at most 6 × scale + 3 for each output column or row, 2 to 8 bytes each.
    let weights = (u64::from(from.width) + u64::from(from.height)) * 64
        + (u64::from(to.width) + u64::from(to.height)) * 128;
    to.pixels() * count + between + copy + weights
}

/// Work units: about a nanosecond for every eight products of the two passes.
pub fn work(from: Size, to: Size, channels: Channels) -> u64 {
    let count = channels.count() as u64;
    let taps = |from: u32, to: u32| 6 * u64::from(from.div_ceil(to.max(1)).max(1));
    let across = u64::from(to.width) * u64::from(from.height) * taps(from.width, to.width);
    let down = to.pixels() * taps(from.height, to.height);
    (across + down) * count / 8
}
