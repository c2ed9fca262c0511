//! Encoding with the `image-webp` crate: lossless, whatever the quality.

use image_webp::{ColorType, WebPEncoder};
use selvedge_plan::geometry::Size;
use selvedge_plan::options::quality::Quality;

use crate::failure::Failure;
use crate::raster::{Channels, Raster};

/// Encodes without loss.
pub fn encode(raster: &Raster, _quality: Quality) -> Result<Vec<u8>, Failure> {
    let colour = match raster.channels {
        Channels::Grey => ColorType::L8,
        Channels::GreyAlpha => ColorType::La8,
        Channels::Rgb => ColorType::Rgb8,
        Channels::Rgba => ColorType::Rgba8,
    };
    let mut file = Vec::new();
    WebPEncoder::new(&mut file)
        .encode(&raster.samples, raster.size.width, raster.size.height, colour)
        .map_err(Failure::malformed)?;
    Ok(file)
}

/// Upper bound of what [`encode`] allocates: pixels as four samples, and the file, perhaps on the
/// move to a larger place.
pub fn memory(size: Size, _channels: Channels, _quality: Quality) -> u64 {
    (1 << 20) + size.pixels() * 16
}
