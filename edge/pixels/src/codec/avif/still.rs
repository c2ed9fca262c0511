//! One AV1 still picture, by rav1e.

use rav1e::config::EncoderConfig;
use rav1e::prelude::*;
use selvedge_plan::geometry::Size;
use selvedge_plan::plan::Effort;

use super::{effort, tiles};
use crate::failure::Failure;
use crate::raster::Raster;

/// What the samples stand for: BT.709 primaries with sRGB's curve, and JFIF's matrix (ITU-T H.273).
const SRGB: ColorDescription = ColorDescription {
    color_primaries: ColorPrimaries::BT709,
    transfer_characteristics: TransferCharacteristics::SRGB,
    matrix_coefficients: MatrixCoefficients::BT601,
};

/// Encodes planes of full range: luma alone, or luma and two of chroma.
///
/// # Errors
/// [`Failure::Unsupported`] if the encoder refuses, which it does for no size within the limits.
pub fn encode(
    size: Size,
    planes: &[Raster],
    sampling: ChromaSampling,
    quantizer: usize,
    effort: Effort,
) -> Result<Vec<u8>, Failure> {
    let config = EncoderConfig {
        width: size.width as usize,
        height: size.height as usize,
        bit_depth: 8,
        chroma_sampling: sampling,
        pixel_range: PixelRange::Full,
        color_description: Some(SRGB),
        still_picture: true,
        min_key_frame_interval: 0,
        max_key_frame_interval: 0,
        quantizer,
        // One after the other, so that what a tile is made of is held for one only.
        tile_rows: tiles::rows(size, quantizer) as usize,
        speed_settings: effort::settings(effort),
        ..EncoderConfig::default()
    };
    let mut context: Context<u8> =
        Config::new().with_encoder_config(config).with_threads(1).new_context().map_err(refused)?;
    let mut frame = context.new_frame();
    for (to, from) in frame.planes.iter_mut().zip(planes) {
        to.copy_from_raw_u8(&from.samples, from.stride(), 1);
    }
    context.send_frame(frame).map_err(refused)?;
    context.flush();
    loop {
        match context.receive_packet() {
            Ok(packet) => return Ok(packet.data),
            Err(EncoderStatus::Encoded) => {}
            Err(status) => return Err(refused(status)),
        }
    }
}

fn refused(why: impl core::fmt::Display) -> Failure {
    Failure::Unsupported(format!("the AV1 encoder refuses: {why}"))
}
