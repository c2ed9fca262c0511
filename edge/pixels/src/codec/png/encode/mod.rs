//! Encoding in the least that a pixel takes: without loss, or in few colours, as the quality says.

mod bits;
mod block;
mod costs;
mod counts;
mod deflate;
mod few;
mod filter;
mod matches;
mod reduce;
mod sparse;
mod symbols;

use selvedge_plan::geometry::Size;

use super::chunks::SIGNATURE;
use super::crc::Crc;
use crate::budget::zeros;
use crate::codec::Style;
use crate::failure::Failure;
use crate::raster::{Channels, Raster};
use reduce::Reduced;

/// Encodes, with loss only below quality 100, and only where that takes fewer bytes.
pub fn encode(raster: &Raster, style: Style) -> Result<Vec<u8>, Failure> {
    let exact = || file(reduce::reduce(raster)?, raster.size, style);
    let Some(few) = few::reduce(raster, style.quality)? else { return exact() };
    let few = file(few, raster.size, style)?;
    let exact = exact()?;
    Ok(if few.len() < exact.len() { few } else { exact })
}

/// The file of what is left of the pixels.
fn file(reduced: Reduced<'_>, size: Size, style: Style) -> Result<Vec<u8>, Failure> {
    let stream = {
        let filtered = filter::filter(&reduced, size)?;
        deflate::zlib(&filtered, reduced.ordered, style.effort)?
    };
    let Reduced { colour, depth, palette, alphas, .. } = &reduced;
    let Size { width, height } = size;
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
/// to, perhaps on the move to a larger place; beside that the file of few colours.
pub fn memory(size: Size, channels: Channels, style: Style) -> u64 {
    let exact = (1 << 20) + size.pixels() * channels.count() as u64 * 11 / 2;
    exact + u64::from(size.height) * 5 + few::memory(size, channels, style.quality)
}

/// Work units for each pixel.
pub fn work(size: Size, channels: Channels, style: Style) -> u64 {
    40 + few::work(size, channels, style.quality)
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
                    for options in ["format=png", "format=png,compression=fast"] {
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

    /// Slopes, an edge and some noise; the alpha goes from none to all where there is one.
    fn picture(channels: Channels) -> Raster {
        let size = Size { width: 230, height: 140 };
        let mut samples = Vec::new();
        for (x, y) in (0..size.height).flat_map(|y| (0..size.width).map(move |x| (x, y))) {
            let noise = (x + y * size.width).wrapping_mul(0x9e37_79b1);
            let noise = (noise ^ noise >> 15).wrapping_mul(0x85eb_ca6b) >> 27;
            let edge = if (x + y) % 40 < 20 { 60 } else { 0 };
            let alpha = (x * 2).saturating_sub(60).min(255);
            let pixel = [x / 2 + edge + noise, y + edge, 200 - x / 2 - noise, alpha];
            samples.extend(pixel.iter().take(channels.count()).map(|sample| *sample as u8));
        }
        Raster::new(size, channels, samples).unwrap()
    }

    fn of_quality(raster: &Raster, quality: u8) -> Vec<u8> {
        let options = Options::parse(&format!("format=png,quality={quality}")).unwrap();
        let plan = Plan::new(&options, &Client::default()).unwrap();
        encode(raster, Style::of(&plan)).unwrap()
    }

    #[test]
    fn less_quality_takes_fewer_colours_and_bytes() {
        for channels in [Channels::Rgb, Channels::Rgba] {
            let raster = picture(channels);
            let exact = of_quality(&raster, 100);
            assert_eq!(exact[25], if channels == Channels::Rgb { 2 } else { 6 }, "no palette");
            let wanted = seen(&exact);
            let (mut length, mut error) = (exact.len(), 0);
            for quality in [90, 30, 5] {
                let file = of_quality(&raster, quality);
                assert_eq!(file[25], 3, "a palette");
                let found = seen(&file);
                let pairs = wanted.iter().zip(&found).filter(|(wanted, _)| wanted[3] > 0);
                let pairs = pairs.flat_map(|(wanted, found)| wanted.iter().zip(found));
                let wrong = pairs.map(|(a, b)| u64::from(a.abs_diff(*b)).pow(2)).sum::<u64>();
                assert!(file.len() < length && wrong > error, "{channels:?} {quality}");
                (length, error) = (file.len(), wrong);
                for (wanted, found) in wanted.iter().zip(&found) {
                    assert_eq!(wanted[3] == 0, found[3] == 0, "{channels:?} {quality}");
                    assert_eq!(wanted[3] == 255, found[3] == 255, "{channels:?} {quality}");
                }
            }
        }
    }

    #[test]
    fn what_takes_no_more_without_loss_is_not_changed() {
        let grey = picture(Channels::Grey);
        assert_eq!(of_quality(&grey, 50), of_quality(&grey, 100));
        let size = Size { width: 256, height: 256 };
        let slope = (0..256 * 256_u32).flat_map(|i| [(i % 256) as u8, (i / 256) as u8, 9]);
        let slope = Raster::new(size, Channels::Rgb, slope.collect()).unwrap();
        assert_eq!(of_quality(&slope, 99), of_quality(&slope, 100));
    }
}
