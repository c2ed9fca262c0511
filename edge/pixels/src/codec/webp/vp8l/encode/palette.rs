//! The colour indexing transform, forward (RFC 9649 §3.5.4).

/// Most colours of a palette.
const MOST: usize = 256;

/// Slots of the table that colours are looked up in.
const SLOTS: usize = 1_024;

/// The colours of a picture with few of them.
pub struct Palette {
    /// In ascending order.
    pub colours: Vec<u32>,
    /// Colours and their numbers, by hash.
    slots: Vec<Option<(u32, u8)>>,
}

impl Palette {
    /// The colours of a picture, unless they are more than 256.
    pub fn of(pixels: &[u32]) -> Option<Self> {
        let mut palette = Self { colours: Vec::new(), slots: vec![None; SLOTS] };
        let mut before = None;
        for colour in pixels {
            if Some(*colour) == before {
                continue;
            }
            before = Some(*colour);
            let slot = palette.slot(*colour);
            if palette.slots[slot].is_none() {
                if palette.colours.len() == MOST {
                    return None;
                }
                palette.slots[slot] = Some((*colour, 0));
                palette.colours.push(*colour);
            }
        }
        palette.colours.sort_unstable();
        for (number, colour) in (0..=255).zip(palette.colours.clone()) {
            let slot = palette.slot(colour);
            palette.slots[slot] = Some((colour, number));
        }
        Some(palette)
    }

    /// Where a colour is, or would be.
    fn slot(&self, colour: u32) -> usize {
        let mut slot = (colour.wrapping_mul(0x9e37_79b1) >> 22) as usize;
        while self.slots[slot % SLOTS].is_some_and(|(held, _)| held != colour) {
            slot += 1;
        }
        slot % SLOTS
    }

    fn number(&self, colour: u32) -> u32 {
        self.slots[self.slot(colour)].map_or(0, |(_, number)| number.into())
    }

    /// How many numbers are packed into one pixel, as a binary logarithm.
    pub fn bits(&self) -> u32 {
        match self.colours.len() {
            ..=2 => 3,
            3..=4 => 2,
            5..=16 => 1,
            _ => 0,
        }
    }

    /// Replaces pixels by their numbers, packed into green, and gives the new width.
    pub fn apply(&self, pixels: &mut Vec<u32>, wide: usize) -> usize {
        let bits = self.bits();
        let (count, depth) = (1 << bits, 8 >> bits);
        let packed = wide.div_ceil(count);
        let rows = pixels.len() / wide;
        for y in 0..rows {
            for x in 0..packed {
                let start = y * wide + x * count;
                let end = (start + count).min((y + 1) * wide);
                let colours = pixels[start..end].iter().rev();
                let green = colours.fold(0, |green, colour| green << depth | self.number(*colour));
                pixels[y * packed + x] = 0xff00_0000 | green << 8;
            }
        }
        pixels.truncate(rows * packed);
        packed
    }

    /// The colours as they are stored: each as its difference to the one before.
    pub fn stored(&self) -> Vec<u32> {
        let before = core::iter::once(&0).chain(&self.colours);
        let less = |(colour, before): (&u32, &u32)| {
            let (colour, before) = (colour.to_le_bytes(), before.to_le_bytes());
            u32::from_le_bytes(core::array::from_fn(|i| colour[i].wrapping_sub(before[i])))
        };
        self.colours.iter().zip(before).map(less).collect()
    }
}
