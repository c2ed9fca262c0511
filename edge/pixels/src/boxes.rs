//! The integer box shrink: averages boxes of samples as rows come.

use crate::raster::Channels;

/// Largest box side: 128² samples of 255 × 255 still fit 32 bits.
pub const LARGEST: u64 = 128;

/// Boxes under way. Rows are summed up first, column by column, since that is the larger part and
/// needs no look at where boxes begin; the columns of a box are, once its rows are complete.
pub struct Boxes {
    channels: Channels,
    across: usize,
    down: u32,
    /// Rows summed up so far.
    summed: u32,
    /// One sum a sample; colours weighted by their alpha.
    sums: Vec<u32>,
    row: Vec<u8>,
}

impl Boxes {
    /// Boxes of `across` × `down` samples in rows of `width`. The last one of a row may be narrower.
    pub fn new(channels: Channels, across: u32, down: u32, width: u32) -> Self {
        let count = channels.count();
        let sums = vec![0; width as usize * count];
        let row = vec![0; width.div_ceil(across) as usize * count];
        Self { channels, across: across as usize, down, summed: 0, sums, row }
    }

    /// Adds a row; gives the averages when the boxes are full, or when it is the last one.
    pub fn add(&mut self, row: &[u8], last: bool) -> Option<&[u8]> {
        match self.channels {
            Channels::Grey | Channels::Rgb => {
                for (sum, sample) in self.sums.iter_mut().zip(row) {
                    *sum += u32::from(*sample);
                }
            }
            Channels::GreyAlpha => add_weighted::<2>(&mut self.sums, row),
            Channels::Rgba => add_weighted::<4>(&mut self.sums, row),
        }
        self.summed += 1;
        if self.summed < self.down && !last {
            return None;
        }
        match self.channels {
            Channels::Grey => self.average::<1>(mean),
            Channels::Rgb => self.average::<3>(mean),
            Channels::GreyAlpha => self.average::<2>(weighted),
            Channels::Rgba => self.average::<4>(weighted),
        }
        self.summed = 0;
        self.sums.fill(0);
        Some(&self.row)
    }

    /// Averages each box: `mean` has its sums, the place of its pixel, and how many it had.
    #[inline(always)]
    fn average<const N: usize>(&mut self, mean: impl Fn(&[u32; N], &mut [u8; N], u32)) {
        let columns = self.sums.as_chunks::<N>().0.chunks(self.across);
        for (out, columns) in self.row.as_chunks_mut::<N>().0.iter_mut().zip(columns) {
            let mut sums = [0; N];
            for column in columns {
                for (sum, column) in sums.iter_mut().zip(column) {
                    *sum += column;
                }
            }
            mean(&sums, out, columns.len() as u32 * self.summed);
        }
    }
}

/// Bytes that boxes allocate in rows of `width`.
pub fn memory(channels: Channels, across: u32, width: u32) -> u64 {
    (u64::from(width) * 4 + u64::from(width.div_ceil(across))) * channels.count() as u64
}

/// Adds colours weighted by their alpha, and the alpha itself.
fn add_weighted<const N: usize>(sums: &mut [u32], row: &[u8]) {
    for (sums, pixel) in sums.as_chunks_mut::<N>().0.iter_mut().zip(row.as_chunks::<N>().0) {
        let alpha = u32::from(pixel[N - 1]);
        for (channel, (sum, sample)) in sums.iter_mut().zip(pixel).enumerate() {
            *sum += u32::from(*sample) * if channel == N - 1 { 1 } else { alpha };
        }
    }
}

#[inline(always)]
fn mean<const N: usize>(sums: &[u32; N], out: &mut [u8; N], pixels: u32) {
    *out = sums.map(|sum| ((sum + pixels / 2) / pixels.max(1)) as u8);
}

/// The mean of weighted colours, and of the alpha behind them.
#[inline(always)]
fn weighted<const N: usize>(sums: &[u32; N], out: &mut [u8; N], pixels: u32) {
    let weight = sums[N - 1];
    if weight == 0 {
        *out = [0; N];
        return;
    }
    // Sums are below 2^30, and far more precise as floats than what they are rounded to.
    let part = 1.0 / weight as f32;
    *out = sums.map(|sum| (sum as f32 * part + 0.5) as u8);
    out[N - 1] = ((weight + pixels / 2) / pixels.max(1)) as u8;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_are_averaged_and_the_last_one_may_be_smaller() {
        let mut boxes = Boxes::new(Channels::Grey, 2, 2, 5);
        assert_eq!(boxes.add(&[0, 2, 10, 10, 7], false), None);
        assert_eq!(boxes.add(&[4, 6, 10, 10, 9], false), Some(&[3, 10, 8][..]));
        assert_eq!(boxes.add(&[1, 3, 5, 7, 9], true), Some(&[2, 6, 9][..]));
    }

    #[test]
    fn colour_of_transparent_pixels_does_not_bleed() {
        let mut boxes = Boxes::new(Channels::Rgba, 2, 1, 2);
        let row = [255, 0, 0, 0, 0, 0, 200, 255];
        assert_eq!(boxes.add(&row, false), Some(&[0, 0, 200, 128][..]));
    }
}
