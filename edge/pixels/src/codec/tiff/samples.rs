//! From stored rows to samples of 8 bits, and from these to pixels.

use super::layout::{Alpha, Layout, Meaning};

/// Undoes the differences of a stored row (TIFF 6.0 §14): each sample to that of the pixel before.
pub fn sum_up(layout: &Layout<'_>, row: &mut [u8]) {
    let (together, _) = layout.planes();
    let step = together as usize;
    if layout.bits == 8 {
        for at in step..row.len() {
            let before = row.get(at - step).copied().unwrap_or(0);
            row.get_mut(at).into_iter().for_each(|sample| *sample = sample.wrapping_add(before));
        }
        return;
    }
    let shorts = row.as_chunks_mut::<2>().0;
    let is_big = layout.short([1, 0]) == 256;
    for at in step..shorts.len() {
        let before = shorts.get(at - step).copied().unwrap_or_default();
        if let Some(place) = shorts.get_mut(at) {
            let sum = layout.short(*place).wrapping_add(layout.short(before));
            *place = if is_big { sum.to_be_bytes() } else { sum.to_le_bytes() };
        }
    }
}

/// Gives the samples of a stored row as 8 bits, those of a palette as they are.
pub fn unpack(layout: &Layout<'_>, row: &[u8], mut put: impl FnMut(usize, u8)) {
    match layout.bits {
        8 => row.iter().enumerate().for_each(|(at, sample)| put(at, *sample)),
        16 => {
            for (at, bytes) in row.as_chunks().0.iter().enumerate() {
                // The nearest of 256 values: 257 apart.
                let sample = u32::from(layout.short(*bytes));
                put(at, ((sample * 255 + 32_895) >> 16) as u8);
            }
        }
        bits => {
            let each = 8 / bits as usize;
            let largest = u8::MAX >> (8 - bits);
            let scale = if layout.meaning == Meaning::Palette { 1 } else { 255 / largest };
            for (at, byte) in row.iter().enumerate() {
                for part in 0..each {
                    let shift = 8 - bits as usize * (part + 1);
                    put(at * each + part, (byte >> shift & largest) * scale);
                }
            }
        }
    }
}

/// Makes pixels of rows of samples.
pub struct Pixels {
    meaning: Meaning,
    alpha: Alpha,
    palette: Vec<[u8; 3]>,
}

impl Pixels {
    pub fn new(layout: &Layout<'_>, palette: Vec<[u8; 3]>) -> Self {
        Self { meaning: layout.meaning, alpha: layout.alpha, palette }
    }

    /// A pixel of samples in the channels of a place, which is as long as there are channels.
    #[inline(always)]
    pub fn put(&self, samples: &[u8], place: &mut [u8]) {
        let colours = match self.meaning {
            Meaning::Rgb => 3,
            _ => 1,
        };
        let (colour, extra) = samples.split_at_checked(colours).unwrap_or((samples, &[]));
        let alpha = match self.alpha {
            Alpha::None => 255,
            _ => extra.first().copied().unwrap_or(255),
        };
        let straight = |sample: u8| match self.alpha {
            Alpha::Multiplied => divided(sample, alpha),
            _ => sample,
        };
        match (self.meaning, colour) {
            (Meaning::Palette, [index]) => {
                let colour = self.palette.get(usize::from(*index)).copied().unwrap_or_default();
                place.iter_mut().zip(colour).for_each(|(place, sample)| *place = straight(sample));
            }
            (Meaning::Grey { white_is_zero: true }, [grey]) => {
                place.iter_mut().take(1).for_each(|place| *place = straight(255 - grey));
            }
            _ => {
                place.iter_mut().zip(colour).for_each(|(place, sample)| *place = straight(*sample))
            }
        }
        if self.alpha != Alpha::None {
            place.last_mut().into_iter().for_each(|place| *place = alpha);
        }
    }
}

/// A sample that was multiplied by alpha.
fn divided(sample: u8, alpha: u8) -> u8 {
    let (sample, alpha) = (u32::from(sample), u32::from(alpha));
    (sample * 255 + alpha / 2).checked_div(alpha).unwrap_or(0).min(255) as u8
}
