//! Primaries and a curve that a file states by itself: PNG's `cICP`, `gAMA` and `cHRM` (PNG third
//! edition §11.3.2), HEIF's `nclx` (ISO/IEC 14496-12 §12.1.5; ITU-T H.273 §8).

use super::conversion::Conversion;
use super::curve::{Curve, Formula};
use super::srgb::{self, D50, Matrix};
use crate::codec::Form;
use crate::failure::Failure;
use crate::raster::Channels;

/// Where white, red, green and blue lie, as x and y each, in 1/100000 (CIE 15).
pub type Places = [[u32; 2]; 4];

/// How numbers become light.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Light {
    /// By a power, in 1/100000: 45455 is the inverse of 2.2.
    Gamma(u32),
    /// By ARIB STD-B67 (HLG).
    Hlg,
    /// By SMPTE ST 2084 (PQ).
    Pq,
    /// By that of sRGB.
    Srgb,
}

/// Primaries and a curve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stated {
    /// How numbers become light.
    pub light: Light,
    /// Where the primaries lie.
    pub places: Places,
}

/// Of ITU-R BT.709 and sRGB.
pub const BT709: Places = [[31_270, 32_900], [64_000, 33_000], [30_000, 60_000], [15_000, 6_000]];
/// Of ITU-R BT.2020 and BT.2100.
const BT2020: Places = [[31_270, 32_900], [70_800, 29_200], [17_000, 79_700], [13_100, 4_600]];
/// Of Display P3 (SMPTE EG 432-1 with D65).
const P3: Places = [[31_270, 32_900], [68_000, 32_000], [26_500, 69_000], [15_000, 6_000]];

/// Light of HDR at which paper is white, in cd/m² (ITU-R BT.2408): it becomes white; what is brighter
/// is cut off.
const WHITE: f64 = 203.0;

impl Stated {
    /// What the numbers of ITU-T H.273 (§8.1, §8.2) say; `None` for those that stills do not have.
    pub fn of_code_points(primaries: u8, transfer: u8) -> Option<Self> {
        let places = match primaries {
            1 => BT709,
            9 => BT2020,
            12 => P3,
            _ => return None,
        };
        let light = match transfer {
            // The curves of video. Browsers show them by that of sRGB, and so writers mean it.
            1 | 6 | 13 | 14 | 15 => Light::Srgb,
            4 => Light::Gamma(45_455),
            5 => Light::Gamma(35_714),
            8 => Light::Gamma(100_000),
            16 => Light::Pq,
            18 => Light::Hlg,
            _ => return None,
        };
        Some(Self { light, places })
    }

    /// Whether the conversion would change next to nothing.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn is_srgb(&self, form: &Form) -> Result<bool, Failure> {
        Ok(self.conversion(form)?.is_none_or(|conversion| conversion.is_srgb()))
    }

    /// The conversion to sRGB; `None` where the primaries cannot be.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn conversion(&self, form: &Form) -> Result<Option<Conversion<'static>>, Failure> {
        let curve = |code| self.light(code);
        if matches!(form.channels(), Channels::Grey | Channels::GreyAlpha) {
            return Ok(Some(Conversion::of_grey(curve)));
        }
        let Some(primaries) = primaries(self.places) else { return Ok(None) };
        let matrix = srgb::times(srgb::from_connection(), primaries);
        Conversion::shaper(|_, code| curve(code), matrix).map(Some)
    }

    /// The light of a number from 0 to 1, as a share of white's.
    fn light(&self, code: f64) -> f64 {
        match self.light {
            Light::Gamma(gamma) => {
                Curve::Formula(Formula::power(100_000.0 / f64::from(gamma.max(1)))).at(code)
            }
            Light::Srgb => srgb::light(code),
            Light::Pq => {
                let root = libm::pow(code, 32.0 / 2_523.0);
                let (c1, c2, c3) = (3_424.0 / 4_096.0, 2_413.0 / 128.0, 2_392.0 / 128.0);
                let ratio = (root - c1).max(0.0) / (c2 - c3 * root);
                libm::pow(ratio, 16_384.0 / 2_610.0) * 10_000.0 / WHITE
            }
            Light::Hlg => {
                let (a, b, c) = (0.178_832_77, 0.284_668_92, 0.559_910_73);
                let scene = match code {
                    ..=0.5 => code * code / 3.0,
                    _ => (libm::exp((code - c) / a) + b) / 12.0,
                };
                // On a display of 1000 cd/m², the system's gamma taken for each channel by itself.
                libm::pow(scene, 1.2) * 1_000.0 / WHITE
            }
        }
    }
}

/// The light of the primaries in the connection space, adapted to its white by the Bradford matrix
/// (ICC.1:2022 annex E).
fn primaries(places: Places) -> Option<Matrix> {
    const BRADFORD: Matrix =
        [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]];
    let mut columns = [[0.0; 3]; 4];
    for (column, [x, y]) in columns.iter_mut().zip(places) {
        let [x, y] = [x, y].map(|value| f64::from(value) / 100_000.0);
        if y <= 0.0 {
            return None;
        }
        *column = [x / y, 1.0, (1.0 - x - y) / y];
    }
    let [white, red, green, blue] = columns;
    let unit: Matrix = core::array::from_fn(|i| [red[i], green[i], blue[i]]);
    let shares = srgb::apply(&srgb::inverse(unit)?, white);
    let scaled: Matrix = unit.map(|row| core::array::from_fn(|j| row[j] * shares[j]));
    let (from, to) = (srgb::apply(&BRADFORD, white), srgb::apply(&BRADFORD, D50));
    if from.iter().any(|cone| *cone <= 0.0) {
        return None;
    }
    let gains: Matrix = core::array::from_fn(|i| {
        core::array::from_fn(|j| if i == j { to[i] / from[i] } else { 0.0 })
    });
    let adapt = srgb::times(srgb::inverse(BRADFORD)?, srgb::times(gains, BRADFORD));
    Some(srgb::times(adapt, scaled))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RGB: Form = Form::Packed(Channels::Rgb);

    fn converted(stated: Stated, colour: [u8; 3]) -> [u8; 3] {
        let mut raster = crate::raster::Raster::new(
            selvedge_plan::geometry::Size { width: 1, height: 1 },
            Channels::Rgb,
            colour.to_vec(),
        )
        .unwrap();
        stated.conversion(&RGB).unwrap().unwrap().run(&mut raster).unwrap();
        raster.samples.try_into().unwrap()
    }

    #[test]
    fn srgb_is_found_by_its_numbers() {
        let stated = |light, places| Stated { light, places };
        assert_eq!(stated(Light::Srgb, BT709).is_srgb(&RGB), Ok(true));
        assert_eq!(stated(Light::Srgb, P3).is_srgb(&RGB), Ok(false));
        assert_eq!(stated(Light::Gamma(100_000), BT709).is_srgb(&RGB), Ok(false));
        assert_eq!(stated(Light::Srgb, [[1, 0]; 4]).is_srgb(&RGB), Ok(true), "no primaries");
    }

    #[test]
    fn colours_by_other_hands() {
        for (light, places, from, to) in [
            // Grey is the same under the same white.
            (Light::Srgb, P3, [255, 255, 255], [255, 255, 255]),
            (Light::Srgb, P3, [128, 128, 128], [128, 128, 128]),
            // 0.5 of light is 188 of 255.
            (Light::Gamma(100_000), BT709, [128, 128, 128], [188, 188, 188]),
            // 203 cd/m² are 58 % of PQ's range, and white; 75 % of HLG's.
            (Light::Pq, BT2020, [148, 148, 148], [255, 255, 255]),
            (Light::Hlg, BT2020, [192, 192, 192], [255, 255, 255]),
        ] {
            let made = converted(Stated { light, places }, from);
            let near = made.iter().zip(to).all(|(a, b)| a.abs_diff(b) <= 1);
            assert!(near, "{light:?} {from:?}: {made:?}");
        }
    }
}
