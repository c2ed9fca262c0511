//! sRGB: its curve, its primaries, and how light becomes its codes (IEC 61966-2-1).

use crate::budget::zeros;
use crate::failure::Failure;

/// A 3 × 3 matrix, row by row.
pub type Matrix = [[f64; 3]; 3];

/// The white of the connection space: D50 (ICC.1:2022 §7.2.16).
pub const D50: [f64; 3] = [0.9642, 1.0, 0.8249];

/// The light of red, green and blue of full strength as X, Y, Z in the connection space: the primaries
/// of ITU-R BT.709 under D65, adapted to D50 by the Bradford matrix.
const PRIMARIES: Matrix = [
    [0.436_065_673_828_125, 0.385_147_094_726_562_5, 0.143_066_406_25],
    [0.222_488_403_320_312_5, 0.716_873_168_945_312_5, 0.060_607_910_156_25],
    [0.013_916_015_625, 0.097_076_416_015_625, 0.714_096_069_335_937_5],
];

/// From X, Y, Z to the light of red, green and blue, 1 being full.
pub fn from_connection() -> Matrix {
    // The primaries can be inverted: they are no plane.
    inverse(PRIMARIES).unwrap_or_default()
}

/// The inverse of a matrix, if it has one.
pub fn inverse(m: Matrix) -> Option<Matrix> {
    let minor = |i: usize, j: usize| {
        let [(a, b), (c, d)] = [((i + 1) % 3, (j + 1) % 3), ((i + 2) % 3, (j + 2) % 3)];
        m[a][b] * m[c][d] - m[a][d] * m[c][b]
    };
    let determinant: f64 = (0..3).map(|j| m[0][j] * minor(0, j)).sum();
    let row = |j: usize| core::array::from_fn(|i| minor(i, j) / determinant);
    (determinant.abs() > 1e-9).then(|| core::array::from_fn(row))
}

/// One matrix after another: `a` times `b`.
pub fn times(a: Matrix, b: Matrix) -> Matrix {
    let entry = |i: usize, j: usize| (0..3).map(|k| a[i][k] * b[k][j]).sum();
    core::array::from_fn(|i| core::array::from_fn(|j| entry(i, j)))
}

/// A matrix times a column.
pub fn apply(m: &Matrix, [x, y, z]: [f64; 3]) -> [f64; 3] {
    m.map(|[a, b, c]| a * x + b * y + c * z)
}

/// The light that a code from 0 to 1 stands for.
pub fn light(code: f64) -> f64 {
    if code <= 0.040_45 { code / 12.92 } else { libm::pow((code + 0.055) / 1.055, 2.4) }
}

/// The code of light; beyond 0 to 1 the curve goes on.
pub fn code(light: f64) -> f64 {
    if light <= 0.003_130_8 { light * 12.92 } else { 1.055 * libm::pow(light, 1.0 / 2.4) - 0.055 }
}

/// Steps of light that have a code of their own: the darkest codes are twenty steps apart.
const STEPS: usize = 1 << 16;

/// Bytes of [`Codes`].
pub const CODES_MEMORY: u64 = STEPS as u64;

/// The 8-bit code of each step of light.
pub struct Codes(Vec<u8>);

impl Codes {
    /// Makes the table.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn new() -> Result<Self, Failure> {
        let mut table = zeros(STEPS)?;
        let mut start = 0;
        for value in 0..=255_u8 {
            // Up to the middle between this code and the next one.
            let middle = light((f64::from(value) + 0.5) / 255.0) * (STEPS - 1) as f64;
            let end = if value == 255 { STEPS } else { libm::ceil(middle) as usize };
            table.get_mut(start..end).unwrap_or_default().fill(value);
            start = end;
        }
        Ok(Self(table))
    }

    /// The code of light from 0 to 1, which is kept to that.
    #[inline(always)]
    pub fn of(&self, light: f32) -> u8 {
        let step = (light * (STEPS - 1) as f32 + 0.5).clamp(0.0, (STEPS - 1) as f32);
        // What is no number becomes 0.
        self.0.get(step as usize).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_light_are_each_others_inverse() {
        let codes = Codes::new().unwrap();
        for value in 0..=255_u8 {
            let exact = f64::from(value) / 255.0;
            assert!((code(light(exact)) - exact).abs() < 1e-6);
            for off in [-0.45, 0.0, 0.45] {
                let near = light(((f64::from(value) + off) / 255.0).clamp(0.0, 1.0));
                assert_eq!(codes.of(near as f32), value);
            }
        }
        for (light, code) in [(-9.0, 0), (2.0, 255), (f32::INFINITY, 255), (f32::NAN, 0)] {
            assert_eq!(codes.of(light), code);
        }
    }

    #[test]
    fn white_is_white() {
        let white = apply(&from_connection(), D50);
        assert!(white.iter().all(|value| (value - 1.0).abs() < 1e-3), "{white:?}");
        let one = times(PRIMARIES, from_connection());
        for (i, row) in one.iter().enumerate() {
            for (j, value) in row.iter().enumerate() {
                assert!((value - f64::from(u8::from(i == j))).abs() < 1e-12);
            }
        }
        assert_eq!(inverse([[1.0; 3]; 3]), None);
    }
}
