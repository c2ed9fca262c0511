//! Logarithms for tables of what symbols tell.

/// 4096 × log2(`value`), rounded down, of 1 to 2^32, digit by digit: a square that passes two gives a one.
pub const fn logarithm(value: u64) -> u64 {
    let whole = 63 - value.leading_zeros();
    let mut mantissa = (value << 32) >> whole;
    let (mut logarithm, mut digit) = (whole as u64, 0);
    while digit < 12 {
        mantissa = ((mantissa as u128 * mantissa as u128) >> 32) as u64;
        logarithm <<= 1;
        if mantissa >= 2 << 32 {
            mantissa >>= 1;
            logarithm += 1;
        }
        digit += 1;
    }
    logarithm
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithms_are_rounded_down() {
        for value in (1..=70_000).chain([u64::from(u32::MAX), 1 << 32]) {
            let exact = (value as f64).log2() * 4_096.0;
            let found = logarithm(value) as f64;
            assert!(
                (exact - 1.001..=exact + 0.001).contains(&found),
                "{value}: {found} for {exact}"
            );
        }
    }
}
