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
    let mut ended = false;
    while k <= last_kept(N) {
        // No symbol takes more.
        if ahead.count < 32 {
            bits.refill_into(&mut ahead);
        }
        let symbol = coding.ac.next(&mut ahead, true, &mut broken);
        k += symbol.advance;
        ended = symbol.advance == END_OF_BLOCK;
        // Beyond the last coefficient, and so after the end of a block, all places are the first.
        let at = (k - 1) & 127;
        block[places.of(at)] = symbol.value.wrapping_mul(coding.steps[at as usize]);
    }
    if N < 64 && !ended {
        while k < 64 {
            if ahead.count < 32 {
                bits.refill_into(&mut ahead);
            }
            let (used, advanced, ends) = coding.ac.skip(ahead.peek(LOOKUP_BITS));
            if used != 0 && k + advanced < 64 {
                ahead.skip(used);
                k += advanced;
                ended = ends;
            } else {
                let symbol = coding.ac.next(&mut ahead, true, &mut broken);
                k += symbol.advance;
                ended = symbol.advance == END_OF_BLOCK;
            }
            if ended {
                break;
            }
        }
    }
    // Without the sign of its end, a block has to end with coefficient 63.
    bits.broken |= broken | (!ended && k != 64);
    block[0] = (*before as i16).wrapping_mul(coding.steps[0]);
    bits.ahead = ahead;
}
