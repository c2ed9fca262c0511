//! The checksum of zlib streams: Adler-32 (RFC 1950 §8.2).

use crate::simd::{I16x8, I32x4, U8x16};

/// The largest prime below 65 536.
const BASE: u32 = 65_521;

/// Bytes taken between two divisions: their sums still fit 32 signed bits, beside a rest of
/// [`BASE`] that is counted for each of them.
const PART: usize = 5_536 / LANES * LANES;

const LANES: usize = 16;

/// How often each of sixteen bytes is in the sum of sums.
const TIMES: [[i16; 8]; 2] = [[16, 15, 14, 13, 12, 11, 10, 9], [8, 7, 6, 5, 4, 3, 2, 1]];

/// A checksum under way.
#[derive(Clone, Copy)]
pub struct Adler {
    /// One, and the bytes.
    low: u32,
    /// The sum of `low` after each byte.
    high: u32,
}

impl Adler {
    /// That of no bytes.
    pub fn new() -> Self {
        Self { low: 1, high: 0 }
    }

    /// Goes on over `bytes`.
    pub fn add(&mut self, bytes: &[u8]) {
        for part in bytes.chunks(PART) {
            let (blocks, rest) = part.as_chunks::<LANES>();
            let (first, second) = (I16x8::load(&TIMES[0]), I16x8::load(&TIMES[1]));
            // The sum of bytes before each block, the bytes, and those by their place in the block.
            let (mut before, mut sums, mut places) =
                (I32x4::splat(0), I32x4::splat(0), I32x4::splat(0));
            for block in blocks {
                let bytes = U8x16::load(block);
                let (low, high) = bytes.widen();
                before = before.add(sums);
                sums = sums.add(bytes.distances(U8x16::splat(0)));
                places = places.add(low.dot(first)).add(high.dot(second));
            }
            let count = blocks.len() * LANES;
            self.high += self.low * count as u32 + LANES as u32 * sum(before) + sum(places);
            self.low += sum(sums);
            for byte in rest {
                self.low += u32::from(*byte);
                self.high += self.low;
            }
            self.low %= BASE;
            self.high %= BASE;
        }
    }

    /// The checksum.
    pub fn sum(self) -> u32 {
        self.high << 16 | self.low
    }
}

fn sum(lanes: I32x4) -> u32 {
    let mut four = [0; 4];
    lanes.store(&mut four);
    four.iter().map(|lane| *lane as u32).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_those_of_the_standard() {
        let mut adler = Adler::new();
        adler.add(b"Wikipedia");
        assert_eq!(adler.sum(), 0x11e6_0398);
    }

    #[test]
    fn the_largest_bytes_do_not_overflow_and_parts_make_no_difference() {
        let bytes = vec![255; 40_000];
        let (low, high) = bytes.iter().fold((1_u64, 0_u64), |(low, high), byte| {
            let low = (low + u64::from(*byte)) % u64::from(BASE);
            (low, (high + low) % u64::from(BASE))
        });
        for cut in [0, 1, 15, 16, 5_551, 39_999] {
            let mut adler = Adler::new();
            adler.add(&bytes[..cut]);
            adler.add(&bytes[cut..]);
            assert_eq!(u64::from(adler.sum()), high << 16 | low, "{cut}");
        }
    }
}
