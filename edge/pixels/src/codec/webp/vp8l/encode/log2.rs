//! Logarithms in fixed point: what symbols cost must be the same number in every build.

/// Fractional bits of [`log2`].
pub const BITS: u32 = 16;

const STEPS: usize = 1 << 11;

/// log2(1 + i / STEPS).
static MANTISSAS: [u16; STEPS] = mantissas();

const fn mantissas() -> [u16; STEPS] {
    let mut table = [0; STEPS];
    let mut i = 0;
    while i < STEPS {
        // Squaring doubles the logarithm: each time it passes 2 the next bit is one.
        let mut x = ((STEPS + i) as u64) << 20;
        let one = (STEPS as u64) << 20;
        let mut bits = 0_u16;
        let mut bit = 0;
        while bit < BITS {
            x = ((x as u128 * x as u128) / one as u128) as u64;
            bits <<= 1;
            if x >= 2 * one {
                x /= 2;
                bits |= 1;
            }
            bit += 1;
        }
        table[i] = bits;
        i += 1;
    }
    table
}

/// The binary logarithm with [`BITS`] fractional bits; 0 of 0.
#[inline(always)]
pub fn log2(value: u32) -> u32 {
    if value == 0 {
        return 0;
    }
    let whole = 31 - value.leading_zeros();
    let mantissa = (value << (31 - whole)) >> 20;
    whole << BITS | u32::from(MANTISSAS[mantissa as usize & (STEPS - 1)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithms_are_near() {
        for value in [1, 2, 3, 7, 100, 4_095, 4_097, 1 << 20, 123_456_789, u32::MAX] {
            let exact = f64::from(value).log2() * f64::from(1 << BITS);
            assert!((f64::from(log2(value)) - exact).abs() < 50.0, "{value}");
        }
    }
}
