//! ThumbHash (evanw.github.io/thumbhash): luminance, two differences of colours and alpha as a few
//! cosine waves of four bits each.

use super::cosines::cosines;
use crate::budget::zeros;
use crate::failure::Failure;
use crate::raster::Raster;

/// A channel in waves: the constant one, the others between 0 and 1, and what they were divided by.
struct Waves {
    constant: f64,
    varying: Vec<f64>,
    scale: f64,
}

/// Encodes RGBA with sides of at most 100 pixels.
///
/// # Errors
/// [`Failure::OverBudget`].
pub fn encode(raster: &Raster) -> Result<Vec<u8>, Failure> {
    let (width, height) = (raster.size.width, raster.size.height);
    let (pixels, _) = raster.samples.as_chunks::<4>();
    let mean = mean(pixels);
    let has_alpha = pixels.iter().any(|pixel| pixel[3] != 255);

    // Luminance, yellow less blue, red less green, and alpha, on the mean colour.
    let mut channels: Vec<[f64; 4]> = zeros(pixels.len())?;
    for (to, pixel) in channels.iter_mut().zip(pixels) {
        let [r, g, b, alpha] = pixel.map(|sample| f64::from(sample) / 255.0);
        let on_mean = |sample: f64, mean: f64| mean * (1.0 - alpha) + alpha * sample;
        let (r, g, b) = (on_mean(r, mean[0]), on_mean(g, mean[1]), on_mean(b, mean[2]));
        *to = [(r + g + b) / 3.0, (r + g) / 2.0 - b, r - g, alpha];
    }

    let longer = f64::from(width.max(height));
    let most = if has_alpha { 5.0 } else { 7.0 };
    let count = |side: u32| round(most * f64::from(side) / longer).max(1);
    let (across, down) = (count(width), count(height));
    let waves = |channel: usize, across: u32, down: u32| {
        waves(&channels, channel, (width, height), (across, down))
    };
    let light = waves(0, across.max(3), down.max(3));
    let (yellow, red) = (waves(1, 3, 3), waves(2, 3, 3));
    let alpha = has_alpha.then(|| waves(3, 5, 5));

    let landscape = width > height;
    let constants = round(63.0 * light.constant)
        | (round(31.5 + 31.5 * yellow.constant) << 6)
        | (round(31.5 + 31.5 * red.constant) << 12)
        | (round(31.0 * light.scale) << 18)
        | (u32::from(has_alpha) << 23);
    let scales = (if landscape { down } else { across })
        | (round(63.0 * yellow.scale) << 3)
        | (round(63.0 * red.scale) << 9)
        | (u32::from(landscape) << 15);
    let [a, b, c, _] = constants.to_le_bytes();
    let [d, e, ..] = scales.to_le_bytes();
    let mut hash = vec![a, b, c, d, e];
    if let Some(alpha) = &alpha {
        hash.push((round(15.0 * alpha.constant) | (round(15.0 * alpha.scale) << 4)) as u8);
    }
    let varying: Vec<u8> = [Some(light), Some(yellow), Some(red), alpha]
        .into_iter()
        .flatten()
        .flat_map(|waves| waves.varying)
        .map(|wave| round(15.0 * wave) as u8)
        .collect();
    let bytes = varying.chunks(2).map(|pair| match *pair {
        [low, high] => low | (high << 4),
        _ => pair.first().copied().unwrap_or(0),
    });
    hash.extend(bytes);
    Ok(hash)
}

/// The mean colour of what is seen, from 0 to 1.
fn mean(pixels: &[[u8; 4]]) -> [f64; 3] {
    let (mut sums, mut seen) = ([0_u64; 3], 0_u64);
    for [r, g, b, alpha] in pixels {
        let alpha = u64::from(*alpha);
        for (sum, sample) in sums.iter_mut().zip([r, g, b]) {
            *sum += u64::from(*sample) * alpha;
        }
        seen += alpha;
    }
    sums.map(|sum| if seen == 0 { 0.0 } else { sum as f64 / (seen * 255) as f64 })
}

fn waves(
    channels: &[[f64; 4]],
    channel: usize,
    (width, height): (u32, u32),
    (across, down): (u32, u32),
) -> Waves {
    let mut all = Vec::new();
    for j in 0..down {
        let along_y = cosines(j, height, 0.5);
        // Those below the diagonal: the fine ones in both directions are left out.
        for i in (0..across).take_while(|i| i * down < across * (down - j)) {
            let along_x = cosines(i, width, 0.5);
            let rows = channels.chunks_exact(width as usize).zip(&along_y);
            let sum: f64 = rows
                .map(|(row, y)| {
                    let line = row.iter().zip(&along_x).map(|(pixel, x)| pixel[channel] * x);
                    line.sum::<f64>() * y
                })
                .sum();
            all.push(sum / (f64::from(width) * f64::from(height)));
        }
    }
    let constant = if all.is_empty() { 0.0 } else { all.remove(0) };
    let scale = all.iter().fold(0.0_f64, |most, wave| most.max(wave.abs()));
    if scale > 0.0 {
        all.iter_mut().for_each(|wave| *wave = 0.5 + 0.5 / scale * *wave);
    }
    Waves { constant, varying: all, scale }
}

fn round(value: f64) -> u32 {
    libm::floor(value + 0.5).max(0.0) as u32
}
