//! Entropy-coded images: literals, back-references and cached colours (RFC 9649 §3.6, §3.7).
//!
//! A back-reference reaches less than 2^20 pixels, so that many are held, however large the image.

use super::bits::Bits;
use super::cache::{self, Cache};
use super::codes::{self, Group, LENGTHS, LITERALS};
use super::huffman::Tables;
use super::prefix;
use crate::budget::zeros;
use crate::failure::Failure;

/// Pixels that a back-reference can reach: 2^20 less the short codes, and a little more.
const REACH: usize = 1 << 20;

/// Pixels decoded between two moves of what back-references can reach.
const STEP: usize = 1 << 20;

/// Copies from here on are left to the host.
const LONG: usize = 128;

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
    let of_group = size_of::<Group>() + size_of::<u32>();
    pixels.min((REACH + STEP) as u64) * 4 + groups * of_group as u64
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
            used = codes::number(&mut tiles.pixels)?;
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
                if let Some(cache) = &mut self.cache {
                    cache.put_all(self.pixels.get(self.cached..self.at).unwrap_or_default());
                }
                self.cached = self.at;
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

    /// Decodes to the end of the row, or a little beyond it, where a back-reference goes on.
    fn decode_row(&mut self, stream: &mut Bits<'_>) -> Result<(), Failure> {
        const FIRST_CACHED: u32 = (LITERALS + LENGTHS) as u32;
        let Self { width, cache, tables, groups, meta, pixels, cached, .. } = self;
        let (pixels, symbols) = (pixels.as_mut_slice(), tables.symbols());
        let (row, mut at, y, wide) = (self.row, self.at, self.y, *width as u32);
        let (end, last) = (row + (*width).min(at - row + self.left), at + self.left);
        let broken = || Failure::malformed("the coded picture data is damaged");
        let tile_bits = meta.as_ref().map_or(31, |meta| meta.bits);
        let mut bits = *stream;
        while at < end {
            let x = at - row;
            let tile = |meta: &Sub| meta.row(y).get(x >> tile_bits).map_or(0, |tile| *tile);
            let index = meta.as_ref().map_or(0, tile);
            let group = *groups.get(index as usize).ok_or_else(broken)?;
            // To the end of the tile.
            let stop = end.min(row + (((x >> tile_bits) + 1) << tile_bits));
            if let Some(colour) = group.only {
                pixels.get_mut(at..stop).ok_or_else(broken)?.fill(colour);
                at = stop;
            }
            while at < stop {
                bits.refill();
                let symbol = symbols.next(group.green, &mut bits);
                if symbol < LITERALS as u32 {
                    let colour = match group.fixed {
                        Some(fixed) => fixed | symbol << 8,
                        None => {
                            let red = symbols.next(group.red, &mut bits);
                            let blue = symbols.next(group.blue, &mut bits);
                            bits.refill();
                            let alpha = symbols.next(group.alpha, &mut bits);
                            alpha << 24 | red << 16 | symbol << 8 | blue
                        }
                    };
                    if let Some(place) = pixels.get_mut(at) {
                        *place = colour;
                    }
                    at += 1;
                } else if symbol < FIRST_CACHED {
                    let (extra, first) = prefix::extra(symbol - LITERALS as u32);
                    let length = (first + bits.take(extra)) as usize;
                    let (extra, first) = prefix::extra(symbols.next(group.distance, &mut bits));
                    bits.refill();
                    let code = first + bits.take(extra);
                    let distance = prefix::distance(code, wide) as usize;
                    if distance > at || at + length > last {
                        return Err(broken());
                    }
                    copy(pixels, at, distance, length);
                    at += length;
                } else {
                    let cache = cache.as_mut().ok_or_else(broken)?;
                    cache.put_all(pixels.get(*cached..at).unwrap_or_default());
                    *cached = at;
                    let colour = cache.get(symbol - FIRST_CACHED).ok_or_else(broken)?;
                    *pixels.get_mut(at).ok_or_else(broken)? = colour;
                    at += 1;
                }
            }
        }
        *stream = bits;
        (self.left, self.at) = (last - at, at);
        Ok(())
    }
}

/// Repeats `length` pixels from `distance` back, at `at`. What is behind them may be overwritten.
#[inline(always)]
fn copy(pixels: &mut [u32], at: usize, distance: usize, length: usize) {
    let Some(part) = pixels.get_mut(at - distance..) else { return };
    if distance == 1 {
        let colour = part.first().copied().unwrap_or(0);
        part.get_mut(1..=length).unwrap_or_default().fill(colour);
        return;
    }
    if length >= LONG && distance >= length && part.len() >= distance + length {
        part.copy_within(..length, distance);
        return;
    }
    let mut done = 0;
    if distance >= 4 {
        // Four at a time; the last of them may be too many.
        while done < length {
            let four = part.get(done..).and_then(|rest| rest.first_chunk::<4>()).copied();
            let place = part.get_mut(done + distance..).and_then(|rest| rest.first_chunk_mut());
            let (Some(four), Some(place)) = (four, place) else { break };
            *place = four;
            done += 4;
        }
    }
    for i in done..length {
        let colour = part.get(i).copied().unwrap_or(0);
        if let Some(place) = part.get_mut(i + distance) {
            *place = colour;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_are_repeated_from_any_distance() {
        for distance in 1..140 {
            for length in 1..140 {
                let mut pixels: Vec<u32> = (0..400).map(|i| if i < 140 { i } else { 0 }).collect();
                copy(&mut pixels, 140, distance, length);
                for i in 140..140 + length {
                    assert_eq!(pixels[i], pixels[i - distance], "{length} from {distance}");
                }
                // Also where the pixels end.
                let mut exact = pixels[..140 + length].to_vec();
                exact[140..].fill(0);
                copy(&mut exact, 140, distance, length);
                assert_eq!(exact, pixels[..140 + length]);
            }
        }
    }
}
