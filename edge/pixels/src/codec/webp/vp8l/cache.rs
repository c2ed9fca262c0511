//! The colour cache (RFC 9649 §3.6.2.3).

/// Recent colours, each in the place that its hash gives it.
pub struct Cache {
    colours: Vec<u32>,
    shift: u32,
}

/// Most bits of a place.
pub const LARGEST_BITS: u32 = 11;

impl Cache {
    /// A cache of 2^`bits` colours, all transparent black; `bits` from 1 to 11.
    pub fn new(bits: u32) -> Self {
        Self { colours: vec![0; 1 << bits], shift: 32 - bits }
    }

    /// The place of a colour.
    #[inline(always)]
    pub fn place(&self, colour: u32) -> u32 {
        colour.wrapping_mul(0x1e35_a7bd) >> self.shift
    }

    /// The colour in a place.
    #[inline(always)]
    pub fn get(&self, place: u32) -> Option<u32> {
        self.colours.get(place as usize).copied()
    }

    /// Puts a colour in its place.
    #[inline(always)]
    pub fn put(&mut self, colour: u32) {
        let place = self.place(colour) as usize;
        if let Some(held) = self.colours.get_mut(place) {
            *held = colour;
        }
    }

    /// Puts colours in their places.
    #[inline(always)]
    pub fn put_all(&mut self, colours: &[u32]) {
        colours.iter().for_each(|colour| self.put(*colour));
    }
}
