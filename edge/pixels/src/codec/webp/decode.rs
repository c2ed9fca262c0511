//! Decoding a file; of an animation the first frame.

use std::io::Cursor;

use image_webp::{DecodingError, WebPDecoder};

use super::canvas::Canvas;
use super::header::{Coded, Picture};
use super::vp8l;
use super::vp8l::decode::Decoder;
use crate::budget::Job;
use crate::codec::{Header, packed};
use crate::failure::Failure;
use crate::raster::Raster;
use crate::reduce::Reduce;

/// Tables, windows and chunk lists.
const FIXED: u64 = 1 << 20;

/// Decodes to RGB or RGBA.
pub fn decode(
    file: &[u8],
    header: &Header,
    ways: &mut [Reduce],
    job: &Job<'_>,
) -> Result<(), Failure> {
    let picture = Picture::find(file)?;
    let (way, channels) = packed(header, ways)?;
    match picture.coded {
        Coded::Lossless(stream) => {
            let mut canvas = Canvas::new(&picture, way, channels, job)?;
            let mut decoder = Decoder::new(stream.whole()?)?;
            for _ in 0..picture.size.height {
                canvas.row(decoder.next_row()?);
            }
            canvas.finish();
            Ok(())
        }
        Coded::Lossy { .. } => {
            let mut decoder = WebPDecoder::new(Cursor::new(file)).map_err(failure)?;
            if decoder.has_alpha() != channels.has_alpha() {
                return Err(Failure::malformed("two headers disagree about transparency"));
            }
            let mut samples = job.bytes(header.size.pixels() as usize * channels.count())?;
            decoder.read_image(&mut samples).map_err(failure)?;
            way.whole(Raster { size: header.size, channels, samples }, job)
        }
    }
}

fn failure(error: DecodingError) -> Failure {
    match error {
        DecodingError::IoError(_) => Failure::truncated("picture data"),
        DecodingError::UnsupportedFeature(what) => {
            Failure::Unsupported(format!("WebP with {what}"))
        }
        error => Failure::malformed(error),
    }
}

/// The pixels, and beside them planes, or an RGBA frame and the canvas of an animation.
pub fn memory(header: &Header, _denominators: &[u32]) -> u64 {
    let padded = |side: u32| u64::from(side.next_multiple_of(16) + 16);
    let (width, height) = (header.size.width.into(), header.size.height.into());
    let lossless = vp8l::decode::memory(width, height);
    FIXED + lossless.max(padded(header.size.width) * padded(header.size.height) * 12)
}
