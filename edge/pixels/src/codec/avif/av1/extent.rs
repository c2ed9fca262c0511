//! What there is of a block's levels.

use super::scan::{SCAN4, SCAN8, SCAN16, SCAN32};
use crate::simd::I16x8;

/// Where levels are not zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extent {
    /// One more than the last index, in the order of coding, of what is not zero.
    pub eob: u16,
    /// Rows from the first one to the last one that is not zero.
    pub rows: u8,
    /// Columns from the first one to the last one that is not zero.
    pub columns: u8,
}

impl Extent {
    /// Of a row-major block with sides of 2^`log2` (2 to 5).
    pub fn of(log2: usize, levels: &[i16]) -> Self {
        let mut found = Found::new();
        let (levels, _) = levels.as_chunks();
        for ((levels, order), number) in levels.iter().zip(order(log2)).zip(0..) {
            found.add(number, I16x8::load(levels), order);
        }
        found.extent(log2)
    }
}

/// What was found of an [`Extent`] so far.
pub(super) struct Found {
    eobs: I16x8,
    /// The last eight that is not all zero, and which of its lanes are not.
    last: (usize, u8),
    /// Which lanes are not zero, of every fourth eight.
    lanes: [u8; 4],
}

impl Found {
    #[inline(always)]
    pub fn new() -> Self {
        Self { eobs: I16x8::splat(0), last: (0, 0), lanes: [0; 4] }
    }

    /// Adds the eight of this number, which are greater than any before. `order` is that eight of
    /// [`order`].
    #[inline(always)]
    pub fn add(&mut self, number: usize, levels: I16x8, order: &[i16; 8]) {
        let mask = levels.nonzero_mask();
        if mask != 0 {
            let present = levels.abs().larger(I16x8::splat(0));
            self.eobs = self.eobs.max(present.and(I16x8::load(order)));
            self.last = (number, mask);
            self.lanes[number % 4] |= mask;
        }
    }

    /// The extent of a block with sides of 2^`log2`.
    pub fn extent(&self, log2: usize) -> Extent {
        let (number, mask) = self.last;
        if mask == 0 {
            return Extent::default();
        }
        let mut eobs = [0; 8];
        self.eobs.store(&mut eobs);
        let eob = eobs.into_iter().fold(0, i16::max) as u16;
        let [a, b, c, d] = self.lanes;
        let length = |lanes: u8| 8 - lanes.leading_zeros() as usize;
        let across = |eights: &[u8]| {
            let last = eights.iter().rposition(|lanes| *lanes != 0).unwrap_or(0);
            last * 8 + eights.get(last).map_or(0, |lanes| length(*lanes))
        };
        let (rows, columns) = match log2 {
            2 => (number * 2 + 1 + usize::from(mask > 15), length((a | b) & 15 | (a | b) >> 4)),
            3 => (number + 1, length(a | b | c | d)),
            4 => (number / 2 + 1, across(&[a | c, b | d])),
            _ => (number / 4 + 1, across(&[a, b, c, d])),
        };
        Extent { eob, rows: rows as u8, columns: columns as u8 }
    }
}

/// One more than the place in the order of coding of each coefficient, row-major.
pub(super) fn order(log2: usize) -> &'static [[i16; 8]] {
    match log2 {
        2 => &ORDER_4,
        3 => &ORDER_8,
        4 => &ORDER_16,
        _ => &ORDER_32,
    }
}

static ORDER_4: [[i16; 8]; 2] = places(&SCAN4);
static ORDER_8: [[i16; 8]; 8] = places(&SCAN8);
static ORDER_16: [[i16; 8]; 32] = places(&SCAN16);
static ORDER_32: [[i16; 8]; 128] = places(&SCAN32);

/// The other way round.
const fn places<const AREA: usize, const EIGHTS: usize>(scan: &[u16; AREA]) -> [[i16; 8]; EIGHTS] {
    let (mut places, mut index) = ([[0; 8]; EIGHTS], 0);
    while index < AREA {
        let place = scan[index] as usize;
        index += 1;
        places[place / 8][place % 8] = index as i16;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::super::scan::scan;
    use super::*;

    #[test]
    fn the_order_is_that_of_coding() {
        for log2 in 2..6 {
            let places: Vec<i16> = order(log2).iter().flatten().copied().collect();
            for (index, place) in scan(log2).iter().enumerate() {
                assert_eq!(usize::from(places[usize::from(*place)] as u16), index + 1);
            }
        }
    }

    #[test]
    fn extents_end_where_levels_do() {
        for log2 in 2..6 {
            let side = 1 << log2;
            let mut levels = vec![0; side * side];
            assert_eq!(Extent::of(log2, &levels), Extent::default());
            for place in 0..side * side {
                levels.fill(0);
                levels[place] = if place % 2 == 0 { 1 } else { i16::MIN + 1 };
                levels[0] = 1;
                let eob = 1 + scan(log2).iter().position(|at| usize::from(*at) == place).unwrap();
                let extent = Extent {
                    eob: eob as u16,
                    rows: (place / side + 1) as u8,
                    columns: (place % side + 1) as u8,
                };
                assert_eq!(Extent::of(log2, &levels), extent);
            }
        }
    }
}
