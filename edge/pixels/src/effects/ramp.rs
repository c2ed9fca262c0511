//! Tint and duotone: each colour by its luma alone, through a table.

use selvedge_plan::options::background::Colour;
use selvedge_plan::options::duotone::Duotone;

use crate::channels::{LUMA, luma};
use crate::raster::Raster;

/// For each luma a colour, and how much of it is laid over the pixel.
#[derive(Clone, Debug)]
pub struct Ramp([[u8; 4]; 256]);

impl Ramp {
    /// Hue and saturation of `colour` with the luma of the pixel, as far as there is such a colour: the
    /// blend mode `color` (W3C Compositing §10.3). Black and white stay. The colour's alpha is how much
    /// of it is laid over.
    pub fn tint(colour: Colour) -> Self {
        let Colour { red, green, blue, alpha } = colour;
        let own = [red, green, blue].map(f64::from);
        let luma_of = |[r, g, b]: [f64; 3]| {
            let [of_r, of_g, of_b] = LUMA.map(|share| f64::from(share) / 65_536.0);
            of_r * r + of_g * g + of_b * b
        };
        let own_luma = luma_of(own);
        Self(core::array::from_fn(|value| {
            let luma = value as f64;
            let distance = own.map(|sample| sample - own_luma);
            // By how much the distance from grey must shrink for all channels to stay in range.
            let room = distance.iter().fold(1.0, |room: f64, distance| {
                let most = if *distance > 0.0 { 255.0 - luma } else { luma };
                if distance.abs() > most { room.min(most / distance.abs()) } else { room }
            });
            let [r, g, b] = distance.map(|distance| rounded(luma + distance * room));
            [r, g, b, alpha]
        }))
    }

    /// From a dark colour to a light one, their alphas alike.
    pub fn duotone(Duotone { dark, light }: Duotone) -> Self {
        let ends = |of: fn(Colour) -> u8| (f64::from(of(dark)), f64::from(of(light)));
        let channels = [
            ends(|colour| colour.red),
            ends(|colour| colour.green),
            ends(|colour| colour.blue),
            ends(|colour| colour.alpha),
        ];
        Self(core::array::from_fn(|luma| {
            channels.map(|(dark, light)| rounded(dark + (light - dark) * luma as f64 / 255.0))
        }))
    }

    /// Changes the colours of RGB, with alpha or without.
    pub fn run(&self, raster: &mut Raster) {
        for pixel in raster.samples.chunks_exact_mut(raster.channels.count()) {
            let Some(colour) = pixel.first_chunk_mut::<3>() else { continue };
            let [r, g, b, weight] = self.0[usize::from(luma(*colour))].map(u32::from);
            for (sample, over) in colour.iter_mut().zip([r, g, b]) {
                let sum = over * weight + u32::from(*sample) * (255 - weight);
                *sample = ((sum + 127) / 255) as u8;
            }
        }
    }
}

fn rounded(value: f64) -> u8 {
    libm::floor(value + 0.5).clamp(0.0, 255.0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use selvedge_plan::Options;

    fn ramp(options: &str) -> Ramp {
        let effects = Options::parse(options).unwrap().effects;
        effects.tint.map(Ramp::tint).or(effects.duotone.map(Ramp::duotone)).unwrap()
    }

    #[test]
    fn a_tint_keeps_luma() {
        for colour in ["red", "navy", "gold", "grey", "rgb(1,200,255)"] {
            let Ramp(table) = ramp(&format!("tint={colour}"));
            assert_eq!(table[0], [0, 0, 0, 255], "{colour}");
            assert_eq!(table[255], [255; 4], "{colour}");
            for (value, [r, g, b, _]) in table.into_iter().enumerate() {
                assert!(luma([r, g, b]).abs_diff(value as u8) <= 1, "{colour} {value}");
            }
        }
    }

    #[test]
    fn a_duotone_goes_from_one_colour_to_the_other() {
        let Ramp(table) = ramp("duotone=rgb(0,0,100);rgba(255,200,0,0.2)");
        assert_eq!(table[0], [0, 0, 100, 255]);
        assert_eq!(table[255], [255, 200, 0, 51]);
        assert_eq!(table[51], [51, 40, 80, 214]);
    }
}
