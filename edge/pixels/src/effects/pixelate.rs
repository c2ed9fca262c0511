//! Squares of one colour.

use selvedge_plan::geometry::Size;

use crate::budget::zeros;
use crate::failure::Failure;
use crate::raster::Raster;

/// Gives each square of `side` pixels, from the top left on, its mean colour, each pixel's as far as
/// it is seen. The last ones of a row or a column may be cut off.
///
/// # Errors
/// [`Failure::OverBudget`].
pub fn run(raster: &mut Raster, side: u32) -> Result<(), Failure> {
    let (count, has_alpha) = (raster.channels.count(), raster.channels.has_alpha());
    let mut squares: Vec<Square> = zeros(raster.size.width.div_ceil(side) as usize)?;
    let (stride, side) = (raster.stride(), side as usize);
    for band in raster.samples.chunks_mut(stride * side) {
        squares.fill(Square::default());
        for row in band.chunks_exact(stride) {
            for (square, pixels) in squares.iter_mut().zip(row.chunks(count * side)) {
                pixels.chunks_exact(count).for_each(|pixel| square.add(pixel, has_alpha));
            }
        }
        for square in &mut squares {
            square.settle(count, has_alpha);
        }
        for row in band.chunks_exact_mut(stride) {
            for (square, pixels) in squares.iter().zip(row.chunks_mut(count * side)) {
                for pixel in pixels.chunks_exact_mut(count) {
                    pixel.iter_mut().zip(square.mean).for_each(|(to, mean)| *to = mean);
                }
            }
        }
    }
    Ok(())
}

/// Upper bound of bytes in use besides the picture.
pub fn memory(size: Size, side: u32) -> u64 {
    u64::from(size.width.div_ceil(side)) * size_of::<Square>() as u64
}

/// A square under way.
#[derive(Clone, Copy, Default)]
struct Square {
    /// Of the colours, each as far as it is seen.
    sums: [u64; 3],
    /// Of alpha, or of opaque pixels.
    weight: u64,
    pixels: u64,
    mean: [u8; 4],
}

impl Square {
    fn add(&mut self, pixel: &[u8], has_alpha: bool) {
        let (weight, colours) = match pixel.split_last() {
            Some((alpha, colours)) if has_alpha => (u64::from(*alpha), colours),
            _ => (1, pixel),
        };
        for (sum, sample) in self.sums.iter_mut().zip(colours) {
            *sum += u64::from(*sample) * weight;
        }
        self.weight += weight;
        self.pixels += 1;
    }

    fn settle(&mut self, count: usize, has_alpha: bool) {
        let mean = |sum: u64, of: u64| (sum + of / 2).checked_div(of).unwrap_or(0) as u8;
        for (to, sum) in self.mean.iter_mut().zip(self.sums) {
            *to = mean(sum, self.weight);
        }
        if let (true, Some(to)) = (has_alpha, self.mean.get_mut(count - 1)) {
            *to = mean(self.weight, self.pixels);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::Channels;

    #[test]
    fn squares_by_hand() {
        let size = Size { width: 3, height: 3 };
        let samples = vec![0, 10, 7, 20, 30, 8, 1, 2, 200];
        let mut raster = Raster::new(size, Channels::Grey, samples).unwrap();
        run(&mut raster, 2).unwrap();
        assert_eq!(raster.samples, [15, 15, 8, 15, 15, 8, 2, 2, 200]);
    }

    #[test]
    fn what_is_not_seen_does_not_count() {
        let size = Size { width: 2, height: 1 };
        let samples = vec![255, 0, 9, 0, 10, 20, 30, 200];
        let mut raster = Raster::new(size, Channels::Rgba, samples).unwrap();
        run(&mut raster, 1_000).unwrap();
        assert_eq!(raster.samples, [10, 20, 30, 100, 10, 20, 30, 100]);
    }
}
