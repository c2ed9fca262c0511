//! Numbers as a prefix symbol and extra bits, and distances as places in the neighbourhood
//! (RFC 9649 §3.6.2.2).

/// Short distances as columns to the left and rows up, the nearest first.
#[rustfmt::skip]
const NEIGHBOURS: [(i8, u8); 120] = [
    (0, 1), (1, 0), (1, 1), (-1, 1), (0, 2), (2, 0), (1, 2), (-1, 2), (2, 1), (-2, 1), (2, 2),
    (-2, 2), (0, 3), (3, 0), (1, 3), (-1, 3), (3, 1), (-3, 1), (2, 3), (-2, 3), (3, 2), (-3, 2),
    (0, 4), (4, 0), (1, 4), (-1, 4), (4, 1), (-4, 1), (3, 3), (-3, 3), (2, 4), (-2, 4), (4, 2),
    (-4, 2), (0, 5), (3, 4), (-3, 4), (4, 3), (-4, 3), (5, 0), (1, 5), (-1, 5), (5, 1), (-5, 1),
    (2, 5), (-2, 5), (5, 2), (-5, 2), (4, 4), (-4, 4), (3, 5), (-3, 5), (5, 3), (-5, 3), (0, 6),
    (6, 0), (1, 6), (-1, 6), (6, 1), (-6, 1), (2, 6), (-2, 6), (6, 2), (-6, 2), (4, 5), (-4, 5),
    (5, 4), (-5, 4), (3, 6), (-3, 6), (6, 3), (-6, 3), (0, 7), (7, 0), (1, 7), (-1, 7), (5, 5),
    (-5, 5), (7, 1), (-7, 1), (4, 6), (-4, 6), (6, 4), (-6, 4), (2, 7), (-2, 7), (7, 2), (-7, 2),
    (3, 7), (-3, 7), (7, 3), (-7, 3), (5, 6), (-5, 6), (6, 5), (-6, 5), (8, 0), (4, 7), (-4, 7),
    (7, 4), (-7, 4), (8, 1), (8, 2), (6, 6), (-6, 6), (8, 3), (5, 7), (-5, 7), (7, 5), (-7, 5),
    (8, 4), (6, 7), (-6, 7), (7, 6), (-7, 6), (8, 5), (7, 7), (-7, 7), (8, 6), (8, 7),
];

/// How many extra bits a prefix symbol has, and the number, from 1 on, that it stands for if they
/// are zero.
#[inline(always)]
pub fn extra(symbol: u32) -> (u32, u32) {
    if symbol < 4 {
        return (0, symbol + 1);
    }
    let bits = (symbol - 2) >> 1;
    (bits, ((2 + (symbol & 1)) << bits) + 1)
}

/// The pixels that a distance code of an image so `wide` goes back.
#[inline(always)]
pub fn distance(code: u32, wide: u32) -> u32 {
    match NEIGHBOURS.get(code as usize - 1) {
        Some((left, up)) => (i32::from(*left) + i32::from(*up) * wide as i32).max(1) as u32,
        None => code - NEIGHBOURS.len() as u32,
    }
}

/// A number, from 1 on, as its symbol, how many extra bits that has, and their value.
#[inline(always)]
pub fn split(number: u32) -> (u32, u32, u32) {
    let rest = number - 1;
    if rest < 4 {
        return (rest, 0, 0);
    }
    let top = 31 - rest.leading_zeros();
    let bits = top - 1;
    (2 * top + (rest >> bits & 1), bits, rest & ((1 << bits) - 1))
}

/// The distance codes of an image.
pub struct Distances {
    wide: u32,
    /// Codes of neighbours, by rows up and by columns to the left and 7.
    near: [[u8; 16]; 8],
}

impl Distances {
    /// Those of an image so `wide`.
    pub fn new(wide: u32) -> Self {
        let mut near = [[0; 16]; 8];
        for (code, (left, up)) in (1..).zip(NEIGHBOURS) {
            near[usize::from(up) & 7][(left + 7) as usize & 15] = code;
        }
        Self { wide, near }
    }

    /// The code of a distance.
    #[inline(always)]
    pub fn code(&self, distance: u32) -> u32 {
        let far = distance + NEIGHBOURS.len() as u32;
        if distance > 7 * self.wide + 8 {
            return far;
        }
        let (up, left) = (distance / self.wide, distance % self.wide);
        let near = if left <= 8 && up < 8 {
            self.near[up as usize & 7][(left as usize + 7) & 15]
        } else if self.wide - left <= 7 && up < 7 {
            self.near[(up as usize + 1) & 7][(left + 7).wrapping_sub(self.wide) as usize & 15]
        } else {
            0
        };
        if near == 0 { far } else { near.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_what_they_are_read_as() {
        for wide in [1, 2, 5, 8, 9, 16, 100] {
            let distances = Distances::new(wide);
            for expected in 1..900 {
                let code = distances.code(expected);
                assert_eq!(distance(code, wide), expected, "{wide}");
                let (symbol, bits, value) = split(code);
                assert_eq!(extra(symbol), (bits, code - value));
            }
        }
    }

    #[test]
    fn symbols_cover_all_numbers_without_a_gap() {
        let mut next = 1;
        for symbol in 0..40 {
            let (bits, first) = extra(symbol);
            assert_eq!(first, next);
            next += 1 << bits;
        }
        assert_eq!(next, (1 << 20) + 1);
    }
}
