//! Rows that are stored as they are, each filled up to a multiple of four bytes.

use super::bitmap::{Bitmap, Coding};
use crate::raster::Channels;

/// Bytes of a stored row of so many bits.
pub fn stride(width: u32, bits: u32) -> usize {
    // Sides and depths are bounded when a header is checked.
    (u64::from(width) * u64::from(bits)).div_ceil(32) as usize * 4
}

/// Unpacks a stored row into pixels of `channels`.
pub fn unpack(bitmap: &Bitmap<'_>, stored: &[u8], channels: Channels, row: &mut [u8]) {
    match bitmap.coding {
        Coding::Indices(bits) | Coding::Runs(bits) => {
            let each = 8 / bits;
            let indices = stored.iter().flat_map(|byte| {
                (1..=each).map(move |i| (byte >> (8 - i * bits)) & (u8::MAX >> (8 - bits)))
            });
            paint(bitmap, indices, channels, row);
        }
        Coding::Fields(24, _) => {
            for (place, [b, g, r]) in
                row.as_chunks_mut::<3>().0.iter_mut().zip(stored.as_chunks().0)
            {
                *place = [*r, *g, *b];
            }
        }
        Coding::Fields(bits, masks) => {
            let pixels = stored.chunks_exact(bits as usize / 8).map(|bytes| match *bytes {
                [a, b] => u32::from(u16::from_le_bytes([a, b])),
                [a, b, c, d] => u32::from_le_bytes([a, b, c, d]),
                _ => 0,
            });
            for (place, pixel) in row.chunks_exact_mut(channels.count()).zip(pixels) {
                let samples = masks.samples(pixel);
                place.iter_mut().zip(samples).for_each(|(place, sample)| *place = sample);
            }
        }
    }
}

/// Puts the colours of places in the palette.
pub fn paint(
    bitmap: &Bitmap<'_>,
    indices: impl Iterator<Item = u8>,
    channels: Channels,
    row: &mut [u8],
) {
    for (place, index) in row.chunks_exact_mut(channels.count()).zip(indices) {
        let colour = bitmap.colour(index);
        place.iter_mut().zip(colour).for_each(|(place, sample)| *place = sample);
    }
}
