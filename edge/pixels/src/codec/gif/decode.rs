//! Decoding with the `gif` crate: the first frame on a transparent screen.

use gif::{ColorOutput, DecodeOptions, DecodingError, Frame, MemoryLimit};

use crate::budget::Job;
use crate::codec::{Header, packed};
use crate::failure::Failure;
use crate::raster::Channels;
use crate::reduce::Reduce;

/// LZW tables and block buffers.
const FIXED: u64 = 1 << 20;

/// Decodes to RGB, or RGBA where the frame leaves something transparent.
pub fn decode(
    file: &[u8],
    header: &Header,
    ways: &mut [Reduce],
    job: &Job<'_>,
) -> Result<(), Failure> {
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::Indexed);
    options.check_frame_consistency(true);
    let limit = header.size.pixels().saturating_add(FIXED);
    if let Some(limit) = std::num::NonZeroU64::new(limit) {
        options.set_memory_limit(MemoryLimit::Bytes(limit));
    }
    let mut decoder = options.read_info(file).map_err(failure)?;
    let screen = decoder.global_palette().map(<[u8]>::to_vec);
    let frame = decoder.read_next_frame().map_err(failure)?;
    let frame = frame.ok_or(Failure::truncated("first frame"))?;
    let palette = frame.palette.as_ref().or(screen.as_ref());
    let palette = palette.ok_or(Failure::malformed("there is no palette"))?;

    let (way, channels) = packed(header, ways)?;
    way.begin(channels, job)?;
    let mut row = job.bytes(header.size.width as usize * channels.count())?;
    for y in 0..header.size.height {
        row.fill(0);
        paint(&mut row, y, frame, palette, channels);
        way.row(&row);
    }
    Ok(())
}

/// Paints what the frame has of row `y`.
fn paint(row: &mut [u8], y: u32, frame: &Frame<'_>, palette: &[u8], channels: Channels) {
    let width = usize::from(frame.width).max(1);
    let line = y.checked_sub(u32::from(frame.top)).map(|line| line as usize);
    let indices = line.and_then(|line| frame.buffer.chunks_exact(width).nth(line));
    let pixels = row.chunks_exact_mut(channels.count()).skip(usize::from(frame.left));
    for (pixel, &index) in pixels.zip(indices.unwrap_or_default()) {
        if frame.transparent == Some(index) {
            continue;
        }
        // An index beyond the palette is black, as browsers have it.
        let at = usize::from(index) * 3;
        let rgb = palette.get(at..at + 3).unwrap_or(&[0, 0, 0]);
        let (colour, alpha) = pixel.split_at_mut(3);
        colour.copy_from_slice(rgb);
        alpha.fill(255);
    }
}

fn failure(error: DecodingError) -> Failure {
    match error {
        DecodingError::UnexpectedEof => Failure::truncated("first frame"),
        DecodingError::Io(_) => Failure::truncated("first frame"),
        error => Failure::malformed(error),
    }
}

/// The frame's indices and a row.
pub fn memory(header: &Header, _denominators: &[u32]) -> u64 {
    FIXED + header.size.pixels() * 2 + u64::from(header.size.width) * 4
}
