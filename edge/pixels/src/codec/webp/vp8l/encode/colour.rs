//! The colour transform, forward (RFC 9649 §3.5.2), and subtracting green (§3.5.3).

use super::super::transform::share;
use super::residuals::Residuals;
use crate::budget::zeros;
use crate::failure::Failure;

/// Subtracts green from red and blue.
pub fn subtract_green(pixels: &mut [u32]) {
    for pixel in pixels {
        let [blue, green, red, alpha] = pixel.to_le_bytes();
        let (blue, red) = (blue.wrapping_sub(green), red.wrapping_sub(green));
        *pixel = u32::from_le_bytes([blue, green, red, alpha]);
    }
}

/// How much of a channel is in another: green in red, green in blue, red in blue, in 32nds.
type Factors = [u8; 3];

/// Subtracts from red and blue what the others tell of them; gives the factors of tiles of 2^`bits`
/// pixels a side, as the pixels that are stored.
pub fn apply(pixels: &mut [u32], wide: usize, bits: u32) -> Result<Vec<u32>, Failure> {
    let side = 1 << bits;
    let (across, rows) = (wide.div_ceil(side), pixels.len() / wide);
    let mut tiles: Vec<u32> = zeros(across * rows.div_ceil(side))?;
    let mut residuals = Residuals::new();
    for index in 0..tiles.len() {
        let (tile_x, tile_y) = (index % across, index / across);
        let (start, end) = (tile_x * side, wide.min((tile_x + 1) * side));
        let lines = tile_y * side..rows.min((tile_y + 1) * side);
        let line = |y: usize| y * wide + start..y * wide + end;
        let mut sums = Sums::default();
        for y in lines.clone() {
            pixels[line(y)].iter().for_each(|pixel| sums.add(*pixel));
        }
        let neighbour = |there: bool, back: usize| {
            let tile = if there { tiles[index - back] } else { 0 };
            let [a, b, c, _] = tile.to_le_bytes();
            [a, b, c]
        };
        let candidates =
            [neighbour(tile_x > 0, 1), neighbour(tile_y > 0, across), [0; 3], sums.factors()];
        // What neighbours have costs nothing to say again.
        let mut best = (u32::MAX, [0; 3]);
        for (candidate, price) in candidates.into_iter().zip([0, 1 << 8, 4 << 8, 20 << 8]) {
            let mut total = price;
            for y in lines.clone() {
                let cost = |pixel: &u32| residuals.cost(less(candidate, *pixel));
                total += pixels[line(y)].iter().map(cost).sum::<u32>();
            }
            best = best.min((total, candidate));
        }
        for y in lines {
            for pixel in &mut pixels[line(y)] {
                *pixel = less(best.1, *pixel);
                residuals.note(*pixel);
            }
        }
        let [a, b, c] = best.1;
        tiles[index] = u32::from_le_bytes([a, b, c, 255]);
        if tile_x + 1 == across {
            residuals.learn();
        }
    }
    Ok(tiles)
}

/// A pixel less what was predicted of it.
#[inline(always)]
fn less([green_to_red, green_to_blue, red_to_blue]: Factors, pixel: u32) -> u32 {
    let [blue, green, red, alpha] = pixel.to_le_bytes();
    let blue = blue.wrapping_sub(share(green_to_blue, green)).wrapping_sub(share(red_to_blue, red));
    let red = red.wrapping_sub(share(green_to_red, green));
    u32::from_le_bytes([blue, green, red, alpha])
}

/// Sums of products of channels, for least squares.
#[derive(Default)]
struct Sums {
    green_green: i64,
    green_red: i64,
    green_blue: i64,
    red_red: i64,
    red_blue: i64,
}

impl Sums {
    #[inline(always)]
    fn add(&mut self, pixel: u32) {
        let [blue, green, red, _] = pixel.to_le_bytes().map(|value| i32::from(value as i8));
        self.green_green += i64::from(green * green);
        self.green_red += i64::from(green * red);
        self.green_blue += i64::from(green * blue);
        self.red_red += i64::from(red * red);
        self.red_blue += i64::from(red * blue);
    }

    fn factors(&self) -> Factors {
        let Self { green_green, green_red, green_blue, red_red, red_blue } = *self;
        let ratio = |a: i64, b: i64| match b {
            0 => 0,
            _ => (32 * a / b).clamp(-128, 127) as i8 as u8,
        };
        // Blue from green and red at once: two equations.
        let determinant = green_green * red_red - green_red * green_red;
        let (of_green, of_red) = if determinant == 0 {
            (ratio(green_blue, green_green), 0)
        } else {
            (
                ratio(green_blue * red_red - red_blue * green_red, determinant),
                ratio(red_blue * green_green - green_blue * green_red, determinant),
            )
        };
        [ratio(green_red, green_green), of_green, of_red]
    }
}
