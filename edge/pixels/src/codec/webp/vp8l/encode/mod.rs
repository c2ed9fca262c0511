//! Encoding to VP8L (RFC 9649 §3).
//!
//! ```text
//! analysis ─► transforms ─► matches ─► parse ─► groups ─► codes
//! ```

mod analysis;
pub mod cells;
pub mod code;
mod colour;
mod groups;
mod histogram;
mod image;
pub mod log2;
mod matches;
mod palette;
mod parse;
mod predictor;
mod residuals;
pub mod writer;

use analysis::Kind;
pub use histogram::cost;
use image::Role;
use palette::Palette;
use selvedge_plan::geometry::Size;
use writer::Writer;

use crate::budget::zeros;
use crate::failure::Failure;
use crate::raster::Raster;

/// Tiles of the transforms have 16 pixels a side, in large pictures more.
const TILE_BITS: u32 = 4;

/// Tiles for which more would take more than it saves.
const MOST_TILES: usize = 4_096;

/// Encodes a picture of at most 16 384 pixels a side as a stream with its header.
pub fn encode(raster: &Raster) -> Result<Vec<u8>, Failure> {
    let mut pixels: Vec<u32> = zeros(raster.size.pixels() as usize)?;
    let colours = raster.samples.chunks_exact(raster.channels.count());
    for (pixel, samples) in pixels.iter_mut().zip(colours) {
        let (red, green, blue, alpha) = match *samples {
            [grey] => (grey, grey, grey, 255),
            [grey, alpha] => (grey, grey, grey, alpha),
            [red, green, blue] => (red, green, blue, 255),
            [red, green, blue, alpha] => (red, green, blue, alpha),
            _ => (0, 0, 0, 255),
        };
        *pixel = u32::from_le_bytes([blue, green, red, alpha]);
    }
    let mut writer = Writer::default();
    writer.put(0x2f, 8);
    writer.put(raster.size.width - 1, 14);
    writer.put(raster.size.height - 1, 14);
    writer.put(raster.channels.has_alpha().into(), 1);
    writer.put(0, 3);
    write(pixels, raster.size.width as usize, 2, &mut writer)?;
    writer.finish()
}

/// Encodes pixels of alpha, red, green and blue, in rows so `wide`, as a stream without a header.
pub fn encode_headless(pixels: Vec<u32>, wide: usize) -> Result<Vec<u8>, Failure> {
    let mut writer = Writer::default();
    // A second look for the cheapest way would save 0.3 % of a soft plane, and take 4 % of the time
    // of a transform from 3 megapixels to 400 pixels.
    write(pixels, wide, 1, &mut writer)?;
    writer.finish()
}

/// Writes transforms and the picture, whose cheapest way is looked for `parses` times.
fn write(
    mut pixels: Vec<u32>,
    mut wide: usize,
    parses: u32,
    writer: &mut Writer,
) -> Result<(), Failure> {
    let tiles = |bits: u32| pixels.len() >> (2 * bits);
    let tile_bits = (TILE_BITS..6).find(|bits| tiles(*bits) <= MOST_TILES).unwrap_or(6);
    let palette = Palette::of(&pixels);
    let colours = palette.as_ref().map(|palette| palette.colours.len());
    let kind = analysis::kind(&pixels, wide, colours, tile_bits);
    if let Some(palette) = palette.filter(|_| kind == Kind::Palette) {
        writer.put(0b111, 3);
        writer.put(palette.colours.len() as u32 - 1, 8);
        image::write(&palette.stored(), palette.colours.len(), Role::Aid, writer)?;
        wide = palette.apply(&mut pixels, wide);
    }
    if kind.subtracts_green() {
        writer.put(0b101, 3);
        colour::subtract_green(&mut pixels);
    }
    if kind.predicts() {
        let tiles_wide = wide.div_ceil(1 << tile_bits);
        writer.put(0b001, 3);
        writer.put(tile_bits - 2, 3);
        let modes = predictor::apply(&mut pixels, wide, tile_bits)?;
        image::write(&modes, tiles_wide, Role::Aid, writer)?;
        writer.put(0b011, 3);
        writer.put(tile_bits - 2, 3);
        let factors = colour::apply(&mut pixels, wide, tile_bits)?;
        image::write(&factors, tiles_wide, Role::Aid, writer)?;
    }
    writer.put(0, 1);
    image::write(&pixels, wide, Role::Picture { parses }, writer)
}

/// Upper bound of what encoding allocates, the stream included. In words a pixel: the pixels, their
/// matches, and two of tokens, or the symbols of tiles, or what is written.
pub fn memory(size: Size) -> u64 {
    const TABLES: u64 = 2 << 20;
    // The tiles of a row are counted at once.
    let tiles = u64::from(size.width).div_ceil(16) * 9_000;
    TABLES + tiles + size.pixels() * 24
}
