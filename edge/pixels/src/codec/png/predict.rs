//! What filters predict of a byte from those at its left, above, and above left (PNG §9.2).

use crate::simd::U8x16;

/// The filters (table 18).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter {
    None,
    Sub,
    Up,
    Average,
    Paeth,
}

impl Filter {
    /// In the order of their numbers.
    pub const ALL: [Self; 5] = [Self::None, Self::Sub, Self::Up, Self::Average, Self::Paeth];

    /// What sixteen bytes are predicted to be.
    #[inline(always)]
    pub fn lanes(self, left: U8x16, above: U8x16, corner: U8x16) -> U8x16 {
        match self {
            Self::None => U8x16::splat(0),
            Self::Sub => left,
            Self::Up => above,
            Self::Average => left.mean_down(above),
            Self::Paeth => paeth(left, above, corner),
        }
    }
}

/// Of left, above and corner the one that is nearest to the plane through them, left + above − corner
/// (§9.4).
///
/// From left to there is as far as from the corner to above, and so on. From the corner it is the sum
/// of both distances if they lead the same way, else their difference. A sum beyond 255 changes
/// nothing: neither of the two is more.
#[inline(always)]
fn paeth(left: U8x16, above: U8x16, corner: U8x16) -> U8x16 {
    let (from_left, from_above) = (above.difference(corner), left.difference(corner));
    let opposite = corner.at_most(left).xor(corner.at_most(above));
    let from_corner =
        opposite.choose(from_left.difference(from_above), from_left.add_saturating(from_above));
    let nearer = from_above.at_most(from_corner).choose(above, corner);
    from_left.at_most(from_above).and(from_left.at_most(from_corner)).choose(left, nearer)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As the standard has it.
    fn defined(a: u8, b: u8, c: u8) -> u8 {
        let p = i16::from(a) + i16::from(b) - i16::from(c);
        let [pa, pb, pc] = [a, b, c].map(|value| (p - i16::from(value)).abs());
        if pa <= pb && pa <= pc {
            a
        } else if pb <= pc {
            b
        } else {
            c
        }
    }

    #[test]
    fn paeth_is_that_of_the_standard() {
        for a in (0..=255).step_by(3) {
            for b in (0..=255).step_by(5) {
                for from in (0..=255_u8).step_by(16) {
                    let c: [u8; 16] = core::array::from_fn(|i| from + i as u8);
                    let mut found = [0; 16];
                    let (left, above) = (U8x16::splat(a), U8x16::splat(b));
                    Filter::Paeth.lanes(left, above, U8x16::load(&c)).store(&mut found);
                    assert_eq!(found, c.map(|c| defined(a, b, c)), "{a} {b} {from}");
                }
            }
        }
    }
}
