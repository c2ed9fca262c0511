//! Decoding with the `jpeg-decoder` crate, scaled by its inverse DCT.

use jpeg_decoder::{Decoder, Error, PixelFormat};
use selvedge_plan::geometry::Size;

use crate::budget::Job;
use crate::codec::Header;
use crate::failure::Failure;
use crate::raster::{Channels, Raster};
use crate::shrink::Shrink;

/// Most scans of a progressive file. The usual scripts have ten or so; each more costs a pass over
/// the picture, and a bomb has tens of thousands.
const SCANS: usize = 64;

/// Decodes to grey or RGB.
pub fn decode(
    file: &[u8],
    header: &Header,
    shrink: &mut Shrink,
    job: &Job<'_>,
) -> Result<(), Failure> {
    let scans = file.windows(2).filter(|pair| *pair == [0xff, 0xda]).count();
    if scans > SCANS {
        return Err(Failure::too_large("JPEG scans", SCANS as u64, scans as u64));
    }
    let denominator = shrink.denominator();
    let mut decoder = Decoder::new(file);
    let asked = |side: u32| side.div_ceil(denominator) as u16;
    let size = decoder
        .scale(asked(header.size.width), asked(header.size.height))
        .map_err(failure)?;
    let samples = decoder.decode().map_err(failure)?;
    let format = decoder.info().map(|info| info.pixel_format);
    let (channels, samples) = match format {
        Some(PixelFormat::L8) => (Channels::Grey, samples),
        Some(PixelFormat::RGB24) => (Channels::Rgb, samples),
        Some(PixelFormat::CMYK32) => (Channels::Rgb, rgb_from_cmyk(samples)),
        _ => return Err(Failure::Unsupported("JPEG with 16 bits a sample".into())),
    };
    let size = Size {
        width: size.0.into(),
        height: size.1.into(),
    };
    shrink.whole(Raster::new(size, channels, samples)?, job)
}

/// What browsers show for CMYK without a profile: each ink takes its share of the light.
fn rgb_from_cmyk(mut samples: Vec<u8>) -> Vec<u8> {
    let pixels = samples.len() / 4;
    for i in 0..pixels {
        let Some(&[c, m, y, k]) = samples.get(i * 4..).and_then(|rest| rest.first_chunk()) else {
            break;
        };
        let light = |ink: u8| {
            let product = u32::from(255 - ink) * u32::from(255 - k);
            ((product + 127) / 255) as u8
        };
        if let Some(place) = samples.get_mut(i * 3..i * 3 + 3) {
            place.copy_from_slice(&[light(c), light(m), light(y)]);
        }
    }
    samples.truncate(pixels * 3);
    samples
}

fn failure(error: Error) -> Failure {
    match error {
        Error::Io(_) => Failure::truncated("picture data"),
        Error::Unsupported(feature) => Failure::Unsupported(format!("JPEG with {feature:?}")),
        error => Failure::malformed(error),
    }
}

/// The decoder holds each component's plane and the pixels made of them, both scaled, and all
/// coefficients of a progressive file. Planes are padded to whole blocks of up to 32 pixels.
pub fn memory(header: &Header, denominator: u32) -> u64 {
    let padded = |side: u32| u64::from(side.next_multiple_of(32) + 32);
    let stored = padded(header.size.width) * padded(header.size.height);
    let scaled = stored / u64::from(denominator * denominator);
    let channels = if header.channels == Channels::Grey {
        1
    } else {
        4
    };
    let rows = padded(header.size.width) * 64 * channels;
    scaled * channels * 2 + header.held + rows
}
