//! What blocks are made of: literals and matches, as symbols with extra bits (RFC 1951 §3.2.5).

use super::matches::Match;

/// The symbol that ends a block.
pub const END: usize = 256;

/// Symbols of literals and lengths, and of distances. Of the first the last two never occur.
pub const SYMBOLS: (usize, usize) = (288, 30);

/// Literals, or a match, in 32 bits: bit 31 marks a match, whose length is above its distance less one.
/// Else it is how many literals follow each other.
#[derive(Clone, Copy, Default)]
pub struct Token(u32);

const MATCH: u32 = 1 << 31;

impl Token {
    pub fn literals(count: usize) -> Self {
        Self(count as u32 & !MATCH)
    }

    pub fn matched(Match { length, distance }: Match) -> Self {
        Self(MATCH | (length as u32) << 16 | (distance as u32).wrapping_sub(1) & 0x7fff)
    }

    /// As it is written.
    #[inline(always)]
    pub fn parts(self) -> Parts {
        if self.0 & MATCH == 0 {
            return Parts::Literals(self.0 as usize);
        }
        let (length, distance) = ((self.0 & !MATCH) >> 16, (self.0 & 0x7fff) + 1);
        Parts::Match {
            length: Symbol::of_length(length),
            distance: Symbol::of_distance(distance),
            bytes: length as usize,
        }
    }
}

/// A token as it is written.
pub enum Parts {
    Literals(usize),
    Match {
        length: Symbol,
        distance: Symbol,
        /// How many bytes it stands for.
        bytes: usize,
    },
}

/// A symbol with the bits behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Symbol {
    pub symbol: usize,
    pub extra: u32,
    pub value: u32,
}

impl Symbol {
    /// Of a length: up to 257 they go by fours within each power of two.
    #[inline(always)]
    pub fn of_length(length: u32) -> Self {
        match length {
            258 => Self { symbol: 285, extra: 0, value: 0 },
            length => steps(length.saturating_sub(3), 2, END + 1),
        }
    }

    /// Of a distance: they go by twos.
    #[inline(always)]
    pub fn of_distance(distance: u32) -> Self {
        steps(distance.saturating_sub(1), 1, 0)
    }
}

/// `value` as one of 2^`bits` symbols for each power of two, counted from `first`.
#[inline(always)]
fn steps(value: u32, bits: u32, first: usize) -> Symbol {
    if value < 2 << bits {
        return Symbol { symbol: first + value as usize, extra: 0, value: 0 };
    }
    let extra = value.ilog2() - bits;
    let symbol = (extra << bits) + (value >> extra);
    Symbol { symbol: first + symbol as usize, extra, value: value & ((1 << extra) - 1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(length: usize, distance: usize) -> (Symbol, Symbol) {
        match Token::matched(Match { length, distance }).parts() {
            Parts::Match { length, distance, .. } => (length, distance),
            Parts::Literals(_) => panic!(),
        }
    }

    #[test]
    fn symbols_are_those_of_the_standard() {
        for (length, (symbol, extra, value)) in [
            (3, (257, 0, 0)),
            (10, (264, 0, 0)),
            (11, (265, 1, 0)),
            (66, (276, 3, 7)),
            (257, (284, 5, 30)),
            (258, (285, 0, 0)),
        ] {
            assert_eq!(parts(length, 1).0, Symbol { symbol, extra, value }, "{length}");
        }
        for (distance, (symbol, extra, value)) in [
            (1, (0, 0, 0)),
            (4, (3, 0, 0)),
            (5, (4, 1, 0)),
            (6, (4, 1, 1)),
            (32_768, (29, 13, 8_191)),
        ] {
            assert_eq!(parts(3, distance).1, Symbol { symbol, extra, value }, "{distance}");
        }
    }
}
