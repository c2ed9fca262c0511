//! Canvases as files of every kind that is read.

use std::io::{self, Write};
use std::iter;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use gif::{Frame, Repeat};
use image_webp::{ColorType as WebpColour, WebPEncoder};
use jpeg_encoder::{ColorType as JpegColour, Encoder as JpegEncoder, SamplingFactor};
use png::{BitDepth, ColorType as PngColour, Encoder as PngEncoder};

use super::canvas::Canvas;
use super::exif;

/// How a JPEG is written.
#[derive(Clone, Copy, Debug, Default)]
pub struct Jpeg {
    /// Whether colour is kept at full resolution rather than at a quarter (4:2:0).
    pub full_chroma: bool,
    /// Whether only luma is stored.
    pub grey: bool,
    /// The EXIF orientation, if there is to be one.
    pub orientation: Option<u8>,
    /// Whether it comes in several scans.
    pub progressive: bool,
}

impl Jpeg {
    /// Encodes at quality 88.
    ///
    /// # Errors
    /// If the picture is empty or too large.
    pub fn encode(self, picture: &Canvas) -> io::Result<Vec<u8>> {
        let mut file = Vec::new();
        let mut encoder = JpegEncoder::new(&mut file, 88);
        encoder.set_sampling_factor(if self.full_chroma || self.grey {
            SamplingFactor::F_1_1
        } else {
            SamplingFactor::F_2_2
        });
        encoder.set_progressive(self.progressive);
        if let Some(orientation) = self.orientation {
            let exif = exif::orientation(orientation);
            encoder.add_app_segment(1, exif).map_err(io::Error::other)?;
        }
        let (width, height) = (side(picture.width)?, side(picture.height)?);
        let (samples, colour) = if self.grey {
            (picture.grey(), JpegColour::Luma)
        } else {
            (picture.rgb(), JpegColour::Rgb)
        };
        encoder.encode(&samples, width, height, colour).map_err(io::Error::other)?;
        Ok(file)
    }
}

/// RGBA.
///
/// # Errors
/// If the picture is empty.
pub fn png(picture: &Canvas) -> io::Result<Vec<u8>> {
    png_of(picture, &picture.rgba(), PngColour::Rgba, BitDepth::Eight, None)
}

/// RGB with 16 bits a sample.
///
/// # Errors
/// If the picture is empty.
pub fn png_16(picture: &Canvas) -> io::Result<Vec<u8>> {
    // 257 × 255 = 65535: each byte twice.
    let samples: Vec<u8> = picture.rgb().iter().flat_map(|byte| [*byte; 2]).collect();
    png_of(picture, &samples, PngColour::Rgb, BitDepth::Sixteen, None)
}

/// 216 colours, as a palette.
///
/// # Errors
/// If the picture is empty.
pub fn palette_png(picture: &Canvas) -> io::Result<Vec<u8>> {
    let samples = indices(picture);
    png_of(picture, &samples, PngColour::Indexed, BitDepth::Eight, Some(palette()))
}

/// The first index behind that palette.
const CLEAR: u8 = 216;

/// Six levels a channel, as the web had them once.
fn palette() -> Vec<u8> {
    let colour = |i: u8| [i / 36 * 51, i / 6 % 6 * 51, i % 6 * 51];
    (0..216).flat_map(colour).collect()
}

/// For every pixel the nearest colour of the palette.
fn indices(picture: &Canvas) -> Vec<u8> {
    let index = |[red, green, blue, _]: &[u8; 4]| {
        let level = |value: u8| (u16::from(value) + 25) / 51;
        (level(*red) * 36 + level(*green) * 6 + level(*blue)) as u8
    };
    picture.pixels.iter().map(index).collect()
}

fn png_of(
    picture: &Canvas,
    samples: &[u8],
    colour: PngColour,
    depth: BitDepth,
    palette: Option<Vec<u8>>,
) -> io::Result<Vec<u8>> {
    let mut file = Vec::new();
    let mut encoder = PngEncoder::new(&mut file, picture.width, picture.height);
    encoder.set_color(colour);
    encoder.set_depth(depth);
    if let Some(palette) = palette {
        encoder.set_palette(palette);
    }
    let mut writer = encoder.write_header()?;
    writer.write_image_data(samples)?;
    writer.finish()?;
    Ok(file)
}

/// RGBA in the seven passes of Adam7 (PNG §8.1), which the `png` crate reads and does not write.
///
/// # Errors
/// Never in practice: all is in memory.
pub fn interlaced_png(picture: &Canvas) -> io::Result<Vec<u8>> {
    let (width, height) = (picture.width, picture.height);
    let mut data = ZlibEncoder::new(Vec::new(), Compression::default());
    for (x0, y0, dx, dy) in [
        (0, 0, 8, 8),
        (4, 0, 8, 8),
        (0, 4, 4, 8),
        (2, 0, 4, 4),
        (0, 2, 2, 4),
        (1, 0, 2, 2),
        (0, 1, 1, 2),
    ] {
        if x0 >= width {
            continue; // a pass without pixels has no rows either
        }
        for y in (y0..height).step_by(dy) {
            let pixels = (x0..width).step_by(dx).flat_map(|x| picture.at(x, y));
            let row: Vec<u8> = iter::once(0).chain(pixels).collect(); // 0: no filter
            data.write_all(&row)?;
        }
    }
    let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
    header.extend([8, 6, 0, 0, 1]); // depth, RGBA, deflate, adaptive filters, interlaced
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut file, b"IHDR", &header);
    chunk(&mut file, b"IDAT", &data.finish()?);
    chunk(&mut file, b"IEND", &[]);
    Ok(file)
}

fn chunk(file: &mut Vec<u8>, kind: &[u8; 4], payload: &[u8]) {
    let body = [kind, payload].concat();
    file.extend((payload.len() as u32).to_be_bytes());
    file.extend(&body);
    file.extend(crc32fast::hash(&body).to_be_bytes());
}

/// Lossless WebP, with alpha or without.
///
/// # Errors
/// If the picture is empty or too large.
pub fn webp(picture: &Canvas, alpha: bool) -> io::Result<Vec<u8>> {
    let mut file = Vec::new();
    let (samples, colour) =
        if alpha { (picture.rgba(), WebpColour::Rgba8) } else { (picture.rgb(), WebpColour::Rgb8) };
    WebPEncoder::new(&mut file)
        .encode(&samples, picture.width, picture.height, colour)
        .map_err(io::Error::other)?;
    Ok(file)
}

/// One lossless frame a picture, for ever: stills in a container (RFC 9649 §2.7).
///
/// # Errors
/// If a picture is empty or too large.
pub fn moving_webp(pictures: &[Canvas], alpha: bool) -> io::Result<Vec<u8>> {
    let long = |number: u32| number.to_le_bytes();
    let chunk = |kind: &[u8; 4], payload: &[u8]| {
        let rest = vec![0; payload.len() % 2];
        [kind, &long(payload.len() as u32)[..], payload, &rest].concat()
    };
    let first = pictures.first().ok_or(io::ErrorKind::InvalidInput)?;
    // Widths and heights less one, in 24 bits.
    let [width, height] = [first.width, first.height].map(|side| long(side.saturating_sub(1)));
    let sides = [&width[..3], &height[..3]].concat();
    let flags = if alpha { 0x12 } else { 2 };
    let mut file =
        [b"WEBP".to_vec(), chunk(b"VP8X", &[&long(flags), &sides[..]].concat())].concat();
    file.extend(chunk(b"ANIM", &[0; 6]));
    for picture in pictures {
        let still = webp(picture, alpha)?;
        let coded = still.windows(4).position(|kind| kind == b"VP8L").unwrap_or(still.len());
        let head = [&[0; 6], &sides[..], &long(70)[..3], &[0]].concat();
        file.extend(chunk(b"ANMF", &[head, still[coded..].to_vec()].concat()));
    }
    Ok(chunk(b"RIFF", &file))
}

/// One frame a picture, all of the first one's size, for ever. What is wholly clear stays so.
///
/// # Errors
/// If there is no picture, or a side is too large.
pub fn gif(pictures: &[Canvas]) -> io::Result<Vec<u8>> {
    let first = pictures.first().ok_or(io::ErrorKind::InvalidInput)?;
    let (width, height) = (side(first.width)?, side(first.height)?);
    let mut file = Vec::new();
    let mut encoder = gif::Encoder::new(&mut file, width, height, &[]).map_err(io::Error::other)?;
    encoder.set_repeat(Repeat::Infinite).map_err(io::Error::other)?;
    for picture in pictures {
        let mut indices = indices(picture);
        for (index, [.., alpha]) in indices.iter_mut().zip(&picture.pixels) {
            if *alpha == 0 {
                *index = CLEAR;
            }
        }
        let clear = indices.contains(&CLEAR).then_some(CLEAR);
        let mut frame = Frame::from_palette_pixels(width, height, indices, palette(), clear);
        frame.delay = 50;
        encoder.write_frame(&frame).map_err(io::Error::other)?;
    }
    drop(encoder);
    Ok(file)
}

fn side(pixels: u32) -> io::Result<u16> {
    u16::try_from(pixels).map_err(io::Error::other)
}
