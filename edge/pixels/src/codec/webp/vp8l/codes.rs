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
        Ok(Self { green, red, blue, alpha, distance, fixed })
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
        let symbol = tables.symbol(table, bits);
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
