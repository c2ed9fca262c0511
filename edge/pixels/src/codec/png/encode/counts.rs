//! How often bytes are in bytes.

/// Four tables: the next byte is often the same, and would wait for the count.
pub struct Counts([[u32; 256]; 4]);

impl Default for Counts {
    fn default() -> Self {
        Self([[0; 256]; 4])
    }
}

impl Counts {
    /// Counts `bytes`, too.
    pub fn add(&mut self, bytes: &[u8]) {
        let Self(tables) = self;
        let (fours, rest) = bytes.as_chunks::<4>();
        for four in fours {
            for (counts, byte) in tables.iter_mut().zip(four) {
                counts[usize::from(*byte)] += 1;
            }
        }
        rest.iter().for_each(|byte| tables[0][usize::from(*byte)] += 1);
    }

    /// How often each byte was there.
    pub fn sums(&self) -> [u32; 256] {
        core::array::from_fn(|byte| self.0.iter().map(|counts| counts[byte]).sum())
    }
}
