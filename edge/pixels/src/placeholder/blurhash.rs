//! BlurHash (github.com/woltapp/blurhash, Algorithm.md): the mean of linear light and a few waves of
//! it, in digits of base 83.

use super::cosines::cosines;
use crate::budget::zeros;
use crate::failure::Failure;
use crate::raster::Raster;

const DIGITS: &[u8; 83] =
    b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";

/// Waves along the longer side and along the shorter one, the constant one included.
const WAVES: (u32, u32) = (4, 3);

/// Encodes RGB.
///
/// # Errors
/// [`Failure::OverBudget`].
pub fn encode(raster: &Raster) -> Result<String, Failure> {
    let (width, height) = (raster.size.width, raster.size.height);
    let (across, down) = if width >= height { WAVES } else { (WAVES.1, WAVES.0) };
    let light: [f64; 256] = core::array::from_fn(|value| to_linear(value as f64 / 255.0));
    let mut linear: Vec<[f64; 3]> = zeros(raster.size.pixels() as usize)?;
    for (to, pixel) in linear.iter_mut().zip(raster.samples.as_chunks::<3>().0) {
        *to = pixel.map(|sample| light[usize::from(sample)]);
    }
    let mut waves = Vec::new();
    for j in 0..down {
        for i in 0..across {
            let (along_x, along_y) = (cosines(i, width, 0.0), cosines(j, height, 0.0));
            let norm = if i == 0 && j == 0 { 1.0 } else { 2.0 };
            let scale = norm / (f64::from(width) * f64::from(height));
            waves.push(sum(&linear, &along_x, &along_y).map(|sum| sum * scale));
        }
    }
    let (mean, varying) = waves.split_first().ok_or(Failure::truncated("picture data"))?;

    let mut hash = String::new();
    put(&mut hash, (across - 1) + (down - 1) * 9, 1);
    let largest = varying.iter().flatten().fold(0.0_f64, |most, part| most.max(part.abs()));
    let step = libm::floor(largest * 166.0 - 0.5).clamp(0.0, 82.0);
    put(&mut hash, step as u32, 1);
    let [r, g, b] = mean.map(|part| u32::from(to_srgb(part)));
    put(&mut hash, (r << 16) | (g << 8) | b, 4);
    for wave in varying {
        let [r, g, b] = wave.map(|part| {
            let share = part / ((step + 1.0) / 166.0);
            let root = libm::sqrt(share.abs()).copysign(share);
            libm::floor(root * 9.0 + 9.5).clamp(0.0, 18.0) as u32
        });
        put(&mut hash, (r * 19 + g) * 19 + b, 2);
    }
    Ok(hash)
}

fn sum(linear: &[[f64; 3]], along_x: &[f64], along_y: &[f64]) -> [f64; 3] {
    let mut sums = [0.0; 3];
    for (row, y) in linear.chunks_exact(along_x.len().max(1)).zip(along_y) {
        for (pixel, x) in row.iter().zip(along_x) {
            for (sum, sample) in sums.iter_mut().zip(pixel) {
                *sum += x * y * sample;
            }
        }
    }
    sums
}

/// IEC 61966-2-1.
fn to_linear(value: f64) -> f64 {
    if value <= 0.040_45 { value / 12.92 } else { libm::pow((value + 0.055) / 1.055, 2.4) }
}

/// The same backwards, as a byte.
fn to_srgb(value: f64) -> u8 {
    let value = value.clamp(0.0, 1.0);
    let encoded = if value <= 0.003_130_8 {
        value * 12.92
    } else {
        1.055 * libm::pow(value, 1.0 / 2.4) - 0.055
    };
    (encoded * 255.0 + 0.5) as u8
}

fn put(hash: &mut String, value: u32, digits: u32) {
    for place in (0..digits).rev() {
        let digit = value / 83_u32.pow(place) % 83;
        hash.extend(DIGITS.get(digit as usize).map(|digit| char::from(*digit)));
    }
}
