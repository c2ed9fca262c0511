//! Encoding with the `png` crate.

use png::{BitDepth, ColorType, Compression, Encoder};
use selvedge_plan::geometry::Size;

use crate::codec::Style;
use crate::failure::Failure;
use crate::raster::{Channels, Raster};

/// Encodes without loss; the quality has no say.
pub fn encode(raster: &Raster, _style: Style) -> Result<Vec<u8>, Failure> {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, raster.size.width, raster.size.height);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::Fast);
    encoder.set_color(match raster.channels {
        Channels::Grey => ColorType::Grayscale,
        Channels::GreyAlpha => ColorType::GrayscaleAlpha,
        Channels::Rgb => ColorType::Rgb,
        Channels::Rgba => ColorType::Rgba,
    });
    let mut writer = encoder.write_header().map_err(Failure::malformed)?;
    writer.write_image_data(&raster.samples).map_err(Failure::malformed)?;
    writer.finish().map_err(Failure::malformed)?;
    Ok(file)
}

/// Upper bound of what [`encode`] allocates: filtered rows, what they are deflated to, and the file,
/// each of the latter perhaps on the move to a larger place.
pub fn memory(size: Size, channels: Channels, _style: Style) -> u64 {
    (1 << 20) + size.pixels() * channels.count() as u64 * 5
}
