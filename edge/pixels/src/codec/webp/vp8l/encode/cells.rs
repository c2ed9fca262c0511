//! Planes of two values in cells of eight by eight samples: what may take the general encoder a
//! millisecond, and is a few rows of bits.

use super::super::codes::{DISTANCES, LENGTHS, LITERALS};
use super::super::prefix;
use super::code::Code;
use super::matches::LONGEST;
use super::writer::Writer;
use crate::failure::Failure;

/// Samples of a cell's side, and cells' samples in a packed pixel.
pub const CELL: usize = 8;

/// What stands in the stream: a row of cells, or how many pixels are as those above.
enum Item<'a> {
    Cells(&'a [u8]),
    Repeat(u32),
}

/// Encodes cells, which are 0 or 255, in rows of `across`, for a plane with `high` rows of samples, as
/// a stream without a header. It is shown in green.
///
/// # Errors
/// [`Failure::OverBudget`].
pub fn encode(cells: &[u8], across: usize, high: usize) -> Result<Vec<u8>, Failure> {
    let mut writer = Writer::default();
    // A palette of two colours, each as its difference to the one before: eight samples are a pixel,
    // and those of a cell all have the same bit.
    writer.put(0b111, 3);
    writer.put(1, 8);
    let mut greens = [0; LITERALS + LENGTHS];
    (greens[0], greens[255]) = (1, 1);
    writer.put(0, 1);
    let [green, ..] = codes(&greens, &mut writer);
    green.put(0, &mut writer);
    green.put(255, &mut writer);
    // No other transform, no colour cache, one group of codes.
    writer.put(0b000, 3);
    greens[0] = 0;
    greens[255] = 0;
    each(cells, across, high, |item| match item {
        Item::Cells(cells) => cells.iter().for_each(|cell| greens[usize::from(*cell)] += 1),
        Item::Repeat(length) => greens[LITERALS + prefix::split(length).0 as usize] += 1,
    });
    let [green, ..] = codes(&greens, &mut writer);
    each(cells, across, high, |item| match item {
        Item::Cells(cells) => cells.iter().for_each(|cell| green.put((*cell).into(), &mut writer)),
        // The code of the distance, one row up, is the only one there is.
        Item::Repeat(length) => {
            let (symbol, bits, value) = prefix::split(length);
            green.put(LITERALS as u32 + symbol, &mut writer);
            writer.put(value, bits);
        }
    });
    writer.finish()
}

/// Stores the codes of an image whose red, blue, alpha and distances are all the same.
fn codes(greens: &[u32], writer: &mut Writer) -> [Code; 5] {
    let (mut zeros, mut above) = ([0; LITERALS], [0; DISTANCES]);
    (zeros[0], above[0]) = (1, 1);
    [greens, &zeros, &zeros, &zeros, &above].map(|counts| Code::store(counts, writer))
}

/// Gives the items in order.
fn each<'a>(cells: &'a [u8], across: usize, high: usize, mut give: impl FnMut(Item<'a>)) {
    let mut before: Option<&[u8]> = None;
    let mut rows = high;
    // Rows of samples that are as the one before them.
    let mut same = 0;
    let repeat = |same: usize, give: &mut dyn FnMut(Item<'a>)| {
        let mut left = same * across;
        while left > 0 {
            let length = left.min(LONGEST - 1);
            give(Item::Repeat(length as u32));
            left -= length;
        }
    };
    for row in cells.chunks(across) {
        let count = rows.min(CELL);
        rows -= count;
        if before == Some(row) {
            same += count;
            continue;
        }
        repeat(same, &mut give);
        give(Item::Cells(row));
        (before, same) = (Some(row), count.saturating_sub(1));
    }
    repeat(same, &mut give);
}

#[cfg(test)]
mod tests {
    use super::super::super::decode::Decoder;
    use super::*;

    #[test]
    fn cells_survive_the_way_there_and_back() {
        for (wide, high) in [(1, 1), (8, 8), (9, 17), (146, 144), (1_003, 700), (4, 3_000)] {
            let (across, down) = (usize::div_ceil(wide, CELL), usize::div_ceil(high, CELL));
            for pattern in 0..4 {
                let cell = |i: usize| match pattern {
                    0 => 0,
                    1 => 255,
                    2 => ((i * 7_919 / 8) % 2) as u8 * 255,
                    _ => (i / across / 2 % 2) as u8 * 255,
                };
                let cells: Vec<u8> = (0..across * down).map(cell).collect();
                let stream = encode(&cells, across, high).unwrap();
                let mut decoder = Decoder::headless(&stream, (wide, high)).unwrap();
                for y in 0..high {
                    let row = decoder.next_row().unwrap();
                    for (x, pixel) in row[..wide].iter().enumerate() {
                        let cell = cells[y / CELL * across + x / CELL];
                        assert_eq!((pixel >> 8) as u8, cell, "{x} {y} of {wide} x {high}");
                    }
                }
            }
        }
    }
}
