//! The final filter: `fast_image_resize`, on what the shrink left.

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::{U8, U8x2, U8x3, U8x4};
use fast_image_resize::{FilterType, PixelTrait, ResizeAlg, ResizeOptions, Resizer};
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
    let enlarges = crop.width < f64::from(size.width) && crop.height < f64::from(size.height);
    // Lanczos rings when it enlarges; Catmull-Rom is the bicubic that browsers use.
    let filter = if enlarges { FilterType::CatmullRom } else { FilterType::Lanczos3 };
    let options = ResizeOptions::new()
        .resize_alg(ResizeAlg::Convolution(filter))
        .crop(crop.left, crop.top, crop.width, crop.height)
        .use_alpha(channels.has_alpha());

    let mut samples = job.bytes(size.pixels() as usize * channels.count())?;
    // Typed, so that only the kernels of these four are in the component.
    match channels {
        Channels::Grey => filter_into::<U8>(&raster, &mut samples, size, &options),
        Channels::GreyAlpha => filter_into::<U8x2>(&raster, &mut samples, size, &options),
        Channels::Rgb => filter_into::<U8x3>(&raster, &mut samples, size, &options),
        Channels::Rgba => filter_into::<U8x4>(&raster, &mut samples, size, &options),
    }?;
    Ok(Raster { size, channels, samples })
}

fn filter_into<P: PixelTrait>(
    raster: &Raster,
    samples: &mut [u8],
    size: Size,
    options: &ResizeOptions,
) -> Result<(), Failure> {
    let Size { width, height } = raster.size;
    let source = TypedImageRef::<P>::from_buffer(width, height, &raster.samples);
    let source = source.map_err(Failure::malformed)?;
    let target = TypedImage::<P>::from_buffer(size.width, size.height, samples);
    let mut target = target.map_err(Failure::malformed)?;
    Resizer::new().resize_typed(&source, &mut target, options).map_err(Failure::malformed)
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
    let copy = if channels.has_alpha() { from.pixels() * count } else { 0 };
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
