//! Powers, sines and products in fixed point with 32 fractional bits.
//!
//! Integers alone, since floats of libraries differ between builds: a colour has to be the same eight
//! bits everywhere, for they are part of the cache key. Errors are below 2^-29, which is a millionth of
//! a step of eight bits.
#![expect(
    clippy::arithmetic_side_effects,
    reason = "values are below 2^48 here, products are of 128 bits, and divisors are constants"
)]

/// One.
pub const ONE: i64 = 1 << BITS;

const BITS: u32 = 32;

/// Fractional bits while powers are taken: of factors from 1 to below 2, and of logarithms.
const FACTOR_BITS: u32 = 62;
const LOG_BITS: u32 = 48;

/// Radians in a turn.
const RADIANS: i64 = 26_986_075_409;

/// A product, rounded half up.
pub fn product(a: i64, b: i64) -> i64 {
    narrow((i128::from(a) * i128::from(b) + (1 << (BITS - 1))) >> BITS)
}

/// A vector times a matrix of factors in 10^-12.
pub fn transformed(matrix: &[[i64; 3]; 3], [x, y, z]: [i64; 3]) -> [i64; 3] {
    matrix.map(|[a, b, c]| {
        let sum = i128::from(a) * i128::from(x)
            + i128::from(b) * i128::from(y)
            + i128::from(c) * i128::from(z);
        narrow(sum.div_euclid(1_000_000_000_000))
    })
}

/// A decimal number of units of 10^-`places`.
pub fn from_decimal(units: i64, places: u32) -> i64 {
    let one = 10_i128.pow(places);
    narrow((i128::from(units) * i128::from(ONE) + one / 2).div_euclid(one))
}

/// `base` to the power of `numerator` / `denominator`; what is negative keeps its sign.
pub fn power(base: i64, numerator: i64, denominator: i64) -> i64 {
    if base < 0 {
        return -power(-base, numerator, denominator);
    }
    if base == 0 {
        return 0;
    }
    narrow(exp2(log2(base) * i128::from(numerator) / i128::from(denominator)))
}

/// The logarithm to base 2 of a positive number: bit by bit, by squaring.
fn log2(value: i64) -> i128 {
    let top = value.ilog2();
    let mut factor = u128::from(value.unsigned_abs()) << (FACTOR_BITS - top);
    let mut log = (i128::from(top) - i128::from(BITS)) << LOG_BITS;
    for bit in (0..LOG_BITS).rev() {
        factor = (factor * factor) >> FACTOR_BITS;
        if factor >> (FACTOR_BITS + 1) != 0 {
            factor >>= 1;
            log += 1 << bit;
        }
    }
    log
}

/// 2 to the power of a logarithm: bit by bit, by roots of 2.
fn exp2(log: i128) -> i128 {
    let mut factor = 1_u128 << FACTOR_BITS;
    let mut root = 2_u128 << FACTOR_BITS;
    for bit in (0..LOG_BITS).rev() {
        root = (root << FACTOR_BITS).isqrt();
        if log >> bit & 1 != 0 {
            factor = (factor * root) >> FACTOR_BITS;
        }
    }
    let factor = i128::try_from(factor).unwrap_or(i128::MAX);
    match i128::from(FACTOR_BITS - BITS) - (log >> LOG_BITS) {
        right @ 0..=126 => factor >> right,
        ..0 => factor << BITS,
        _ => 0,
    }
}

/// The sine of so many turns.
pub fn sine(turns: i64) -> i64 {
    let turns = turns.rem_euclid(ONE);
    if turns >= ONE / 2 {
        return -sine(turns - ONE / 2);
    }
    let radians = product(turns.min(ONE / 2 - turns), RADIANS);
    let square = product(radians, radians);
    // The series up to x^21 / 21!, which is below 2^-32 at a quarter of a turn.
    let (mut term, mut sum) = (radians, radians);
    for n in 1..=10 {
        term = -product(term, square) / (2 * n * (2 * n + 1));
        sum += term;
    }
    sum
}

/// The cosine of so many turns.
pub fn cosine(turns: i64) -> i64 {
    sine(turns + ONE / 4)
}

fn narrow(value: i128) -> i64 {
    i64::try_from(value).unwrap_or(if value < 0 { -i64::MAX } else { i64::MAX })
}

#[cfg(test)]
#[expect(clippy::float_arithmetic, reason = "floats are what the integers are checked by")]
mod tests {
    use super::*;

    fn float(value: i64) -> f64 {
        value as f64 / ONE as f64
    }

    #[test]
    fn powers_are_those_of_floats() {
        for (numerator, denominator) in [(5, 12), (12, 5), (563, 256), (9, 5), (1, 3), (3, 1)] {
            for step in 1..3_000_i64 {
                let base = step * 1_234_567;
                let exact = float(base).powf(numerator as f64 / denominator as f64);
                let got = float(power(base, numerator, denominator));
                assert!(
                    (got - exact).abs() < 2.0_f64.powi(-29),
                    "{base} {numerator}: {got} {exact}"
                );
                assert_eq!(
                    power(-base, numerator, denominator),
                    -power(base, numerator, denominator)
                );
            }
        }
        assert_eq!(power(0, 5, 12), 0);
        assert_eq!(power(ONE, 5, 12), ONE);
        assert_eq!(power(1, 12, 1), 0);
        assert_eq!(power(i64::MAX, 12, 1), i64::MAX);
    }

    #[test]
    fn sines_are_those_of_floats() {
        for step in -2_000..2_000_i64 {
            let turns = step * 4_294_967;
            let (sin, cos) = (float(turns) * core::f64::consts::TAU).sin_cos();
            for (got, exact) in [(sine(turns), sin), (cosine(turns), cos)] {
                assert!((float(got) - exact).abs() < 2.0_f64.powi(-29), "{turns}: {exact}");
            }
        }
    }
}
