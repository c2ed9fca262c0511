//! How much a symbol tells, in 256ths of a bit.

use super::range::ONE;
use crate::logarithm::logarithm;

/// 256 × −log2(2^15 × (1 + i / 256) / 2^16).
const FRACTIONS: [u16; 257] = {
    let mut table = [0; 257];
    let mut i = 0;
    while i < 256 {
        // Twelve digits, of which eight are kept.
        table[i] = 256 - ((logarithm(256 + i as u64) - (8 << 12) + 8) >> 4) as u16;
        i += 1;
    }
    table
};

/// What an event tells whose probability is `probability` / 2^15.
#[inline(always)]
pub fn information(probability: u32) -> u16 {
    let probability = probability.clamp(1, ONE);
    let shift = probability.leading_zeros() - 16;
    let mantissa = (probability << shift) - ONE;
    let fraction = FRACTIONS[((mantissa + 64) >> 7).min(256) as usize];
    // Of one half of 2^16 the fraction is a bit.
    (shift as u16 * 256 + fraction).saturating_sub(256)
}

/// What the symbols of a distribution tell, as the range coder has it: a probability is rounded down to
/// 512ths, and 4 of a range of 47000 or so are added.
#[inline(always)]
pub fn costs<const N: usize>(distribution: &[u16; N]) -> [u16; N] {
    let mut upper = ONE;
    let mut costs = [0; N];
    for (i, (cost, probability)) in costs.iter_mut().zip(distribution).enumerate() {
        let lower = u32::from(probability & !63) + 3 * (N - 1 - i) as u32;
        *cost = information(upper.saturating_sub(lower));
        upper = lower;
    }
    costs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbols_cost_their_information() {
        for probability in 1..=ONE {
            let exact = -(f64::from(probability) / 32_768.0).log2() * 256.0;
            let cost = f64::from(information(probability));
            assert!((cost - exact).abs() <= 1.3, "{probability}: {cost} for {exact}");
        }
        assert_eq!([ONE, ONE / 2, 1].map(information), [0, 256, 15 * 256]);
        let costs = costs(&[32_000, 20_000, 900, 0]);
        let sum: f64 = costs.iter().map(|cost| (-f64::from(*cost) / 256.0).exp2()).sum();
        assert!((sum - 1.0).abs() < 0.01, "{costs:?}");
    }
}
