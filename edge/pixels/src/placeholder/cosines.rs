//! Cosines along a side, as both hashes sum them up.

use core::f64::consts::PI;

/// `cos(PI * wave * (place + shift) / count)` for each place.
pub fn cosines(wave: u32, count: u32, shift: f64) -> Vec<f64> {
    let step = PI * f64::from(wave) / f64::from(count);
    (0..count).map(|place| libm::cos(step * (f64::from(place) + shift))).collect()
}
