//! From pixels to a file.

use libheif_rs::{
    Channel, ColorProfileRaw, ColorSpace, CompressionFormat, EncoderParameterValue, EncoderQuality,
    HeifContext, Image, LibHeif, RgbChroma, color_profile_types,
};
use selvedge_heif::{Codec, Refusal, Shape};

use crate::decode::refusal;

/// x265's preset: those after it take several times as long for some percent of the bytes.
const HEVC_PRESET: &str = "superfast";

/// libaom's speed, 0 to 9 (its `cpu-used`), for the same reason: about 0.1 s a megapixel.
const AV1_SPEED: i32 = 8;

/// That of pictures of more than [`LARGE`] pixels: 0.03 s a megapixel.
const AV1_SPEED_LARGE: i32 = 9;

const LARGE: u64 = 16 << 20;

/// A file of the pixels, and of the profile behind them.
///
/// # Errors
/// If the body is not of the shape, or what libheif says.
pub fn encode(
    heif: &LibHeif,
    codec: Codec,
    quality: u8,
    shape: Shape,
    body: &[u8],
) -> Result<Vec<u8>, Refusal> {
    let malformed = || Refusal::Malformed("the body is not of the shape that was told".to_owned());
    let (chroma, depth) = match shape.channels {
        3 => (RgbChroma::Rgb, 24),
        4 => (RgbChroma::Rgba, 32),
        _ => return Err(malformed()),
    };
    if shape.body() != body.len() as u64 || body.is_empty() {
        return Err(malformed());
    }
    let samples = usize::try_from(shape.samples()).map_err(|_| malformed())?;
    let (samples, profile) = body.split_at_checked(samples).ok_or_else(malformed)?;

    let space = ColorSpace::Rgb(chroma);
    let mut image = Image::new(shape.width, shape.height, space).map_err(refusal)?;
    image.create_plane(Channel::Interleaved, shape.width, shape.height, depth).map_err(refusal)?;
    let plane = image.planes_mut().interleaved.ok_or_else(malformed)?;
    let row = shape.width as usize * usize::from(shape.channels);
    for (to, from) in plane.data.chunks_mut(plane.stride.max(1)).zip(samples.chunks(row.max(1))) {
        to.get_mut(..row).ok_or_else(malformed)?.copy_from_slice(from);
    }
    if !profile.is_empty() {
        let profile = ColorProfileRaw::new(color_profile_types::PROF, profile.to_vec());
        image.set_color_profile_raw(&profile).map_err(refusal)?;
    }

    let (format, parameter, value) = match codec {
        Codec::Hevc => {
            let preset = EncoderParameterValue::String(HEVC_PRESET.to_owned());
            (CompressionFormat::Hevc, "preset", preset)
        }
        Codec::Av1 => {
            let is_large = u64::from(shape.width) * u64::from(shape.height) > LARGE;
            let speed = if is_large { AV1_SPEED_LARGE } else { AV1_SPEED };
            (CompressionFormat::Av1, "speed", EncoderParameterValue::Int(speed))
        }
    };
    let mut encoder = heif.encoder_for_format(format).map_err(refusal)?;
    encoder.set_quality(EncoderQuality::Lossy(quality)).map_err(refusal)?;
    encoder.set_parameter_value(parameter, value).map_err(refusal)?;
    let mut context = HeifContext::new().map_err(refusal)?;
    context.encode_image(&image, &mut encoder, None).map_err(refusal)?;
    context.write_to_bytes().map_err(refusal)
}
