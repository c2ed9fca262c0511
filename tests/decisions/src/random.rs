//! Random numbers that are the same everywhere (SplitMix64).

/// A source of numbers.
#[derive(Debug)]
pub struct Random(u64);

impl Random {
    /// The numbers of a seed.
    pub fn new(seed: u32) -> Self {
        Self(u64::from(seed))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`; 0 if that is 0.
    pub fn below(&mut self, limit: u32) -> u32 {
        let scaled = u128::from(self.next()) * u128::from(limit);
        u32::try_from(scaled >> 64).unwrap_or(0)
    }

    /// Whether something happens that happens once in `times`.
    pub fn once_in(&mut self, times: u32) -> bool {
        self.below(times) == 0
    }

    /// One of `all`, which are not empty.
    pub fn one_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        let limit = u32::try_from(all.len()).unwrap_or(u32::MAX);
        &all[self.below(limit) as usize]
    }
}
