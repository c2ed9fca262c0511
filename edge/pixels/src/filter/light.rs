//! Between the codes of samples and the light that they stand for, where the filter sums up light.

use super::kernel::SAMPLE_BITS;
use crate::failure::Failure;
use crate::profile::{Codes, light};
use crate::raster::Channels;

/// Full light, as large as the filter has samples: the darkest codes are five apart.
const FULL: f32 = (255 << SAMPLE_BITS) as f32;

/// Bytes of [`Light`].
pub const MEMORY: u64 = crate::profile::CODES_MEMORY + 512;

/// What codes are as light, and back.
pub struct Light {
    of_code: [i16; 256],
    codes: Codes,
}

impl Light {
    /// Of sRGB.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn new() -> Result<Self, Failure> {
        let of_code = core::array::from_fn(|code| {
            libm::floor(light(code as f64 / 255.0) * f64::from(FULL) + 0.5) as i16
        });
        Ok(Self { of_code, codes: Codes::new()? })
    }

    /// Samples as light; colours weighted by alpha.
    pub fn widen(&self, row: &[u8], place: &mut [i16], channels: Channels) {
        let of = |code: u8| self.of_code[usize::from(code)];
        if !channels.has_alpha() {
            place.iter_mut().zip(row).for_each(|(place, code)| *place = of(*code));
            return;
        }
        let count = channels.count();
        for (place, pixel) in place.chunks_exact_mut(count).zip(row.chunks_exact(count)) {
            let (Some((place_alpha, places)), Some((alpha, codes))) =
                (place.split_last_mut(), pixel.split_last())
            else {
                continue;
            };
            *place_alpha = i16::from(*alpha) << SAMPLE_BITS;
            for (place, code) in places.iter_mut().zip(codes) {
                *place = ((i32::from(of(*code)) * i32::from(*alpha) + 127) / 255) as i16;
            }
        }
    }

    /// A line of each channel back to packed samples, colours no longer weighted by alpha.
    pub fn narrow(&self, line: &[i16], padded: usize, out: &mut [u8], channels: Channels) {
        let count = channels.count();
        for (x, pixel) in out.chunks_exact_mut(count).enumerate() {
            let value = |channel: usize| {
                f32::from(line.get(channel * padded + x).copied().unwrap_or(0)) / FULL
            };
            let alpha = if channels.has_alpha() { value(count - 1) } else { 1.0 };
            for (channel, place) in pixel.iter_mut().enumerate() {
                *place = if channels.has_alpha() && channel == count - 1 {
                    (alpha * 255.0 + 0.5) as u8
                } else if alpha > 0.0 {
                    self.codes.of(value(channel) / alpha)
                } else {
                    0
                };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_survive_as_light() {
        let light = Light::new().unwrap();
        let codes: Vec<u8> = (0..=255).collect();
        let mut wide = [0; 256];
        light.widen(&codes, &mut wide, Channels::Grey);
        assert!(wide.is_sorted() && wide[255] == 255 << SAMPLE_BITS && wide[188] > wide[255] / 2);
        let mut back = [0; 256];
        light.narrow(&wide, 256, &mut back, Channels::Grey);
        assert_eq!(back, *codes);
        for (pixel, expected) in
            [([200, 255], [200, 255]), ([77, 0], [0, 0]), ([100, 51], [100, 51])]
        {
            let mut wide = [0; 2];
            light.widen(&pixel, &mut wide, Channels::GreyAlpha);
            let mut back = [0; 2];
            light.narrow(&wide, 1, &mut back, Channels::GreyAlpha);
            assert_eq!(back, expected);
        }
    }
}
