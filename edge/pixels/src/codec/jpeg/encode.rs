//! Encoding with the `jpeg-encoder` crate.

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use selvedge_plan::options::quality::Quality;

use crate::failure::Failure;
use crate::raster::{Channels, Raster};

/// From this quality on chroma keeps its resolution, as libvips does it: whoever asks for so much
/// quality would see the difference.
const FULL_CHROMA_FROM: u8 = 90;

/// Encodes a baseline JPEG.
pub fn encode(raster: &Raster, quality: Quality) -> Result<Vec<u8>, Failure> {
    let colour = match raster.channels {
        Channels::Grey => ColorType::Luma,
        Channels::Rgb => ColorType::Rgb,
        Channels::GreyAlpha | Channels::Rgba => {
            return Err(Failure::Unsupported("JPEG with transparency".into()));
        }
    };
    let side = |side: u32| {
        u16::try_from(side).map_err(|_| Failure::too_large("JPEG side", 65_535, side.into()))
    };
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, quality.value());
    encoder.set_sampling_factor(if quality.value() < FULL_CHROMA_FROM {
        SamplingFactor::R_4_2_0
    } else {
        SamplingFactor::R_4_4_4
    });
    encoder
        .encode(
            &raster.samples,
            side(raster.size.width)?,
            side(raster.size.height)?,
            colour,
        )
        .map_err(Failure::malformed)?;
    Ok(file)
}
