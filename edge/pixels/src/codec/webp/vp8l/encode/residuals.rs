//! What residuals are likely to take: by channel and value, learnt as choices are made.

use super::log2::{BITS, log2};

/// Costs of the values of each channel, blue first, with 8 fractional bits.
pub struct Residuals {
    pub costs: [[u16; 256]; 4],
    counts: [[u32; 256]; 4],
}

impl Residuals {
    /// Before anything is known small residuals are likely.
    pub fn new() -> Self {
        let likely = |value: usize| {
            let distance = (value as u8 as i8).unsigned_abs();
            4_096 / (1 + u32::from(distance) * u32::from(distance))
        };
        let counts = core::array::from_fn(likely);
        let mut residuals = Self { costs: [[0; 256]; 4], counts: [counts; 4] };
        residuals.learn();
        residuals
    }

    /// Notes a residual that was chosen.
    #[inline(always)]
    pub fn note(&mut self, residual: u32) {
        for (counts, value) in self.counts.iter_mut().zip(residual.to_le_bytes()) {
            counts[usize::from(value)] += 8;
        }
    }

    /// Makes costs of what was noted.
    pub fn learn(&mut self) {
        for (costs, counts) in self.costs.iter_mut().zip(&mut self.counts) {
            let total = log2(counts.iter().map(|count| count + 1).sum());
            for (cost, count) in costs.iter_mut().zip(counts.iter_mut()) {
                *cost = ((total - log2(*count + 1)) >> (BITS - 8)) as u16;
                // What is near counts more than what is far above.
                *count -= *count / 4;
            }
        }
    }

    /// What a residual takes.
    #[inline(always)]
    pub fn cost(&self, residual: u32) -> u32 {
        let bytes = residual.to_le_bytes().map(usize::from);
        (0..4).map(|i| u32::from(self.costs[i][bytes[i]])).sum()
    }
}
