//! Encoding without loss, in the least that a pixel takes.

mod deflate;
mod filter;
mod matches;
mod reduce;

use selvedge_plan::geometry::Size;

use super::chunks::SIGNATURE;
use super::crc::Crc;
use crate::budget::zeros;
use crate::codec::Style;
use crate::failure::Failure;
use crate::raster::{Channels, Raster};
use reduce::Reduced;

/// Encodes without loss; the quality has no say.
pub fn encode(raster: &Raster, style: Style) -> Result<Vec<u8>, Failure> {
    let reduced = reduce::reduce(raster)?;
    let stream = {
        let filtered = filter::filter(&reduced, raster.size)?;
        deflate::zlib(&filtered, style.effort)?
    };
    let Reduced { colour, depth, palette, alphas, .. } = &reduced;
    let Size { width, height } = raster.size;
    let sides = [width.to_be_bytes(), height.to_be_bytes()].concat();
    let mut chunks = vec![(b"IHDR", [&sides[..], &[*depth, *colour, 0, 0, 0]].concat())];
    if !palette.is_empty() {
        chunks.push((b"PLTE", palette.clone()));
    }
    if !alphas.is_empty() {
        chunks.push((b"tRNS", alphas.clone()));
    }
    drop(reduced.samples);
    chunks.extend([(b"IDAT", stream), (b"IEND", Vec::new())]);

    let crc = Crc::new();
    let length = chunks.iter().map(|(_, payload)| payload.len() + 12).sum::<usize>();
    let mut file: Vec<u8> = zeros(SIGNATURE.len() + length)?;
    file.clear();
    file.extend(SIGNATURE);
    for (kind, payload) in chunks {
        file.extend((payload.len() as u32).to_be_bytes());
        file.extend(kind);
        file.extend(&payload);
        file.extend(crc.of(&[kind, &payload]).to_be_bytes());
    }
    Ok(file)
}

/// Upper bound of what [`encode`] allocates: reduced and filtered samples, and what they are deflated
/// to, perhaps on the move to a larger place.
pub fn memory(size: Size, channels: Channels, _style: Style) -> u64 {
    (1 << 20) + size.pixels() * channels.count() as u64 * 11 / 2 + u64::from(size.height) * 5
}
