//! The integer box shrink: averages boxes of samples as rows come.

use crate::raster::Channels;

/// Largest box side: 128² samples of 255 × 255 still fit 32 bits.
pub const LARGEST: u64 = 128;

/// Boxes under way.
pub struct Boxes {
    channels: Channels,
    across: u32,
    down: u32,
    /// Rows summed up so far.
    summed: u32,
    sums: Vec<u32>,
    row: Vec<u8>,
}

impl Boxes {
    /// Boxes of `across` × `down` samples in rows of `width`. The last one of a row may be narrower.
    pub fn new(channels: Channels, across: u32, down: u32, width: u32) -> Self {
        let length = width.div_ceil(across) as usize * channels.count();
        Self { channels, across, down, summed: 0, sums: vec![0; length], row: vec![0; length] }
    }

    /// Adds a row; gives the averages when the boxes are full, or when it is the last one.
    pub fn add(&mut self, row: &[u8], last: bool) -> Option<&[u8]> {
        let across = self.across as usize;
        match self.channels {
            Channels::Grey => sum::<1>(&mut self.sums, row, across),
            Channels::GreyAlpha => sum_alpha::<2>(&mut self.sums, row, across),
            Channels::Rgb => sum::<3>(&mut self.sums, row, across),
            Channels::Rgba => sum_alpha::<4>(&mut self.sums, row, across),
        }
        self.summed += 1;
        if self.summed < self.down && !last {
            return None;
        }
        let count = self.channels.count();
        if count == 1 && across == 1 {
            let half = self.summed / 2;
            for (out, sum) in self.row.iter_mut().zip(&self.sums) {
                *out = ((sum + half) / self.summed) as u8;
            }
        } else {
            let boxes = row.chunks(count * across).map(|row| (row.len() / count) as u32);
            let pairs = self.row.chunks_exact_mut(count).zip(self.sums.chunks_exact(count));
            for (width, (out, sums)) in boxes.zip(pairs) {
                average(out, sums, width * self.summed, self.channels.has_alpha());
            }
        }
        self.summed = 0;
        self.sums.fill(0);
        Some(&self.row)
    }
}

/// Bytes that boxes allocate in rows of `width`.
pub fn memory(channels: Channels, across: u32, width: u32) -> u64 {
    u64::from(width.div_ceil(across)) * channels.count() as u64 * 5
}

fn sum<const N: usize>(sums: &mut [u32], row: &[u8], width: usize) {
    if width == 1 {
        // One column a box: what 4:2:2 sources need, and no boxes to look for.
        for (sum, sample) in sums.iter_mut().zip(row) {
            *sum += u32::from(*sample);
        }
        return;
    }
    for (sums, cell) in sums.chunks_exact_mut(N).zip(row.chunks(N * width)) {
        for pixel in cell.chunks_exact(N) {
            for (sum, sample) in sums.iter_mut().zip(pixel) {
                *sum += u32::from(*sample);
            }
        }
    }
}

/// Sums colours weighted by their alpha, and the alpha itself.
fn sum_alpha<const N: usize>(sums: &mut [u32], row: &[u8], width: usize) {
    for (sums, cell) in sums.chunks_exact_mut(N).zip(row.chunks(N * width)) {
        for pixel in cell.chunks_exact(N) {
            let alpha = u32::from(pixel[N - 1]);
            for (sum, sample) in sums.iter_mut().zip(&pixel[..N - 1]) {
                *sum += u32::from(*sample) * alpha;
            }
            sums[N - 1] += alpha;
        }
    }
}

fn average(out: &mut [u8], sums: &[u32], pixels: u32, alpha: bool) {
    let weight = match sums.last() {
        Some(0) if alpha => {
            out.fill(0);
            return;
        }
        Some(total) if alpha => *total,
        _ => pixels,
    };
    for (out, sum) in out.iter_mut().zip(sums) {
        *out = ((u64::from(*sum) + u64::from(weight / 2)) / u64::from(weight.max(1))) as u8;
    }
    if let (true, Some(out), Some(sum)) = (alpha, out.last_mut(), sums.last()) {
        *out = ((sum + pixels / 2) / pixels.max(1)) as u8;
    }
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
