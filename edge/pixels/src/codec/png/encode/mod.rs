//! Encoding without loss, in the least that a pixel takes.

mod bits;
mod block;
mod costs;
mod deflate;
mod filter;
mod matches;
mod reduce;
mod symbols;

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

#[cfg(test)]
mod tests {
    use super::*;
    use png::{Decoder, Transformations};
    use selvedge_plan::{Client, Options, Plan};

    /// The pixels of a file as another decoder sees them, in RGBA.
    fn seen(file: &[u8]) -> Vec<[u8; 4]> {
        let mut decoder = Decoder::new(std::io::Cursor::new(file));
        decoder.set_transformations(Transformations::EXPAND);
        let mut reader = decoder.read_info().unwrap();
        let mut samples = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut samples).unwrap();
        samples.chunks_exact(info.color_type.samples()).map(rgba).collect()
    }

    fn rgba(pixel: &[u8]) -> [u8; 4] {
        match *pixel {
            [grey] => [grey, grey, grey, 255],
            [grey, alpha] => [grey, grey, grey, alpha],
            [r, g, b] => [r, g, b, 255],
            [r, g, b, alpha] => [r, g, b, alpha],
            _ => unreachable!("{pixel:?}"),
        }
    }

    #[test]
    fn nothing_is_lost_however_it_is_stored() {
        let all = [Channels::Grey, Channels::GreyAlpha, Channels::Rgb, Channels::Rgba];
        for (width, height) in [(1, 1), (7, 1), (1, 9), (33, 21), (300, 200)] {
            for channels in all {
                // From few values to all: each depth, palettes, and none.
                for step in [255, 85, 17, 51, 3, 1] {
                    let count = (width * height) as usize * channels.count();
                    let samples = (0..count as u32).map(|i| {
                        let noise = i.wrapping_mul(0x9e37_79b1) >> 20;
                        (if i % 5 == 0 { noise } else { i / 97 } % (255 / step + 1) * step) as u8
                    });
                    let size = Size { width, height };
                    let raster = Raster::new(size, channels, samples.collect()).unwrap();
                    for options in ["", "compression=fast"] {
                        let options = Options::parse(options).unwrap();
                        let plan = Plan::new(&options, &Client::default()).unwrap();
                        let file = encode(&raster, Style::of(&plan)).unwrap();
                        let pixels = raster.samples.chunks_exact(channels.count()).map(rgba);
                        assert!(seen(&file) == pixels.collect::<Vec<_>>(), "{channels:?} {step}");
                    }
                }
            }
        }
    }
}
