//! Entropy-coded images: literals, back-references and cached colours (RFC 9649 §3.6, §3.7).
//!
//! A back-reference reaches less than 2^20 pixels, so that many are held, however large the image.

use super::bits::Bits;
use super::cache::{self, Cache};
use super::codes::{Group, LENGTHS, LITERALS};
use super::huffman::Tables;
use super::prefix;
use crate::budget::zeros;
use crate::failure::Failure;

/// Pixels that a back-reference can reach: 2^20 less the short codes, and a little more.
const REACH: usize = 1 << 20;

/// Pixels decoded between two moves of what back-references can reach.
const STEP: usize = 1 << 19;

/// The longest back-reference.
const LONGEST: usize = 4_096;

/// An image inside the stream, held whole.
pub struct Sub {
    /// Tiles are squares of 2^`bits` pixels a side.
    pub bits: u32,
    /// Tiles of a row.
    pub across: usize,
    pub pixels: Vec<u32>,
}

impl Sub {
    /// Reads the image that has one pixel for each tile of an image of `width` × `height`.
    pub fn read(
        bits: &mut Bits<'_>,
        (width, height): (usize, usize),
        tile_bits: u32,
    ) -> Result<Self, Failure> {
        let tiles = |side: usize| side.div_ceil(1 << tile_bits);
        let (across, down) = (tiles(width), tiles(height));
        Ok(Self { bits: tile_bits, across, pixels: whole(bits, across, down)? })
    }

    /// The pixels of the tiles in row `y` of the larger image.
    pub fn row(&self, y: usize) -> &[u32] {
        let start = (y >> self.bits) * self.across;
        self.pixels.get(start..start + self.across).unwrap_or_default()
    }
}

/// Reads an image inside the stream.
pub fn whole(bits: &mut Bits<'_>, width: usize, height: usize) -> Result<Vec<u32>, Failure> {
    let mut image = Image::read(bits, (width, height), false)?;
    for _ in 0..height {
        image.next_row(bits)?;
    }
    Ok(image.pixels)
}

/// An entropy-coded image.
pub struct Image {
    width: usize,
    cache: Option<Cache>,
    tables: Tables,
    groups: Vec<Group>,
    /// Which group each tile uses; `None` if there is one.
    meta: Option<Sub>,
    /// All pixels, or those within reach.
    pixels: Vec<u32>,
    /// Pixels that are still to be decoded.
    left: usize,
    /// Places in `pixels`: of the next pixel, of the next row to give, and of the first pixel that
    /// is not in the cache yet.
    at: usize,
    row: usize,
    cached: usize,
    /// The next row to give.
    y: usize,
}

/// Bytes that the pixels of a main image take, and with so many `tiles` its groups without their
/// tables.
pub fn memory(pixels: u64, tiles: u64) -> u64 {
    let groups = tiles.min(1 << 16);
    pixels.min((REACH + STEP) as u64) * 4 + groups * size_of::<Group>() as u64
}

impl Image {
    /// Reads what stands before the pixels. Only the picture itself, the `main` image, may have
    /// more than one group of codes.
    pub fn read(
        bits: &mut Bits<'_>,
        (width, height): (usize, usize),
        main: bool,
    ) -> Result<Self, Failure> {
        let (mut cache, mut colours) = (None, 0);
        if bits.read(1) == 1 {
            let cache_bits = bits.read(4);
            if !(1..=cache::LARGEST_BITS).contains(&cache_bits) {
                return Err(Failure::malformed("the colour cache has no possible size"));
            }
            (cache, colours) = (Some(Cache::new(cache_bits)), 1 << cache_bits);
        }
        let mut meta = None;
        let mut used = vec![0];
        if main && bits.read(1) == 1 {
            let tile_bits = bits.read(3) + 2;
            let mut tiles = Sub::read(bits, (width, height), tile_bits)?;
            used = number(&mut tiles.pixels)?;
            meta = Some(tiles);
        }
        let mut tables = Tables::default();
        let mut groups = Vec::new();
        groups
            .try_reserve_exact(used.len())
            .map_err(|_| Failure::out_of_memory(used.len() * size_of::<Group>()))?;
        let mut next = 0;
        for group in used {
            // Those that no tile uses may be many more, and are forgotten.
            for _ in next..group {
                Group::read(bits, colours, &mut Tables::default())?;
            }
            groups.push(Group::read(bits, colours, &mut tables)?);
            next = group + 1;
        }
        // What is inside the stream is small, and needed as a whole.
        let held = if main { REACH + STEP } else { usize::MAX };
        let pixels = zeros((width * height).min(held))?;
        let left = width * height;
        let (at, row, cached, y) = (0, 0, 0, 0);
        Ok(Self { width, cache, tables, groups, meta, pixels, left, at, row, cached, y })
    }

    /// Decodes the next row.
    ///
    /// # Errors
    /// [`Failure::Truncated`], also if there is no row left, and [`Failure::Malformed`].
    pub fn next_row(&mut self, bits: &mut Bits<'_>) -> Result<&[u32], Failure> {
        let width = self.width;
        if self.at - self.row < width {
            if self.left > self.pixels.len() - self.at
                && self.pixels.len() < self.at + width + LONGEST
            {
                self.catch_up();
                let gone = self.at - REACH;
                self.pixels.copy_within(gone..self.at, 0);
                (self.row, self.cached, self.at) = (self.row - gone, self.cached - gone, REACH);
            }
            self.decode_row(bits)?;
            if bits.is_overrun() {
                return Err(Failure::truncated("picture data"));
            }
        }
        let row = self.pixels.get(self.row..self.row + width);
        self.row += width;
        self.y += 1;
        row.ok_or(Failure::truncated("picture data"))
    }

    /// Puts the pixels up to the next one in the cache.
    #[inline(always)]
    fn catch_up(&mut self) {
        if let Some(cache) = &mut self.cache {
            for colour in self.pixels.get(self.cached..self.at).unwrap_or_default() {
                cache.put(*colour);
            }
        }
        self.cached = self.at;
    }

    /// Decodes to the end of the row, or a little beyond it, where a back-reference goes on.
    fn decode_row(&mut self, bits: &mut Bits<'_>) -> Result<(), Failure> {
        const FIRST_CACHED: u32 = (LITERALS + LENGTHS) as u32;
        let (row, mut at, y) = (self.row, self.at, self.y);
        let (end, last) = (row + self.width.min(at - row + self.left), at + self.left);
        let broken = || Failure::malformed("the coded picture data is damaged");
        let tile_bits = self.meta.as_ref().map_or(31, |meta| meta.bits);
        while at < end {
            let x = at - row;
            let tile = |meta: &Sub| meta.row(y).get(x >> tile_bits).map_or(0, |tile| *tile);
            let index = self.meta.as_ref().map_or(0, tile);
            let group = *self.groups.get(index as usize).ok_or_else(broken)?;
            // To the end of the tile.
            let stop = end.min(row + (((x >> tile_bits) + 1) << tile_bits));
            while at < stop {
                bits.refill();
                let symbol = self.tables.symbol(group.green, bits);
                if symbol < LITERALS as u32 {
                    let colour = match group.fixed {
                        Some(fixed) => fixed | symbol << 8,
                        None => {
                            let red = self.tables.symbol(group.red, bits);
                            let blue = self.tables.symbol(group.blue, bits);
                            bits.refill();
                            let alpha = self.tables.symbol(group.alpha, bits);
                            alpha << 24 | red << 16 | symbol << 8 | blue
                        }
                    };
                    if let Some(place) = self.pixels.get_mut(at) {
                        *place = colour;
                    }
                    at += 1;
                } else if symbol < FIRST_CACHED {
                    let (extra, first) = prefix::extra(symbol - LITERALS as u32);
                    let length = (first + bits.take(extra)) as usize;
                    let (extra, first) = prefix::extra(self.tables.symbol(group.distance, bits));
                    bits.refill();
                    let code = first + bits.take(extra);
                    let distance = prefix::distance(code, self.width as u32) as usize;
                    if distance > at || at + length > last {
                        return Err(broken());
                    }
                    copy(&mut self.pixels, at, distance, length);
                    at += length;
                } else {
                    self.at = at;
                    self.catch_up();
                    let cache = self.cache.as_ref().ok_or_else(broken)?;
                    let colour = cache.get(symbol - FIRST_CACHED).ok_or_else(broken)?;
                    *self.pixels.get_mut(at).ok_or_else(broken)? = colour;
                    at += 1;
                }
            }
        }
        (self.left, self.at) = (last - at, at);
        Ok(())
    }
}

/// The groups that tiles use, in ascending order. Of each tile, where its group is among these takes
/// the place of the group's number, which is in red and green.
fn number(tiles: &mut [u32]) -> Result<Vec<u32>, Failure> {
    let mut used: Vec<u32> = zeros(tiles.len())?;
    for (group, tile) in used.iter_mut().zip(tiles.iter()) {
        *group = *tile >> 8 & 0xffff;
    }
    used.sort_unstable();
    used.dedup();
    for tile in tiles {
        *tile = used.binary_search(&(*tile >> 8 & 0xffff)).unwrap_or(0) as u32;
    }
    Ok(used)
}

/// Repeats `length` pixels from `distance` back, at `at`.
#[inline(always)]
fn copy(pixels: &mut [u32], at: usize, distance: usize, length: usize) {
    let Some(part) = pixels.get_mut(at - distance..at + length) else { return };
    if distance >= length {
        part.copy_within(..length, distance);
    } else if distance == 1 {
        if let Some(colour) = part.first().copied() {
            part.fill(colour);
        }
    } else {
        for i in distance..part.len() {
            part[i] = part[i - distance];
        }
    }
}
