//! Reading prefix codes, and the groups of five that an image uses (RFC 9649 §3.7.2).

use super::bits::Bits;
use super::huffman::{Table, Tables};
use crate::failure::Failure;

/// Symbols for the values of a channel.
pub const LITERALS: usize = 256;
/// Symbols for lengths of back-references; they follow the literals in the code for green.
pub const LENGTHS: usize = 24;
/// Symbols for distances.
pub const DISTANCES: usize = 40;

/// The order in which the lengths of the code for code lengths are stored.
pub const ORDER: [u8; 19] = [17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

/// The codes for one part of an image.
#[derive(Clone, Copy, Default)]
pub struct Group {
    /// Green, lengths and places in the colour cache.
    pub green: Table,
    pub red: Table,
    pub blue: Table,
    pub alpha: Table,
    pub distance: Table,
    /// Red, blue and alpha as a pixel, if they are the same for all literals.
    pub fixed: Option<u32>,
    /// The pixel, if there is no other.
    pub only: Option<u32>,
}

impl Group {
    /// Reads the five codes of a group, for a colour cache of `cache` colours.
    pub fn read(bits: &mut Bits<'_>, cache: usize, tables: &mut Tables) -> Result<Self, Failure> {
        let green = read(bits, LITERALS + LENGTHS + cache, tables)?;
        let red = read(bits, LITERALS, tables)?;
        let blue = read(bits, LITERALS, tables)?;
        let alpha = read(bits, LITERALS, tables)?;
        let distance = read(bits, DISTANCES, tables)?;
        let single = |table| tables.single(table);
        let fixed = match (single(red), single(blue), single(alpha)) {
            (Some(red), Some(blue), Some(alpha)) => Some(alpha << 24 | red << 16 | blue),
            _ => None,
        };
        let literal = single(green).filter(|green| *green < LITERALS as u32);
        let only = fixed.zip(literal).map(|(fixed, green)| fixed | green << 8);
        Ok(Self { green, red, blue, alpha, distance, fixed, only })
    }
}

/// Reads one code for `symbols` symbols.
pub fn read(bits: &mut Bits<'_>, symbols: usize, tables: &mut Tables) -> Result<Table, Failure> {
    if bits.is_overrun() {
        return Err(Failure::truncated("prefix codes"));
    }
    let mut lengths = vec![0; symbols];
    if bits.read(1) == 1 {
        let both = bits.read(1) == 1;
        let first = if bits.read(1) == 1 { bits.read(8) } else { bits.read(1) };
        let second = both.then(|| bits.read(8));
        for symbol in [Some(first), second].into_iter().flatten() {
            // A symbol that the alphabet has not is as good as none.
            if let Some(length) = lengths.get_mut(symbol as usize) {
                *length = 1;
            }
        }
    } else {
        read_lengths(bits, &mut lengths)?;
    }
    tables.add(&lengths)
}

/// Reads lengths that are themselves coded.
fn read_lengths(bits: &mut Bits<'_>, lengths: &mut [u8]) -> Result<(), Failure> {
    let mut of_lengths = [0; ORDER.len()];
    let count = bits.read(4) as usize + 4;
    for symbol in ORDER.iter().take(count) {
        of_lengths[usize::from(*symbol)] = bits.read(3) as u8;
    }
    let mut tables = Tables::default();
    let table = tables.add(&of_lengths)?;
    let too_many = || Failure::malformed("a prefix code has too many symbols");
    let mut left = lengths.len() as u32;
    if bits.read(1) == 1 {
        let width = 2 + 2 * bits.read(3);
        left = 2 + bits.read(width);
        if left as usize > lengths.len() {
            return Err(too_many());
        }
    }
    let mut before = 8;
    let mut at = 0;
    while at < lengths.len() && left > 0 {
        left -= 1;
        bits.refill();
        let symbol = tables.symbols().next(table, bits);
        let (length, repeat) = match symbol {
            16 => (before, 3 + bits.take(2)),
            17 => (0, 3 + bits.take(3)),
            18 => (0, 11 + bits.take(7)),
            _ => (symbol as u8, 1),
        };
        let end = at + repeat as usize;
        lengths.get_mut(at..end).ok_or_else(too_many)?.fill(length);
        at = end;
        if length > 0 {
            before = length;
        }
    }
    Ok(())
}

/// The groups that tiles use, in ascending order. Of each tile, where its group is among these takes
/// the place of the group's number, which is in red and green.
pub fn number(tiles: &mut [u32]) -> Result<Vec<u32>, Failure> {
    // A bit for each group, and how many are used before each 64 of them.
    let (mut used, mut before) = ([0_u64; 1 << 10], [0_u32; 1 << 10]);
    let place = |tile: u32| ((tile >> 14 & 1023) as usize, tile >> 8 & 63);
    for tile in tiles.iter() {
        let (word, bit) = place(*tile);
        used[word] |= 1 << bit;
    }
    let mut count = 0;
    for (before, word) in before.iter_mut().zip(used) {
        *before = count;
        count += word.count_ones();
    }
    for tile in tiles {
        let (word, bit) = place(*tile);
        *tile = before[word] + (used[word] & ((1 << bit) - 1)).count_ones();
    }
    let mut numbers = Vec::new();
    numbers
        .try_reserve_exact(count as usize)
        .map_err(|_| Failure::out_of_memory(count as usize * size_of::<u32>()))?;
    let is_used = |number: &u32| used[*number as usize >> 6] >> (number & 63) & 1 != 0;
    numbers.extend((0..1 << 16).filter(is_used));
    Ok(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_numbered_in_their_order() {
        let mut tiles = [70, 3, 65_535, 3, 64, 0].map(|group: u32| group << 8 | 0xff00_00ff);
        assert_eq!(number(&mut tiles).unwrap(), [0, 3, 64, 70, 65_535]);
        assert_eq!(tiles, [3, 1, 4, 1, 2, 0]);
    }
}
