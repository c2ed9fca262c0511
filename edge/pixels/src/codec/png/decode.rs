//! Decoding with the `png` crate, row by row; interlaced files as a whole.

use std::io::Cursor;

use png::{Decoder, DecodingError, Limits, Transformations};

use crate::budget::Job;
use crate::codec::{Header, packed};
use crate::failure::Failure;
use crate::raster::Raster;
use crate::reduce::Reduce;

/// What the decoder needs besides rows: inflate windows, chunk buffers, tables.
const FIXED: u64 = 1 << 20;

/// Decodes to 8 bits a sample, palettes and transparent colours resolved.
pub fn decode(
    file: &[u8],
    header: &Header,
    ways: &mut [Reduce],
    job: &Job<'_>,
) -> Result<(), Failure> {
    let limits = Limits { bytes: usize::try_from(memory(header, &[])).unwrap_or(usize::MAX) };
    let mut decoder = Decoder::new_with_limits(Cursor::new(file), limits);
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    let mut reader = decoder.read_info().map_err(failure)?;
    if reader.info().size() != (header.size.width, header.size.height) {
        return Err(Failure::malformed("two headers of different sizes"));
    }
    let (way, channels) = packed(header, ways)?;
    if reader.output_color_type().0.samples() != channels.count() {
        return Err(Failure::malformed("a palette or transparency after the picture data"));
    }
    if header.progressive {
        let mut samples = job.bytes(header.size.pixels() as usize * channels.count())?;
        reader.next_frame(&mut samples).map_err(failure)?;
        return way.whole(Raster { size: header.size, channels, samples }, job);
    }
    way.begin(channels, job)?;
    while let Some(row) = reader.next_row().map_err(failure)? {
        way.row(row.data());
    }
    Ok(())
}

fn failure(error: DecodingError) -> Failure {
    match error {
        DecodingError::IoError(_) => Failure::truncated("picture data"),
        DecodingError::LimitsExceeded => {
            Failure::malformed("a chunk is larger than any needs to be")
        }
        error => Failure::malformed(error),
    }
}

/// A few rows, or the whole picture if interlaced.
pub fn memory(header: &Header, _denominators: &[u32]) -> u64 {
    let row = u64::from(header.size.width) * 8;
    let whole = header.size.pixels() * header.form.channels().count() as u64;
    FIXED + row * 16 + if header.progressive { whole } else { 0 }
}
