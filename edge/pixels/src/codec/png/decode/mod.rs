//! Decoding row by row; interlaced files as a whole.

mod pixels;
mod rows;
mod samples;
mod unfilter;

use super::chunks::Chunks;
use super::crc::Crc;
use super::header::Ihdr;
use crate::budget::Job;
use crate::codec::{Header, packed};
use crate::failure::Failure;
use crate::raster::Raster;
use crate::reduce::Reduce;
pub use rows::Rows;
pub use samples::Samples;

/// What is needed besides rows and the window: tables of checksums, palettes.
const FIXED: u64 = 32 << 10;

/// Decodes to 8 bits a sample, palettes and transparent colours resolved.
///
/// # Errors
/// [`Failure::Malformed`], [`Failure::Truncated`], [`Failure::Unsupported`] or
/// [`Failure::OverBudget`].
pub fn decode(
    file: &[u8],
    header: &Header,
    ways: &mut [Reduce],
    job: &Job<'_>,
) -> Result<(), Failure> {
    let crc = Crc::new();
    let ihdr = Ihdr::read(file, &crc)?;
    let (way, channels) = packed(header, ways)?;
    let mut samples = Samples::of(file, &ihdr, channels, &crc)?;
    let rows = Rows::new(&ihdr, data(file, &crc)?)?;
    if !ihdr.interlaced {
        way.begin(channels, job)?;
        return rows.each(&mut samples, |_, row| way.row(row));
    }
    let count = channels.count();
    let mut whole = job.bytes(ihdr.size.pixels() as usize * count)?;
    let stride = ihdr.size.width as usize * count;
    rows.each(&mut samples, |place, row| {
        let line = whole.get_mut(place.y * stride..(place.y + 1) * stride).unwrap_or_default();
        let places = line.chunks_exact_mut(count).skip(place.left).step_by(place.across);
        for (place, pixel) in places.zip(row.chunks_exact(count)) {
            place.copy_from_slice(pixel);
        }
    })?;
    way.whole(Raster { size: ihdr.size, channels, samples: whole }, job)
}

/// The pieces of the picture data. What has to be understood and is not goes before it.
fn data<'a>(
    file: &'a [u8],
    crc: &'a Crc,
) -> Result<impl Iterator<Item = Result<&'a [u8], Failure>> + 'a, Failure> {
    let mut chunks = Chunks::new(file).peekable();
    while let Some(chunk) = chunks.next_if(|chunk| chunk.kind != *b"IDAT") {
        match &chunk.kind {
            b"IHDR" | b"PLTE" => {}
            b"IEND" => return Err(Failure::malformed("there is no picture data")),
            // A capital letter (§5.4).
            [b'A'..=b'Z', ..] => {
                let kind = chunk.kind.escape_ascii();
                return Err(Failure::Unsupported(format!("a PNG with a chunk {kind}")));
            }
            _ => {}
        }
    }
    let data = chunks.take_while(|chunk| chunk.kind == *b"IDAT");
    Ok(data.map(|chunk| chunk.intact(crc)))
}

/// A few rows and the window, and the whole picture if interlaced.
pub fn memory(header: &Header, _denominators: &[u32]) -> u64 {
    let whole = header.size.pixels() * header.form.channels().count() as u64;
    rows_memory(header.size.width.into()) + if header.progressive { whole } else { 0 }
}

/// What decoding rows of `wide` pixels allocates.
pub fn rows_memory(wide: u64) -> u64 {
    FIXED + Rows::memory(wide) + Samples::memory(wide)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::Budget;
    use crate::codec::png::header::probe;
    use crate::reduce::Way;

    /// 5 x 3 pixels of grey with 16 bits, 77 and each 2731 more than the one before, as libvips wrote
    /// them.
    const PLAIN: &str = "89504e470d0a1a0a0000000d49484452000000050000000310000000002ecd4667000000097\
        0485973000003e8000003e801b57b526b0000002a4944415408996360f0e5fa21ba58c14feb2783e912077faf5f\
        a14b130218b27e972e6b08ecfa33753900c6af0e02661b8b6a0000000049454e44ae426082";

    /// The same in seven passes.
    const INTERLACED: &str = "89504e470d0a1a0a0000000d494844520000000500000003100000000159ca76f10000002e4944415478da63\
        60f065d0fac920ba9821eb7743e0d4e50c5c3f14fc184a9775fd61305de2e0eff52b7469420000ecf30e0230\
        8265350000000049454e44ae426082";

    #[test]
    fn sixteen_bits_are_narrowed_in_rows_and_in_passes() {
        let expected = [0, 11, 22, 32, 43, 53, 64, 75, 85, 96, 107, 117, 128, 138, 149];
        for hex in [PLAIN, INTERLACED] {
            let byte = |index| u8::from_str_radix(&hex[index..index + 2], 16).unwrap();
            let file: Vec<u8> = (0..hex.len()).step_by(2).map(byte).collect();
            let header = probe(&file).unwrap();
            let mut trace = |_: &'static str| {};
            let job = Job::new(Budget::UNLIMITED, 0, &mut trace);
            let mut ways = [Reduce::new(Way::whole(header.size), &[])];
            decode(&file, &header, &mut ways, &job).unwrap();
            let [way] = ways;
            assert_eq!(way.finish().unwrap().samples, expected);
        }
    }
}
