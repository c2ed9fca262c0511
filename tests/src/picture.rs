//! What an answer holds, read by decoders of other people's.

use std::io::Cursor;

use anyhow::{Context, Result, bail, ensure};
use png::{ColorType, Transformations};
use sha2::{Digest, Sha256};

/// SHA-256 in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Width and height that a file says of itself, before any orientation.
///
/// # Errors
/// If it is no JPEG, PNG, WebP or GIF.
pub fn size(file: &[u8]) -> Result<(u32, u32)> {
    if file.starts_with(b"\xff\xd8") {
        let mut decoder = jpeg_decoder::Decoder::new(file);
        decoder.read_info()?;
        let info = decoder.info().context("a JPEG without a frame")?;
        Ok((info.width.into(), info.height.into()))
    } else if file.starts_with(b"\x89PNG") {
        let reader = png::Decoder::new(Cursor::new(file)).read_info()?;
        Ok(reader.info().size())
    } else if file.starts_with(b"RIFF") {
        Ok(image_webp::WebPDecoder::new(Cursor::new(file))?.dimensions())
    } else if file.starts_with(b"GIF8") {
        let reader = gif::DecodeOptions::new().read_info(file)?;
        Ok((reader.width().into(), reader.height().into()))
    } else {
        bail!("expected a picture, got {} other bytes", file.len());
    }
}

/// Whether something shows through a file's first picture, and whether it moves.
///
/// # Errors
/// If it is no JPEG, PNG, WebP, GIF or AVIF, or broken.
pub fn holds(file: &[u8]) -> Result<(bool, bool)> {
    let shows = |samples: &[u8]| samples.as_chunks::<4>().0.iter().any(|pixel| pixel[3] < 255);
    if file.starts_with(b"\x89PNG") {
        Ok((Pixels::of_png(file)?.rgba().iter().any(|pixel| pixel[3] < 255), false))
    } else if file.starts_with(b"RIFF") {
        let mut decoder = image_webp::WebPDecoder::new(Cursor::new(file))?;
        let mut samples = vec![0; decoder.output_buffer_size().context("too large")?];
        let moves = decoder.is_animated() && decoder.num_frames() > 1;
        match decoder.is_animated() {
            true => decoder.read_frame(&mut samples).map(|_| ())?,
            false => decoder.read_image(&mut samples)?,
        }
        Ok((decoder.has_alpha() && shows(&samples), moves))
    } else if file.starts_with(b"GIF8") {
        let mut options = gif::DecodeOptions::new();
        options.set_color_output(gif::ColorOutput::RGBA);
        let mut reader = options.read_info(file)?;
        let whole = usize::from(reader.width()) * usize::from(reader.height()) * 4;
        let first = reader.read_next_frame()?.context("a GIF without a frame")?;
        let clear = first.buffer.len() < whole || shows(&first.buffer);
        Ok((clear, reader.read_next_frame()?.is_some()))
    } else if file.get(4..12) == Some(b"ftypavif") {
        // Alpha is a picture of its own (MIAF, ISO/IEC 23000-22 §7.3.5.2).
        Ok((file.windows(4).any(|kind| kind == b"auxC"), false))
    } else {
        size(file).map(|_| (false, false))
    }
}

/// The pixels of a PNG.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pixels {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// RGBA, rows without padding.
    rgba: Vec<[u8; 4]>,
}

impl Pixels {
    /// Decodes a PNG.
    ///
    /// # Errors
    /// If it is none, or broken.
    pub fn of_png(file: &[u8]) -> Result<Self> {
        let mut decoder = png::Decoder::new(Cursor::new(file));
        decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
        let mut reader = decoder.read_info()?;
        let mut samples = vec![0; reader.output_buffer_size().context("too large")?];
        let info = reader.next_frame(&mut samples)?;
        let pixel = |s: &[u8]| match *s {
            [grey] => [grey, grey, grey, 255],
            [grey, alpha] => [grey, grey, grey, alpha],
            [red, green, blue] => [red, green, blue, 255],
            [red, green, blue, alpha] => [red, green, blue, alpha],
            _ => [0; 4],
        };
        ensure!(info.color_type != ColorType::Indexed, "a palette was left");
        let rgba = samples.chunks_exact(info.color_type.samples()).map(pixel);
        Ok(Self { width: info.width, height: info.height, rgba: rgba.collect() })
    }

    /// The pixel at a place, counted from the top left.
    ///
    /// # Errors
    /// If it is outside.
    pub fn at(&self, x: u32, y: u32) -> Result<[u8; 4]> {
        let index = y as usize * self.width as usize + x as usize;
        let pixel = self.rgba.get(index).filter(|_| x < self.width);
        pixel.copied().with_context(|| format!("{x}, {y} is outside"))
    }

    /// All pixels, top row first.
    pub fn rgba(&self) -> &[[u8; 4]] {
        &self.rgba
    }
}

/// Whether two colours look alike: no channel differs by more than a lossy source explains.
pub fn alike(a: [u8; 4], b: [u8; 3]) -> bool {
    let near = |(a, b): (&u8, &u8)| a.abs_diff(*b) <= 24;
    a[3] == 255 && a.iter().zip(&b).all(near)
}
