//! Cutting a picture into tiles, for memory's sake, and how much memory coding takes.
//!
//! The encoder keeps every symbol of a tile until its last block is decided, and the finer the quantiser
//! the more symbols there are: without tiles, noise of the best quality takes 430 bytes a pixel.

use selvedge_plan::geometry::Size;

/// A superblock's side, which tiles are made of.
const BLOCK: u64 = 64;

/// What a quantiser up to some index means.
struct Row {
    up_to: usize,
    /// Pixels of a tile. Those of finer quantisers are smaller, whose files mind that less.
    pixels: u64,
    /// Bytes of the symbols of a pixel of black and white noise, for each half of a plane, with what it
    /// takes to make their lists longer: measured, and a quarter more.
    symbols: u64,
    /// The same of the file, as it is passed on from tile to frame to packet.
    file: u64,
}

const ROWS: [Row; 2] = [
    Row { up_to: 28, pixels: 1 << 16, symbols: 92, file: 3 },
    Row { up_to: 50, pixels: 1 << 17, symbols: 36, file: 2 },
];
const COARSE: Row = Row { up_to: 255, pixels: 1 << 18, symbols: 18, file: 1 };

impl Row {
    fn of(quantiser: usize) -> &'static Self {
        ROWS.iter().find(|row| quantiser <= row.up_to).unwrap_or(&COARSE)
    }
}

/// Rows of tiles, a power of two (AV1 §5.9.15). None is lower than a superblock.
pub fn rows(size: Size, quantiser: usize) -> u64 {
    let wanted = size.pixels().div_ceil(Row::of(quantiser).pixels).next_power_of_two();
    wanted.min(u64::from(size.height).div_ceil(BLOCK).next_power_of_two())
}

/// Upper bound of what coding a picture allocates whose planes are together as large as so many halves of
/// the first one.
pub fn memory(size: Size, halves: u64, quantiser: usize) -> u64 {
    let (wide, high) = (u64::from(size.width), u64::from(size.height));
    let row = Row::of(quantiser);
    let (across, down) = (wide.div_ceil(BLOCK), high.div_ceil(BLOCK));
    let blocks = across * down * BLOCK * BLOCK;
    let tile = across * down.div_ceil(rows(size, quantiser)) * BLOCK * BLOCK;
    // Source, reconstruction and what is filtered have a margin all around them.
    let frames = (wide + MARGINS) * (high + MARGINS) * halves * 5 / 4;
    let decisions = blocks * (8 + halves + halves / 2);
    // Luma has the most of them, with chroma or without.
    let symbols = tile * row.symbols * halves.max(3);
    TABLES + frames + decisions + symbols + blocks * row.file * halves
}

/// The margins of a plane, both sides together.
const MARGINS: u64 = 192;

/// Probabilities, their logs, and whatever does not depend on size.
const TABLES: u64 = 2 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_are_no_larger_than_memory_allows() {
        for (width, height, quantiser, expected) in [
            (640, 360, 57, 1),
            (640, 360, 42, 2),
            (1_600, 1_200, 57, 8),
            (1_600, 1_200, 1, 32),
            // No lower than a superblock.
            (16_383, 64, 1, 1),
            (16_383, 65, 1, 2),
            (1, 1, 255, 1),
        ] {
            assert_eq!(rows(Size { width, height }, quantiser), expected, "{width}x{height}");
        }
    }
}
