//! From a row as it is stored to samples of 8 bits, palettes and transparent colours resolved
//! (PNG §7.2, §11.2.2, §11.3.1.1).

use crate::budget::zeros;
use crate::codec::png::chunks::Chunks;
use crate::codec::png::crc::Crc;
use crate::codec::png::header::{Colour, Ihdr};
use crate::failure::Failure;
use crate::raster::Channels;

/// What rows of a file become.
pub struct Samples {
    colour: Colour,
    depth: u8,
    channels: Channels,
    /// The colours of a palette; black behind its end, as browsers show it.
    palette: Box<[[u8; 4]; 256]>,
    /// The colour that is transparent, as stored: grey, or red, green and blue.
    clear: Option<[u16; 3]>,
    /// A row with a byte for each stored sample, where it has less than that.
    wide: Vec<u8>,
    /// A row with all channels, and a byte.
    row: Vec<u8>,
}

impl Samples {
    /// Reads palette and transparency.
    ///
    /// # Errors
    /// [`Failure::Malformed`] if they are missing or wrong; [`Failure::OverBudget`].
    pub fn of(file: &[u8], ihdr: &Ihdr, channels: Channels, crc: &Crc) -> Result<Self, Failure> {
        let find = |kind: &[u8; 4]| {
            let chunk = Chunks::ahead(file).find(|chunk| chunk.kind == *kind);
            chunk.map(|chunk| chunk.intact(crc)).transpose()
        };
        let Ihdr { colour, depth, size, .. } = *ihdr;
        let width = size.width as usize;
        let transparency = find(b"tRNS")?;
        let mut samples = Self {
            colour,
            depth,
            channels,
            palette: Box::new([[0, 0, 0, u8::MAX]; 256]),
            clear: None,
            wide: zeros(if depth < 8 { width.next_multiple_of(8) } else { 0 })?,
            row: zeros(width * channels.count() + 1)?,
        };
        if colour == Colour::Palette {
            let (colours, rest) = find(b"PLTE")?.unwrap_or_default().as_chunks::<3>();
            if colours.is_empty() || colours.len() > samples.palette.len() || !rest.is_empty() {
                return Err(Failure::malformed("a palette is missing, or is none"));
            }
            for (place, [r, g, b]) in samples.palette.iter_mut().zip(colours) {
                *place = [*r, *g, *b, u8::MAX];
            }
            let alphas = transparency.unwrap_or_default().iter().take(colours.len());
            for ([.., place], alpha) in samples.palette.iter_mut().zip(alphas) {
                *place = *alpha;
            }
        } else if let Some(clear) = transparency {
            // What is above the bits of a sample does not count.
            let word = |[high, low]: [u8; 2]| {
                u16::from_be_bytes([high, low]) & (u16::MAX >> (16 - depth.min(16)))
            };
            samples.clear = match (colour, clear) {
                (Colour::Grey, &[g1, g0]) => Some([word([g1, g0]), 0, 0]),
                (Colour::Rgb, &[r1, r0, g1, g0, b1, b0]) => {
                    Some([[r1, r0], [g1, g0], [b1, b0]].map(word))
                }
                // It means nothing beside an alpha channel.
                (Colour::GreyAlpha | Colour::Rgba, _) => None,
                _ => return Err(Failure::malformed("a transparent colour of the wrong length")),
            };
        }
        Ok(samples)
    }

    /// Bytes that one for rows of `wide` pixels allocates.
    pub fn memory(wide: u64) -> u64 {
        wide * 5 + 9 + 4 * 256
    }

    /// The samples of a row of `width` pixels.
    pub fn of_row<'a>(&'a mut self, row: &'a [u8], width: usize) -> &'a [u8] {
        let Self { colour, depth, channels, palette, clear, wide, row: out } = self;
        let (depth, channels) = (*depth, *channels);
        let length = width * channels.count();
        let out = out.get_mut(..=length).unwrap_or_default();
        match (colour, depth, &clear) {
            (Colour::Palette, 8, _) => coloured(row, palette, channels, out),
            (Colour::Palette, _, _) => coloured(widened(row, depth, wide), palette, channels, out),
            (Colour::Grey, 1..8, None) => {
                let step = u8::MAX / (u8::MAX >> (8 - depth));
                let values = widened(row, depth, wide);
                out.iter_mut().zip(values).for_each(|(place, value)| *place = value * step);
            }
            (Colour::Grey, 1..8, Some([clear, ..])) => {
                let step = u8::MAX / (u8::MAX >> (8 - depth));
                let values = widened(row, depth, wide);
                for (place, value) in out.as_chunks_mut().0.iter_mut().zip(values) {
                    *place = [value * step, alpha(u16::from(*value) == *clear)];
                }
            }
            (_, 8, None) => return row,
            (Colour::Grey, 8, Some([clear, ..])) => {
                for (place, grey) in out.as_chunks_mut().0.iter_mut().zip(row) {
                    *place = [*grey, alpha(u16::from(*grey) == *clear)];
                }
            }
            (_, 8, Some(clear)) => {
                for (place, rgb) in out.as_chunks_mut().0.iter_mut().zip(row.as_chunks().0) {
                    let &[r, g, b] = rgb;
                    *place = [r, g, b, alpha(rgb.map(u16::from) == *clear)];
                }
            }
            (Colour::Grey, _, Some([clear, ..])) => {
                for (place, grey) in out.as_chunks_mut().0.iter_mut().zip(words(row)) {
                    *place = [narrow(grey), alpha(grey == *clear)];
                }
            }
            (_, _, Some(clear)) => {
                for (place, rgb) in out.as_chunks_mut().0.iter_mut().zip(row.as_chunks().0) {
                    let &[r1, r0, g1, g0, b1, b0] = rgb;
                    let rgb = [[r1, r0], [g1, g0], [b1, b0]].map(u16::from_be_bytes);
                    let [r, g, b] = rgb.map(narrow);
                    *place = [r, g, b, alpha(rgb == *clear)];
                }
            }
            (_, _, None) => {
                out.iter_mut().zip(words(row)).for_each(|(place, value)| *place = narrow(value));
            }
        }
        out.get(..length).unwrap_or_default()
    }
}

/// Puts colours of a palette. There is a byte more behind them.
fn coloured(indices: &[u8], palette: &[[u8; 4]; 256], channels: Channels, out: &mut [u8]) {
    if channels == Channels::Rgba {
        for (place, index) in out.as_chunks_mut().0.iter_mut().zip(indices) {
            *place = palette[usize::from(*index)];
        }
        return;
    }
    // Each takes a byte of the next one with it, which is written after it.
    for (start, index) in (0..).step_by(3).zip(indices) {
        if let Some(place) = out.get_mut(start..start + 4) {
            place.copy_from_slice(&palette[usize::from(*index)]);
        }
    }
}

/// Samples of less than 8 bits, a byte each.
fn widened<'a>(row: &[u8], depth: u8, wide: &'a mut [u8]) -> &'a [u8] {
    match depth {
        1 => widen::<8>(row, wide),
        2 => widen::<4>(row, wide),
        _ => widen::<2>(row, wide),
    }
    wide
}

/// The same where a byte has `N` of them.
fn widen<const N: usize>(row: &[u8], wide: &mut [u8]) {
    let depth = 8 / N;
    for (places, byte) in wide.as_chunks_mut::<N>().0.iter_mut().zip(row) {
        *places = core::array::from_fn(|index| {
            byte >> (8 - depth - index * depth) & (u8::MAX >> (8 - depth))
        });
    }
}

fn alpha(is_clear: bool) -> u8 {
    if is_clear { 0 } else { u8::MAX }
}

fn words(row: &[u8]) -> impl Iterator<Item = u16> {
    row.as_chunks().0.iter().map(|bytes| u16::from_be_bytes(*bytes))
}

/// 16 bits as 8, to the nearest (§13.12), which the upper 8 alone are not.
fn narrow(value: u16) -> u8 {
    let [high, low] = value.to_be_bytes();
    // 257 times the upper byte is the same byte twice. Others are nearer from 129 on.
    let up = u8::from(low.saturating_sub(high) > 128);
    high.wrapping_add(up).wrapping_sub(u8::from(high.saturating_sub(low) > 128))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixteen_bits_become_the_nearest_eight() {
        for value in 0..=u16::MAX {
            let exact = f64::from(value) / 257.0;
            assert_eq!(f64::from(narrow(value)), exact.round(), "{value}");
        }
    }
}
