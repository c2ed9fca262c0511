//! Headers, and the units of a stream (AV1 §5.3, §5.5, §5.9): one picture that is shown, and nothing else.

use super::Chroma;
use super::bits::{Bits, leb128};
use super::matrix::Matrices;
use super::tiles::Tiles;
use crate::failure::Failure;

/// Kinds of units (AV1 §6.2.2), as they stand in a header that says that a length follows.
const SEQUENCE: u8 = 1 << 3 | 2;
const FRAME: u8 = 6 << 3 | 2;

/// BT.709 primaries, sRGB's curve, and BT.601's matrix (ITU-T H.273).
const COLOURS: [u32; 3] = [1, 13, 6];

/// The filter of edges between blocks (AV1 §5.9.11).
#[derive(Clone, Copy, Default, Debug)]
pub struct Deblocking {
    /// How strong, 0 to 63: of vertical edges of luma, of horizontal ones, of Cb, of Cr. Without the
    /// first two chroma is not filtered either.
    pub levels: [u8; 4],
    /// 0 to 7.
    pub sharpness: u8,
}

/// A still picture.
#[derive(Clone, Copy, Debug)]
pub struct Still {
    /// In pixels, up to 65536.
    pub width: usize,
    /// In pixels, up to 65536.
    pub height: usize,
    /// What there is of chroma.
    pub chroma: Chroma,
    /// 1 to 255.
    pub base_q_idx: u8,
    /// What is added to it for chroma: for DC and for the rest.
    pub chroma_deltas: (i8, i8),
    /// Of quantisers.
    pub matrices: Matrices,
    /// After decoding.
    pub deblocking: Deblocking,
}

/// The stream of a picture, given its tiles in their order.
///
/// # Errors
/// [`Failure::OverBudget`].
pub fn still(still: &Still, tiles: &Tiles, streams: &[Vec<u8>]) -> Result<Vec<u8>, Failure> {
    let sequence = still.sequence(tiles).trailed();
    // All tiles but the last one tell how long they are.
    let told = streams.split_last().map_or(&[][..], |(_, told)| told);
    let longest = told.iter().map(Vec::len).max().unwrap_or(1).max(1) - 1;
    let bytes = (usize::BITS - longest.leading_zeros()).div_ceil(8).clamp(1, 4);
    let mut head = still.frame(tiles, bytes).aligned();
    if streams.len() > 1 {
        // All tiles are there.
        head.push(0);
    }
    let data: usize = streams.iter().map(Vec::len).sum();
    let length = head.len() + data + told.len() * bytes as usize;
    let room = length + sequence.len() + 16;
    let mut stream = Vec::new();
    stream.try_reserve_exact(room).map_err(|_| Failure::out_of_memory(room))?;
    stream.push(SEQUENCE);
    leb128(&mut stream, sequence.len());
    stream.extend(sequence);
    stream.push(FRAME);
    leb128(&mut stream, length);
    stream.extend(head);
    for (i, tile) in streams.iter().enumerate() {
        if i < told.len() {
            let length = tile.len().saturating_sub(1).to_le_bytes();
            stream.extend(length.into_iter().take(bytes as usize));
        }
        stream.extend(tile);
    }
    Ok(stream)
}

impl Still {
    /// The sequence's header (AV1 §5.5.1), a reduced one.
    fn sequence(&self, tiles: &Tiles) -> Bits {
        let mut bits = Bits::default();
        bits.put(u32::from(self.chroma == Chroma::Full), 3);
        // A still picture, and a reduced header.
        bits.put(0b11, 2);
        bits.put(self.level(tiles).into(), 5);
        let sides = [self.width, self.height].map(|side| side.saturating_sub(1) as u32);
        let lengths = sides.map(|side| (32 - side.leading_zeros()).max(1));
        lengths.into_iter().for_each(|length| bits.put(length - 1, 4));
        sides.into_iter().zip(lengths).for_each(|(side, length)| bits.put(side, length));
        // Superblocks of 64, no filter of intra edges, no intra by filter; nothing that makes it larger.
        bits.put(0, 4);
        // No filter of noise along edges (it gains nothing that SSIMULACRA2 sees), and no restoration.
        bits.put(0b00, 2);
        self.colours(&mut bits);
        // No film grain.
        bits.flag(false);
        bits
    }

    /// What samples stand for (AV1 §5.5.2).
    fn colours(&self, bits: &mut Bits) {
        // Eight bits.
        bits.flag(false);
        if self.chroma != Chroma::Full {
            bits.flag(self.chroma == Chroma::None);
        }
        bits.flag(true);
        COLOURS.into_iter().for_each(|number| bits.put(number, 8));
        // Full range.
        bits.flag(true);
        if self.chroma == Chroma::Halved {
            // Where samples of chroma lie is not said.
            bits.put(0, 2);
        }
        if self.chroma != Chroma::None {
            // Both planes of chroma have the same quantiser.
            bits.flag(false);
        }
    }

    /// The least level that allows for the size and the tiles (AV1 §A.3), or that without limits.
    fn level(&self, tiles: &Tiles) -> u8 {
        let (width, height) = (self.width as u64, self.height as u64);
        let (columns, count) = (tiles.columns.count(), tiles.count());
        let fits = |level: &&Level| {
            width * height <= level.pixels
                && width <= level.width
                && height <= level.height
                && columns <= level.columns
                && count <= level.tiles
        };
        LEVELS.iter().find(fits).map_or(31, |level| level.number)
    }

    /// The frame's header (AV1 §5.9.2), when lengths of tiles take so many bytes.
    fn frame(&self, tiles: &Tiles, bytes: u32) -> Bits {
        let mut bits = Bits::default();
        // Probabilities adapt; no tools for screen content; it is shown as large as it is.
        bits.put(0b000, 3);
        Self::tiles(&mut bits, tiles, bytes);
        bits.put(self.base_q_idx.max(1).into(), 8);
        bits.delta(0);
        if self.chroma != Chroma::None {
            let (dc, ac) = self.chroma_deltas;
            bits.delta(dc);
            bits.delta(ac);
        }
        bits.flag(self.matrices.level().is_some());
        if let Some(level) = self.matrices.level() {
            // Of luma, and of both planes of chroma.
            bits.put(level, 4);
            bits.put(level, 4);
        }
        // No segments, no quantisers by block.
        bits.put(0b00, 2);
        self.filters(&mut bits);
        // The largest transforms, of all kinds.
        bits.put(0b00, 2);
        bits
    }

    fn tiles(bits: &mut Bits, tiles: &Tiles, bytes: u32) {
        // Of the same size.
        bits.flag(true);
        for division in [tiles.columns, tiles.rows] {
            (division.least..division.log2).for_each(|_| bits.flag(true));
            if division.log2 < division.most {
                bits.flag(false);
            }
        }
        let log2 = tiles.columns.log2 + tiles.rows.log2;
        if log2 > 0 {
            // Probabilities for a next picture come from the first tile.
            bits.put(0, log2);
            bits.put(bytes - 1, 2);
        }
    }

    fn filters(&self, bits: &mut Bits) {
        let Deblocking { levels: [vertical, horizontal, blue, red], sharpness } = self.deblocking;
        let colour = self.chroma != Chroma::None;
        bits.put(vertical.into(), 6);
        bits.put(horizontal.into(), 6);
        if colour && (vertical | horizontal) > 0 {
            bits.put(blue.into(), 6);
            bits.put(red.into(), 6);
        }
        bits.put(sharpness.into(), 3);
        // The same for all kinds of blocks.
        bits.flag(false);
    }
}

/// What a level allows for.
struct Level {
    number: u8,
    pixels: u64,
    width: u64,
    height: u64,
    tiles: usize,
    columns: usize,
}

impl Level {
    const fn new(number: u8, pixels: u64, sides: (u64, u64), tiles: (usize, usize)) -> Self {
        let ((width, height), (tiles, columns)) = (sides, tiles);
        Self { number, pixels, width, height, tiles, columns }
    }
}

/// Those that differ in what they allow a still picture.
const LEVELS: [Level; 7] = [
    Level::new(0, 147_456, (2_048, 1_152), (8, 4)),
    Level::new(1, 278_784, (2_816, 1_584), (8, 4)),
    Level::new(4, 665_856, (4_352, 2_448), (16, 6)),
    Level::new(5, 1_065_024, (5_504, 3_096), (16, 6)),
    Level::new(8, 2_359_296, (6_144, 3_456), (32, 8)),
    Level::new(12, 8_912_896, (8_192, 4_352), (64, 8)),
    Level::new(16, 35_651_584, (16_384, 8_704), (128, 16)),
];
