//! From a device's numbers to light: through the connection space of a profile, in full precision
//! (ICC.1:2022 §6.3, §8.3 to §8.10, annex F).

use super::curve::Curve;
use super::lut::Lut;
use super::srgb::{self, D50, Matrix, apply};
use super::tags::{Tags, fixed, four};

/// The light of black where a profile of version 4 is made for perception (§6.3.3, ISO 15076-1).
const PERCEPTUAL_BLACK: f64 = 0.003_473_1;

/// The lightest that a black counts as black, in L*: what is lighter is left as it is.
const LIGHTEST_BLACK: f64 = 50.0;

/// Three curves, and a matrix to sRGB's light.
pub struct Shaper<'a> {
    pub curves: [Curve<'a>; 3],
    pub matrix: Matrix,
}

impl<'a> Shaper<'a> {
    /// Of a profile for red, green and blue.
    pub fn read(tags: Tags<'a>) -> Option<Self> {
        let curve = |name| Some(Curve::read(tags.find(name)?)?.0);
        let curves = [curve(b"rTRC")?, curve(b"gTRC")?, curve(b"bTRC")?];
        let columns = [xyz(tags, b"rXYZ")?, xyz(tags, b"gXYZ")?, xyz(tags, b"bXYZ")?];
        let primaries = core::array::from_fn(|i| columns.map(|column| column[i]));
        let matrix = srgb::times(srgb::from_connection(), primaries);
        (tags.connection()? == *b"XYZ ").then_some(Self { curves, matrix })
    }
}

/// X, Y, Z of a tag.
fn xyz(tags: Tags<'_>, name: &[u8; 4]) -> Option<[f64; 3]> {
    let tag = tags.find(name)?;
    let number = |index: usize| fixed(tag, 8 + index * 4);
    (four(tag, 0)? == *b"XYZ ").then_some([number(0)?, number(1)?, number(2)?])
}

/// The curve of grey, and whether it leads to L* instead of light.
pub struct Grey<'a> {
    curve: Curve<'a>,
    to_lightness: bool,
}

impl<'a> Grey<'a> {
    /// Of a profile for grey.
    pub fn read(tags: Tags<'a>) -> Option<Self> {
        let (curve, _) = Curve::read(tags.find(b"kTRC")?)?;
        Some(Self { curve, to_lightness: tags.connection()? == *b"Lab " })
    }

    /// The light of a grey from 0 to 1.
    pub fn light(&self, grey: f64) -> f64 {
        let value = self.curve.at(grey);
        if self.to_lightness { from_lab([value * 100.0, 0.0, 0.0])[1] } else { value }
    }
}

/// Tables to sRGB's light, with the device's black as black.
pub struct Tables<'a, const N: usize> {
    lut: Lut<'a, N>,
    is_lab: bool,
    /// The light of the device's black, as a share of white's.
    black: f64,
    matrix: Matrix,
}

impl<'a, const N: usize> Tables<'a, N> {
    /// Of a profile for devices whose darkest colour has the numbers `darkest`. What is made for
    /// perception goes before what only measures.
    pub fn read(tags: Tags<'a>, darkest: f64) -> Option<Self> {
        let perceptual = tags.find(b"A2B0");
        let lut = Lut::read(perceptual.or_else(|| tags.find(b"A2B1"))?)?;
        let is_lab = match &tags.connection()? {
            b"Lab " => true,
            b"XYZ " => false,
            _ => return None,
        };
        let matrix = srgb::from_connection();
        let mut tables = Self { lut, is_lab, black: 0.0, matrix };
        tables.black = if tags.version() >= 4 && perceptual.is_some() {
            PERCEPTUAL_BLACK
        } else {
            let [_, y, _] = tables.xyz([darkest; N]);
            y.clamp(0.0, from_lab([LIGHTEST_BLACK, 0.0, 0.0])[1])
        };
        Some(tables)
    }

    /// sRGB's light of a device's numbers from 0 to 1; what sRGB cannot show is beyond 0 to 1.
    pub fn light(&self, device: [f64; N]) -> [f64; 3] {
        let xyz = self.xyz(device);
        let deeper = core::array::from_fn(|i| (xyz[i] - D50[i] * self.black) / (1.0 - self.black));
        apply(&self.matrix, deeper)
    }

    fn xyz(&self, device: [f64; N]) -> [f64; 3] {
        let [a, b, c] = self.lut.at(device);
        match (self.is_lab, self.lut.is_old) {
            (false, _) => [a, b, c].map(|value| value * (1.0 + 32_767.0 / 32_768.0)),
            (true, false) => from_lab([a * 100.0, b * 255.0 - 128.0, c * 255.0 - 128.0]),
            (true, true) => {
                let [l, a, b] = [a, b, c].map(|value| value * 65_535.0 / 256.0);
                from_lab([l * 100.0 / 255.0, a - 128.0, b - 128.0])
            }
        }
    }
}

/// X, Y, Z of L*, a*, b* under D50 (CIE 15).
fn from_lab([l, a, b]: [f64; 3]) -> [f64; 3] {
    let cube = |t: f64| {
        if t > 24.0 / 116.0 { t * t * t } else { (t - 16.0 / 116.0) * (108.0 / 841.0) }
    };
    let y = (l + 16.0) / 116.0;
    let [x, y, z] = [y + a / 500.0, y, y - b / 200.0].map(cube);
    [x * D50[0], y * D50[1], z * D50[2]]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lightness_by_hand() {
        assert_eq!(from_lab([100.0, 0.0, 0.0]), D50);
        let [x, y, z] = from_lab([50.0, 0.0, 0.0]);
        assert!((y - 0.184_186_5).abs() < 1e-6);
        assert!((x / D50[0] - y).abs() < 1e-12 && (z / D50[2] - y).abs() < 1e-12);
        let [x, y, z] = from_lab([0.0, 0.0, 0.0]);
        assert!(x.abs() < 1e-12 && y.abs() < 1e-12 && z.abs() < 1e-12);
    }
}
