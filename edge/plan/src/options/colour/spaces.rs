//! Colours of other spaces in sRGB, with the matrices and curves of CSS Color 4 §18. What sRGB cannot
//! show is clipped, channel by channel.
#![expect(
    clippy::arithmetic_side_effects,
    reason = "numbers have five digits before the point at most; products of two of them end at the \
              ends of 64 bits"
)]

use super::fixed::{ONE, cosine, from_decimal, power, product, sine, transformed};

/// From CIE XYZ, with the white of D65, to linear sRGB.
const XYZ_TO_SRGB: [[i64; 3]; 3] = [
    [3_240_969_941_905, -1_537_383_177_570, -498_610_760_293],
    [-969_243_636_281, 1_875_967_501_508, 41_555_057_407],
    [55_630_079_697, -203_976_958_889, 1_056_971_514_243],
];

const P3_TO_XYZ: [[i64; 3]; 3] = [
    [486_570_948_648, 265_667_693_169, 198_217_285_234],
    [228_974_564_070, 691_738_521_837, 79_286_914_094],
    [0, 45_113_381_859, 1_043_944_368_901],
];

const A98_TO_XYZ: [[i64; 3]; 3] = [
    [576_669_042_910, 185_558_237_907, 188_228_646_235],
    [297_344_975_251, 627_363_566_255, 75_291_458_494],
    [27_031_361_386, 70_688_852_536, 991_337_536_838],
];

const REC2020_TO_XYZ: [[i64; 3]; 3] = [
    [636_958_048_301, 144_616_903_586, 168_880_975_164],
    [262_700_212_011, 677_998_071_519, 59_301_716_470],
    [0, 28_072_693_049, 1_060_985_057_711],
];

/// To XYZ with the white of D50.
const PROPHOTO_TO_XYZ: [[i64; 3]; 3] = [
    [797_766_644_901, 135_181_297_401, 31_347_734_128],
    [288_074_828_819, 711_835_234_242, 89_936_939],
    [0, 0, 825_104_602_510],
];

/// Bradford's, from the white of D50 to that of D65.
const D50_TO_D65: [[i64; 3]; 3] = [
    [955_473_421_488, -23_098_454_949, 63_259_243_201],
    [-28_369_709_334, 1_009_995_398_081, 21_041_441_192],
    [12_314_014_864, -20_507_649_299, 1_330_365_926_242],
];

/// The white of D50, in 10^-12.
const D50: [i64; 3] = [964_295_676_430, 1_000_000_000_000, 825_104_602_510];

const OKLAB_TO_LMS: [[i64; 3]; 3] = [
    [1_000_000_000_000, 396_337_777_376, 215_803_757_310],
    [1_000_000_000_000, -105_561_345_816, -63_854_172_826],
    [1_000_000_000_000, -89_484_177_530, -1_291_485_548_019],
];

const LMS_TO_XYZ: [[i64; 3]; 3] = [
    [1_226_879_875_846, -557_814_994_460, 281_391_045_666],
    [-40_575_745_215, 1_112_286_803_280, -71_711_058_066],
    [-76_372_936_675, -421_493_332_402, 1_586_924_019_837],
];

/// A space of `color()`.
#[derive(Clone, Copy, Debug)]
pub enum Space {
    A98,
    DisplayP3,
    ProPhoto,
    Rec2020,
    Srgb,
    SrgbLinear,
    XyzD50,
    XyzD65,
}

impl Space {
    pub fn read(name: &str) -> Option<Self> {
        Some(match name {
            "a98-rgb" => Self::A98,
            "display-p3" => Self::DisplayP3,
            "prophoto-rgb" => Self::ProPhoto,
            "rec2020" => Self::Rec2020,
            "srgb" => Self::Srgb,
            "srgb-linear" => Self::SrgbLinear,
            "xyz-d50" => Self::XyzD50,
            "xyz" | "xyz-d65" => Self::XyzD65,
            _ => return None,
        })
    }

    /// Its colour in sRGB.
    pub fn srgb(self, colour: [i64; 3]) -> [i64; 3] {
        let xyz = match self {
            Self::Srgb => return colour,
            Self::SrgbLinear => return colour.map(encoded),
            Self::A98 => transformed(&A98_TO_XYZ, colour.map(|v| power(v, 563, 256))),
            Self::DisplayP3 => transformed(&P3_TO_XYZ, colour.map(decoded)),
            Self::ProPhoto => from_d50(transformed(&PROPHOTO_TO_XYZ, colour.map(of_prophoto))),
            // As the newer drafts have it: displays' curve, not cameras'.
            Self::Rec2020 => transformed(&REC2020_TO_XYZ, colour.map(|v| power(v, 12, 5))),
            Self::XyzD50 => from_d50(colour),
            Self::XyzD65 => colour,
        };
        from_xyz(xyz)
    }
}

/// CIE Lab, L from 0 to 100.
pub fn lab([lightness, a, b]: [i64; 3]) -> [i64; 3] {
    let y = (lightness + 16 * ONE) / 116;
    let unscaled = |value: i64| {
        // Up to 6 / 29 the curve is a line.
        if value * 29 > 6 * ONE {
            product(product(value, value), value)
        } else {
            (116 * value - 16 * ONE) * 27 / 24_389
        }
    };
    let [x, y, z] = [y + a / 500, y, y - b / 200].map(unscaled);
    let [white_x, _, white_z] = D50.map(|part| from_decimal(part, 12));
    from_xyz(from_d50([product(x, white_x), y, product(z, white_z)]))
}

/// Oklab, L from 0 to 1.
pub fn oklab(colour: [i64; 3]) -> [i64; 3] {
    let cubes = transformed(&OKLAB_TO_LMS, colour).map(|v| product(product(v, v), v));
    from_xyz(transformed(&LMS_TO_XYZ, cubes))
}

/// From lightness, chroma and turns of hue to lightness and two axes.
pub fn polar([lightness, chroma, turns]: [i64; 3]) -> [i64; 3] {
    [lightness, product(chroma, cosine(turns)), product(chroma, sine(turns))]
}

fn from_d50(xyz: [i64; 3]) -> [i64; 3] {
    transformed(&D50_TO_D65, xyz)
}

fn from_xyz(xyz: [i64; 3]) -> [i64; 3] {
    transformed(&XYZ_TO_SRGB, xyz).map(encoded)
}

/// sRGB's curve, clipped first: beyond its ends there is nothing to be seen.
fn encoded(linear: i64) -> i64 {
    let linear = linear.clamp(0, ONE);
    if linear <= from_decimal(31_308, 7) {
        return product(linear, from_decimal(1_292, 2));
    }
    product(power(linear, 5, 12), from_decimal(1_055, 3)) - from_decimal(55, 3)
}

/// The same backwards, for what is negative too.
fn decoded(value: i64) -> i64 {
    if value < 0 {
        return -decoded(-value);
    }
    if value <= from_decimal(4_045, 5) {
        return value * 25 / 323;
    }
    power((value + from_decimal(55, 3)) * 200 / 211, 12, 5)
}

fn of_prophoto(value: i64) -> i64 {
    if value.abs() <= ONE / 32 { value / 16 } else { power(value, 9, 5) }
}
