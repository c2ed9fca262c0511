//! Decoding a file; of an animation the first frame.

use super::alpha;
use super::canvas::{Canvas, Rows};
use super::header::{Coded, Picture};
use super::lossy;
use super::vp8l::decode::Decoder;
use crate::budget::Job;
use crate::codec::{Form, Header, packed};
use crate::failure::Failure;
use crate::reduce::Reduce;

/// Decodes to RGB or RGBA, or to planes what is lossy and opaque.
pub fn decode(
    file: &[u8],
    header: &Header,
    ways: &mut [Reduce],
    job: &Job<'_>,
) -> Result<(), Failure> {
    let picture = Picture::find(file)?;
    match (picture.coded, &header.form) {
        (Coded::Lossless(stream), _) => {
            let (way, channels) = packed(header, ways)?;
            let mut canvas = Canvas::new(&picture, way, channels, job)?;
            let mut decoder = Decoder::new(stream.whole()?)?;
            for _ in 0..picture.size.height {
                canvas.row(decoder.next_row()?);
            }
            canvas.finish();
            Ok(())
        }
        (Coded::Lossy { colour, .. }, Form::Planes(_)) => {
            let colour = colour.ok_or(Failure::truncated("picture data"))?.whole()?;
            lossy::to_planes(colour, picture.size, ways, job)
        }
        (Coded::Lossy { alpha, colour }, Form::Packed(_)) => {
            let (way, channels) = packed(header, ways)?;
            let colour = colour.ok_or(Failure::truncated("picture data"))?.whole()?;
            let alpha = alpha.map(|chunk| chunk.whole()).transpose()?;
            let mut canvas = Canvas::new(&picture, way, channels, job)?;
            lossy::to_pixels(colour, alpha, picture.size, &mut canvas)?;
            canvas.finish();
            Ok(())
        }
    }
}

/// Upper bound of what decoding allocates.
pub fn memory(header: &Header, _denominators: &[u32]) -> u64 {
    let (width, height) = (u64::from(header.size.width), u64::from(header.size.height));
    match header.form {
        Form::Planes(_) => lossy::memory(width),
        // Whether they are coded with or without loss, the file says only further on.
        Form::Packed(_) => lossy::memory(width) + alpha::decode_memory(width, height) + 8 * width,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::Format;

    #[test]
    fn of_large_pictures_little_is_held() {
        let size = selvedge_plan::geometry::Size { width: 6_000, height: 4_000 };
        let form = Form::Packed(crate::raster::Channels::Rgba);
        let format = Format::Webp;
        let colours = crate::colours::Colours::SRGB;
        let header =
            Header { format, size, orientation: 1, form, depth: 8, progressive: false, colours };
        // Four bytes of each of the 24 million pixels would be 92 MiB.
        assert!(memory(&header, &[]) < 40 << 20);
    }
}
