//! Decoding one block of a sequential scan to the coefficients that its scale needs.

use super::bits::Bits;
use super::huffman::{END_OF_BLOCK, LOOKUP_BITS, Table};
use super::tables::ZIGZAG;

/// Where coefficients go when the `N` lowest of each block, N = 64, 16, 4 or 1, are kept, row by
/// row. What is not kept goes to place 0, which is written last.
pub struct Places<const N: usize> {
    places: [u8; 128],
}

/// The last coefficient in zigzag order that is kept of `n` ones.
pub const fn last_kept(n: usize) -> u32 {
    match n {
        1 => 0,
        4 => 4,
        16 => 24,
        _ => 63,
    }
}

impl<const N: usize> Places<N> {
    const SIDE: u8 = match N {
        1 => 1,
        4 => 2,
        16 => 4,
        _ => 8,
    };

    pub const ALL: Self = {
        let mut places = [0; 128];
        let mut k = 0;
        while k < 64 {
            let (row, column) = (ZIGZAG[k] / 8, ZIGZAG[k] % 8);
            if row < Self::SIDE && column < Self::SIDE {
                places[k] = row * Self::SIDE + column;
            }
            k += 1;
        }
        Self { places }
    };

    /// One bit for each coefficient in zigzag order: whether it is kept.
    pub const KEPT: u64 = {
        let mut kept = 1;
        let mut k = 1;
        while k < 64 {
            if Self::ALL.places[k] != 0 {
                kept |= 1 << k;
            }
            k += 1;
        }
        kept
    };

    /// The place of coefficient `k`.
    #[inline(always)]
    pub fn of(&self, k: u32) -> usize {
        usize::from(self.places[(k & 127) as usize]) & (N - 1)
    }
}

/// How many look-ups a refill is enough for.
const LOOKUPS: u32 = 56 / LOOKUP_BITS;

/// What one component's blocks are decoded with.
pub struct Coding<'a> {
    pub dc: &'a Table,
    pub ac: &'a Table,
    /// Quantisation steps in zigzag order.
    pub steps: &'a [i16; 128],
}

/// Decodes a block, dequantised, with `before` as the DC value of the one before it; it becomes that
/// of this one.
#[inline(always)]
pub fn decode<const N: usize>(
    bits: &mut Bits<'_>,
    coding: &Coding<'_>,
    before: &mut i32,
    block: &mut [i16; N],
) {
    let places = const { &Places::<N>::ALL };
    let mut ahead = bits.ahead;
    let mut broken = false;
    bits.refill_into(&mut ahead);
    let difference = coding.dc.next(&mut ahead, false, &mut broken).value;
    *before = before.wrapping_add(difference.into());

    let mut k = 1;
    // Beyond the last coefficient, and so after the end of a block, all places are the first.
    let mut put = |k: u32, value: i16| {
        let at = (k - 1) & 127;
        block[places.of(at)] = value.wrapping_mul(coding.steps[at as usize]);
    };
    let mut advance = 0;
    'kept: while k <= last_kept(N) {
        bits.refill_into(&mut ahead);
        for _ in 0..LOOKUPS {
            let pair = coding.ac.pair(ahead.peek(LOOKUP_BITS));
            // The second symbol is of this block only if the first one does not end it.
            if pair.length() == 0 || k + pair.first_advance() > 63 {
                if ahead.count < 32 {
                    bits.refill_into(&mut ahead);
                }
                let symbol = coding.ac.next(&mut ahead, true, &mut broken);
                advance = symbol.advance;
                k += advance;
                put(k, symbol.value);
                continue 'kept;
            }
            ahead.skip(pair.length());
            advance = pair.advance();
            put(k + advance, pair.second());
            put(k + pair.first_advance(), pair.first());
            k += advance;
            if k > last_kept(N) {
                break 'kept;
            }
        }
    }
    let mut ended = advance == END_OF_BLOCK;
    if N < 64 && !ended {
        'passed: while k < 64 {
            bits.refill_into(&mut ahead);
            for _ in 0..LOOKUPS {
                let (used, advanced, ends) = coding.ac.skip(ahead.peek(LOOKUP_BITS));
                if used == 0 || k + advanced > 63 {
                    if ahead.count < 32 {
                        bits.refill_into(&mut ahead);
                    }
                    let symbol = coding.ac.next(&mut ahead, true, &mut broken);
                    k += symbol.advance;
                    ended = symbol.advance == END_OF_BLOCK;
                    if ended {
                        break 'passed;
                    }
                    continue 'passed;
                }
                ahead.skip(used);
                k += advanced;
                ended = ends;
                if ended {
                    break 'passed;
                }
            }
        }
    }
    // Without the sign of its end, a block has to end with coefficient 63.
    bits.broken |= broken | (!ended && k != 64);
    block[0] = (*before as i16).wrapping_mul(coding.steps[0]);
    bits.ahead = ahead;
}
