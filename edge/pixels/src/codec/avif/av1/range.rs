//! The range encoder (the inverse of AV1 §8.2).

use crate::failure::Failure;

/// Bits that are gathered before they are written: with what one symbol adds (13), what is not final
/// (15) and a carry (2) they fit into the 64.
const GATHERED: u32 = 32;

/// What a tile grows by.
const GROWTH: usize = 4 << 10;

/// The scale of probabilities.
pub const ONE: u32 = 1 << 15;

/// The least that a symbol gets of the range, whatever its probability.
const LEAST: u32 = 4;

/// Appends symbols to a tile.
pub struct Range {
    bytes: Vec<u8>,
    /// The lower end of the interval; above it is room for a carry.
    low: u64,
    /// The length of the interval, 2^15 to 2^16 − 1.
    range: u32,
    /// Bits of `low` that are final but for a carry: those above the lowest fifteen.
    count: u32,
    refused: bool,
}

impl Default for Range {
    fn default() -> Self {
        Self { bytes: Vec::new(), low: 0, range: ONE, count: 0, refused: false }
    }
}

impl Range {
    /// Writes a symbol, and makes it more probable (AV1 §8.2.6, §8.3.2). A distribution of `N` symbols
    /// is 2^15 less the cumulative probability of each but the last, and how often it was used (up to 32).
    #[inline(always)]
    pub fn symbol<const N: usize>(&mut self, symbol: usize, distribution: &mut [u16; N]) {
        let symbol = symbol.min(N - 1);
        let share = |probability: u16, after: usize| {
            (((self.range >> 8) * u32::from(probability >> 6)) >> 1) + LEAST * after as u32
        };
        let upper = match symbol {
            0 => self.range,
            _ => share(distribution[symbol - 1], N - symbol),
        };
        // The count in the last place is too small to count.
        let lower = share(distribution[symbol], N - 1 - symbol);
        self.narrow(self.range - upper, upper - lower);
        let used = distribution[N - 1];
        let rate = 4 + (used >> 4) + u16::from(N > 3);
        for (i, probability) in distribution.iter_mut().take(N - 1).enumerate() {
            if i < symbol {
                *probability += (ONE as u16 - *probability) >> rate;
            } else {
                *probability -= *probability >> rate;
            }
        }
        distribution[N - 1] = used + u16::from(used < 32);
    }

    /// Writes a bit that is one with a probability of `probability` / 2^15, which does not change.
    #[inline(always)]
    pub fn bit(&mut self, bit: bool, probability: u32) {
        let one = (((self.range >> 8) * (probability >> 6)) >> 1) + LEAST;
        if bit {
            self.narrow(self.range - one, one);
        } else {
            self.narrow(0, self.range - one);
        }
    }

    /// Writes the lowest `count` bits of a number, the highest first (`L(n)`).
    #[inline(always)]
    pub fn literal(&mut self, value: u32, count: u32) {
        for place in (0..count).rev() {
            self.bit(value >> place & 1 != 0, ONE / 2);
        }
    }

    /// Goes into a part of the interval.
    #[inline(always)]
    fn narrow(&mut self, from: u32, length: u32) {
        self.low += u64::from(from);
        let shift = length.leading_zeros() & 15;
        self.range = length << shift;
        self.low <<= shift;
        self.count += shift;
        if self.count >= GATHERED {
            self.emit();
        }
    }

    #[cold]
    fn emit(&mut self) {
        let bits = self.count + 15;
        // The interval is up to twice as long as what is not final, so that this is up to 2.
        let carry = self.low >> bits;
        if carry != 0 {
            self.carry(carry as u8);
        }
        let whole = self.count & !7;
        let bytes = (whole / 8) as usize;
        let done = (self.low << (64 - bits)).to_be_bytes();
        if self.bytes.capacity() - self.bytes.len() < bytes
            && self.bytes.try_reserve(GROWTH).is_err()
        {
            self.refused = true;
        }
        if !self.refused {
            self.bytes.extend_from_slice(done.get(..bytes).unwrap_or_default());
        }
        self.count -= whole;
        self.low &= (1 << (self.count + 15)) - 1;
    }

    #[cold]
    fn carry(&mut self, mut carry: u8) {
        for byte in self.bytes.iter_mut().rev() {
            let (sum, over) = byte.overflowing_add(carry);
            *byte = sum;
            if !over {
                break;
            }
            carry = 1;
        }
    }

    /// Ends the tile: the shortest number within the interval whatever follows, a one, and zeros up to
    /// the end of the byte (AV1 §8.2.4).
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn finish(mut self) -> Result<Vec<u8>, Failure> {
        self.low = (self.low + 0x3fff) & !0x3fff | 0x4000;
        // The one counts too, and what fills up its byte.
        let more = 1 + (7 - self.count % 8);
        self.low <<= more;
        self.count += more;
        self.emit();
        if self.refused {
            Err(Failure::out_of_memory(self.bytes.len() + GROWTH))
        } else {
            Ok(self.bytes)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The decoder of AV1 §8.2, a bit at a time.
    struct Reader<'a> {
        bytes: &'a [u8],
        at: usize,
        value: u32,
        range: u32,
    }

    impl<'a> Reader<'a> {
        fn new(bytes: &'a [u8]) -> Self {
            let mut reader = Self { bytes, at: 0, value: 0, range: ONE };
            (0..15).for_each(|_| reader.shift());
            reader.value ^= ONE - 1;
            reader.value &= ONE - 1;
            reader
        }

        fn shift(&mut self) {
            let bit = self.bytes.get(self.at / 8).map_or(0, |byte| byte >> (7 - self.at % 8) & 1);
            self.at += 1;
            self.value = self.value << 1 | u32::from(bit);
        }

        fn symbol<const N: usize>(&mut self, distribution: &[u16; N]) -> usize {
            let mut upper = self.range;
            let mut symbol = 0;
            let lower = loop {
                let p = if symbol < N - 1 { u32::from(distribution[symbol]) } else { 0 };
                let lower = (((self.range >> 8) * (p >> 6)) >> 1) + 4 * (N - 1 - symbol) as u32;
                if self.value >= lower {
                    break lower;
                }
                upper = lower;
                symbol += 1;
            };
            self.range = upper - lower;
            self.value -= lower;
            while self.range < ONE {
                self.range <<= 1;
                self.shift();
                self.value ^= 1;
            }
            symbol
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let mut state = 1_u32;
        let mut random = move || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state >> 8
        };
        for length in [0, 1, 2, 3, 7, 100, 5_000, 50_000] {
            for lean in [1, 4, 30, 255] {
                let start = [32_000, 20_000, 900, 0];
                let (mut range, mut distribution) = (Range::default(), start);
                let symbols: Vec<usize> = (0..length)
                    .map(|_| {
                        let wild = random() % 256 < lean;
                        if wild { random() as usize % 4 } else { 0 }
                    })
                    .collect();
                let mut states = vec![];
                for symbol in &symbols {
                    states.push(distribution);
                    range.symbol(*symbol, &mut distribution);
                    range.bit(*symbol > 1, 9_000);
                }
                let shifts = 8 * range.bytes.len() as u32 + range.count;
                let bytes = range.finish().unwrap();
                assert_eq!(bytes.len() as u32, shifts / 8 + 1, "a one fits in at least");
                let mut reader = Reader::new(&bytes);
                for (symbol, distribution) in symbols.iter().zip(states) {
                    assert_eq!(
                        reader.symbol(&distribution),
                        *symbol,
                        "{length} {lean} {distribution:?} at {} {bytes:02x?}",
                        reader.at
                    );
                    assert_eq!(reader.symbol(&[9_000, 0]), usize::from(*symbol > 1));
                }
                // AV1 §8.2.4: padding begins with a one where the reader stands, less what it has ahead.
                let end = reader.at - 15;
                let bit = |at: usize| bytes[at / 8] >> (7 - at % 8) & 1;
                assert_eq!(bit(end), 1);
                assert!((end + 1..8 * bytes.len()).all(|at| bit(at) == 0));
            }
        }
    }
}
