//! Where the channels are in the number of a pixel.

use crate::failure::Failure;

/// The field of one channel: its lowest bit, and the largest value it holds, 0 if there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Field {
    shift: u32,
    largest: u32,
}

impl Field {
    fn new(mask: u32) -> Option<Self> {
        if mask == 0 {
            return Some(Self::default());
        }
        let shift = mask.trailing_zeros();
        let largest = mask >> shift;
        // Bits that hang together are one less than a power of two.
        (u64::from(largest) + 1).is_power_of_two().then_some(Self { shift, largest })
    }

    #[inline(always)]
    fn sample(self, pixel: u32) -> u8 {
        let value = u64::from((pixel >> self.shift) & self.largest);
        let largest = u64::from(self.largest);
        ((value * 255 + largest / 2).checked_div(largest)).unwrap_or(0) as u8
    }
}

/// The fields of red, green, blue and alpha.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Masks([Field; 4]);

impl Masks {
    /// Those of a header, for pixels of so many bits.
    ///
    /// # Errors
    /// [`Failure::Malformed`] if the bits of one do not hang together, or two share some.
    pub fn new(masks: [u32; 4], bits: u32) -> Result<Self, Failure> {
        let wrong = || Failure::malformed("a mask that cannot be");
        let mut seen = 0_u32;
        for mask in masks {
            if seen & mask != 0 || u64::from(mask) >> bits != 0 {
                return Err(wrong());
            }
            seen |= mask;
        }
        let [r, g, b, alpha] = masks.map(|mask| Field::new(mask).ok_or_else(wrong));
        Ok(Self([r?, g?, b?, alpha?]))
    }

    /// Those that need not be said.
    pub fn usual(bits: u32) -> Self {
        let [red, green, blue] = match bits {
            16 => [(10, 31), (5, 31), (0, 31)],
            _ => [(16, 255), (8, 255), (0, 255)],
        }
        .map(|(shift, largest)| Field { shift, largest });
        Self([red, green, blue, Field::default()])
    }

    /// The same with alpha in the highest eight bits of 32.
    pub fn with_alpha(self) -> Self {
        let [red, green, blue, _] = self.0;
        Self([red, green, blue, Field { shift: 24, largest: 255 }])
    }

    /// Whether there is alpha.
    pub fn has_alpha(self) -> bool {
        let [.., alpha] = self.0;
        alpha.largest != 0
    }

    /// Red, green, blue and alpha of a pixel.
    #[inline(always)]
    pub fn samples(self, pixel: u32) -> [u8; 4] {
        self.0.map(|field| field.sample(pixel))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_reach_from_black_to_white() {
        let masks = Masks::new([0xf800, 0x07e0, 0x001f, 0], 16).unwrap();
        assert!(!masks.has_alpha());
        assert_eq!(masks.samples(0xffff), [255, 255, 255, 0]);
        assert_eq!(masks.samples(0), [0; 4]);
        assert_eq!(masks.samples(16 << 11 | 32 << 5 | 1), [132, 130, 8, 0]);
        let wide = Masks::new([0xffff_0000, 0, 0x8000, 0x7fff], 32).unwrap();
        assert_eq!(wide.samples(0x8000_8000 | 0x7fff), [128, 0, 255, 255]);
        assert_eq!(Masks::usual(32).with_alpha().samples(0x8012_3456), [0x12, 0x34, 0x56, 0x80]);
    }

    #[test]
    fn fields_that_cannot_be_are_refused() {
        for masks in [[5, 0, 0, 0], [3, 6, 0, 0], [0x1_0000, 0, 0, 0]] {
            assert!(Masks::new(masks, 16).is_err(), "{masks:?}");
        }
    }
}
