//! Unsharp masking: the difference to a slightly blurred luma is added to each pixel, as often as is
//! asked for. Luma alone, so that edges get no coloured fringes; each pixel as far as it is seen.

use selvedge_plan::geometry::Size;

use crate::budget::zeros;
use crate::channels::LUMA;
use crate::failure::Failure;
use crate::raster::{Channels, Raster};

/// A Gaussian with a standard deviation of 3/4 pixels: the middle weight, those beside it, and the
/// outermost ones. They sum up to one.
const TAPS: [f32; 5] = [4.0 / 256.0, 56.0 / 256.0, 136.0 / 256.0, 56.0 / 256.0, 4.0 / 256.0];

/// Rows that one row is made of.
const ROWS: usize = TAPS.len();

/// Rows above and below, and columns at both sides.
const REACH: usize = ROWS / 2;

/// Sharpens by so many hundredths.
///
/// # Errors
/// [`Failure::OverBudget`].
pub fn run(raster: &mut Raster, hundredths: u32) -> Result<(), Failure> {
    let amount = hundredths as f32 / 100.0;
    let (width, height) = (raster.size.width as usize, raster.size.height as usize);
    let (stride, channels) = (raster.stride(), raster.channels);
    // Luma of the unsharpened rows, in a ring, and their weighted sum; beyond the sides both go on as
    // they end.
    let mut ring: Vec<Vec<Seen>> = (0..ROWS).map(|_| zeros(width)).collect::<Result<_, _>>()?;
    let mut sum: Vec<Seen> = zeros(width + 2 * REACH)?;
    let mut came = 0;
    for y in 0..height {
        while came < height.min(y + REACH + 1) {
            let row = raster.samples.get(came * stride..(came + 1) * stride).unwrap_or_default();
            if let Some(place) = ring.get_mut(came % ROWS) {
                read(row, channels, place);
            }
            came += 1;
        }
        sum.fill(Seen::default());
        for (tap, weight) in TAPS.into_iter().enumerate() {
            let from = (y + tap).saturating_sub(REACH).min(height - 1);
            let rows = ring.get(from % ROWS).map(Vec::as_slice).unwrap_or_default();
            for (sum, seen) in sum.iter_mut().skip(REACH).zip(rows) {
                sum.add(*seen, weight);
            }
        }
        extend(&mut sum, width);
        let own = ring.get(y % ROWS).map(Vec::as_slice).unwrap_or_default();
        let row = raster.samples.get_mut(y * stride..(y + 1) * stride).unwrap_or_default();
        let pixels = row.chunks_exact_mut(channels.count());
        for ((pixel, own), around) in pixels.zip(own).zip(sum.windows(ROWS)) {
            let mut mean = Seen::default();
            around.iter().zip(TAPS).for_each(|(seen, weight)| mean.add(*seen, weight));
            if own.weight > 0.0 && mean.weight > 0.0 {
                let difference = own.luma / own.weight - mean.luma / mean.weight;
                shift(pixel, channels, difference * amount);
            }
        }
    }
    Ok(())
}

/// Upper bound of bytes in use besides the picture.
pub fn memory(size: Size) -> u64 {
    (u64::from(size.width) * (ROWS as u64 + 1) + ROWS as u64) * size_of::<Seen>() as u64
}

/// Luma times what is seen of it, and that.
#[derive(Clone, Copy, Default)]
struct Seen {
    luma: f32,
    weight: f32,
}

impl Seen {
    fn add(&mut self, other: Self, weight: f32) {
        self.luma += other.luma * weight;
        self.weight += other.weight * weight;
    }
}

fn read(row: &[u8], channels: Channels, to: &mut [Seen]) {
    let [of_r, of_g, of_b] = LUMA.map(|share| share as f32 / 65_536.0);
    for (seen, pixel) in to.iter_mut().zip(row.chunks_exact(channels.count())) {
        let (luma, weight) = match *pixel {
            [grey] => (f32::from(grey), 1.0),
            [grey, alpha] => (f32::from(grey), f32::from(alpha)),
            [r, g, b, ..] => {
                let luma = of_r * f32::from(r) + of_g * f32::from(g) + of_b * f32::from(b);
                (luma, pixel.get(3).map_or(1.0, |alpha| f32::from(*alpha)))
            }
            [] => continue,
        };
        *seen = Seen { luma: luma * weight, weight };
    }
}

fn extend(row: &mut [Seen], width: usize) {
    let ends = (row.get(REACH).copied(), row.get(REACH + width - 1).copied());
    if let (Some(first), Some(last)) = ends {
        row.iter_mut().take(REACH).for_each(|seen| *seen = first);
        row.iter_mut().skip(REACH + width).for_each(|seen| *seen = last);
    }
}

fn shift(pixel: &mut [u8], channels: Channels, by: f32) {
    let colours = channels.count() - usize::from(channels.has_alpha());
    for sample in pixel.iter_mut().take(colours) {
        *sample = (f32::from(*sample) + by + 0.5).clamp(0.0, 255.0) as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sharpened(amount: u32, size: Size, channels: Channels, samples: &[u8]) -> Vec<u8> {
        let mut raster = Raster::new(size, channels, samples.to_vec()).unwrap();
        run(&mut raster, amount).unwrap();
        raster.samples
    }

    #[test]
    fn what_is_flat_stays_as_it_is() {
        for (width, height) in [(1, 1), (2, 9), (9, 2)] {
            let size = Size { width, height };
            let samples = [9, 250, 31].repeat(size.pixels() as usize);
            assert_eq!(sharpened(1_000, size, Channels::Rgb, &samples), samples);
        }
    }

    #[test]
    fn an_edge_by_hand() {
        let size = Size { width: 6, height: 1 };
        let samples = [100, 100, 100, 200, 200, 200];
        // Two from the edge 4 of 256 parts come from beyond it, beside it 60: 1.6 and 23.4 of 100.
        let expected = [100, 98, 77, 223, 202, 200];
        assert_eq!(sharpened(100, size, Channels::Grey, &samples), expected);
    }

    #[test]
    fn what_is_not_seen_does_not_count() {
        let size = Size { width: 3, height: 1 };
        let samples = [50, 255, 250, 0, 50, 255];
        assert_eq!(sharpened(1_000, size, Channels::GreyAlpha, &samples), samples);
    }
}
