//! The mean colour of a picture, and the few that it is mostly made of.

use crate::budget::zeros;
use crate::failure::Failure;

/// Most colours of a palette.
const COLOURS: usize = 6;

/// Bits of a channel that tell colours apart when they are counted.
const BITS: u32 = 4;

/// Sums of channels by which two colours of a palette differ at least.
const APART: u32 = 72;

/// Bytes that counting takes: the cells, and as many again while they are sorted.
pub const MEMORY: u64 = (2 * size_of::<Sum>() as u64) << (3 * BITS);

/// Colours, each as far as it is seen.
#[derive(Clone, Copy, Default)]
struct Sum {
    channels: [u64; 3],
    seen: u64,
}

impl Sum {
    fn add(&mut self, [r, g, b, alpha]: [u8; 4]) {
        let alpha = u64::from(alpha);
        for (sum, sample) in self.channels.iter_mut().zip([r, g, b]) {
            *sum += u64::from(sample) * alpha;
        }
        self.seen += alpha;
    }

    fn mean(&self) -> Option<[u8; 3]> {
        (self.seen > 0).then(|| self.channels.map(|sum| ((sum + self.seen / 2) / self.seen) as u8))
    }
}

/// The mean colour of what is seen of RGBA; `None` if nothing is.
pub fn average(pixels: &[[u8; 4]]) -> Option<[u8; 3]> {
    let mut sum = Sum::default();
    pixels.iter().for_each(|pixel| sum.add(*pixel));
    sum.mean()
}

/// The colours that most of what is seen has, the most frequent one first, none near another one.
///
/// # Errors
/// [`Failure::OverBudget`].
pub fn palette(pixels: &[[u8; 4]]) -> Result<Vec<[u8; 3]>, Failure> {
    let mut cells: Vec<Sum> = zeros(1 << (3 * BITS))?;
    for pixel in pixels {
        let index = pixel
            .iter()
            .take(3)
            .fold(0, |index, sample| (index << BITS) | usize::from(*sample >> (8 - BITS)));
        if let Some(cell) = cells.get_mut(index) {
            cell.add(*pixel);
        }
    }
    // The order among equals is that of the cells, which is the same everywhere.
    cells.sort_by_key(|cell| core::cmp::Reverse(cell.seen));
    let mut colours: Vec<[u8; 3]> = Vec::new();
    for colour in cells.iter().map_while(Sum::mean) {
        let distance = |other: &[u8; 3]| {
            other.iter().zip(colour).map(|(a, b)| u32::from(a.abs_diff(b))).sum::<u32>()
        };
        if colours.iter().all(|other| distance(other) >= APART) {
            colours.push(colour);
        }
        if colours.len() == COLOURS {
            break;
        }
    }
    Ok(colours)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_seen_does_not_count() {
        let pixels = [[200, 100, 0, 255], [255, 255, 255, 0], [100, 0, 0, 255]];
        assert_eq!(average(&pixels), Some([150, 50, 0]));
        assert_eq!(palette(&pixels).unwrap(), [[100, 0, 0], [200, 100, 0]]);
        assert_eq!(average(&[[1, 2, 3, 0]]), None);
        assert!(palette(&[[1, 2, 3, 0]]).unwrap().is_empty());
    }

    #[test]
    fn frequent_colours_come_first_and_near_ones_once() {
        let mut pixels = vec![[250, 0, 0, 255]; 5];
        pixels.extend([[0, 0, 250, 255]; 9]);
        pixels.extend([[0, 0, 230, 255]; 4]);
        assert_eq!(palette(&pixels).unwrap(), [[0, 0, 250], [250, 0, 0]]);
    }
}
