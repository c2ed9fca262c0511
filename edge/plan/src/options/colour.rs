//! Colours as CSS writes them (CSS Color 4), in integers: hexadecimal, named, `rgb()`, `hsl()` and
//! `hwb()`. `lab()`, `lch()`, `oklab()`, `oklch()` and `color()` are refused: they take powers and
//! roots, in which builds do not agree.

use super::colour_names::NAMES;
use super::number::decimal;

/// An sRGB colour with straight alpha, 8 bits each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour {
    /// Red.
    pub red: u8,
    /// Green.
    pub green: u8,
    /// Blue.
    pub blue: u8,
    /// 0 transparent to 255 opaque.
    pub alpha: u8,
}

/// What [`Colour::read`] takes, for messages.
pub(crate) const EXPECTS: &str = "a CSS colour: #rgb, #rgba, #rrggbb, #rrggbbaa (with %23 for #), \
                                  rgb(), rgba(), hsl(), hsla(), hwb() or a name";

/// One, in the fixed point of this file.
const ONE: i64 = 1_000_000;

impl Colour {
    /// Opaque black.
    pub const BLACK: Self = Self::from_rgba(0x0000_00ff);
    /// Nothing at all.
    pub const TRANSPARENT: Self = Self::from_rgba(0);
    /// Opaque white.
    pub const WHITE: Self = Self::from_rgba(0xffff_ffff);

    const fn from_rgba(rgba: u32) -> Self {
        let [red, green, blue, alpha] = rgba.to_be_bytes();
        Self { red, green, blue, alpha }
    }

    /// Reads a colour of CSS, in any case.
    pub(crate) fn read(value: &str) -> Option<Self> {
        let lower = value.to_ascii_lowercase();
        if let Some(hex) = lower.strip_prefix('#') {
            return Self::read_hex(hex);
        }
        if lower == "transparent" {
            return Some(Self::TRANSPARENT);
        }
        if let Some((_, rgb)) = NAMES.iter().find(|(name, _)| *name == lower) {
            return Some(Self::from_rgba((*rgb << 8) | 0xff));
        }
        let (function, rest) = lower.split_once('(')?;
        let (parts, alpha) = arguments(rest.strip_suffix(')')?)?;
        let [a, b, c] = parts;
        let [red, green, blue] = match function {
            "rgb" | "rgba" => [channel(a)?, channel(b)?, channel(c)?],
            "hsl" | "hsla" => hsl(hue(a)?, share(b)?, share(c)?),
            "hwb" => hwb(hue(a)?, share(b)?, share(c)?),
            _ => return None,
        };
        Some(Self { red, green, blue, alpha: byte(alpha.map_or(Some(ONE), fraction)?) })
    }

    /// Three, four, six or eight hexadecimal digits.
    pub(crate) fn read_hex(hex: &str) -> Option<Self> {
        if !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let doubled = |s: &str| s.chars().flat_map(|c| [c, c]).collect::<String>();
        let full = match hex.len() {
            3 => doubled(hex) + "ff",
            4 => doubled(hex),
            6 => format!("{hex}ff"),
            8 => hex.to_owned(),
            _ => return None,
        };
        u32::from_str_radix(&full, 16).ok().map(Self::from_rgba)
    }

    /// The one spelling: `#rrggbb`, or `#rrggbbaa` unless opaque.
    pub fn text(self) -> String {
        let Self { red, green, blue, alpha } = self;
        let rgb = format!("#{red:02x}{green:02x}{blue:02x}");
        if alpha == 255 { rgb } else { format!("{rgb}{alpha:02x}") }
    }
}

/// Three arguments and an alpha: all behind commas, or behind blanks with a slash before alpha.
fn arguments(text: &str) -> Option<([&str; 3], Option<&str>)> {
    let (three, alpha): (Vec<&str>, _) = if text.contains(',') {
        let mut parts: Vec<&str> = text.split(',').map(str::trim).collect();
        let alpha = (parts.len() > 3).then(|| parts.pop()).flatten();
        (parts, alpha)
    } else {
        let (three, alpha) = match text.split_once('/') {
            Some((three, alpha)) => (three, Some(alpha.trim())),
            None => (text, None),
        };
        (three.split(' ').filter(|part| !part.is_empty()).collect(), alpha)
    };
    Some((three.try_into().ok()?, alpha))
}

/// `50%` of [`ONE`], or `none`, which is 0.
fn share(text: &str) -> Option<i64> {
    if text == "none" {
        return Some(0);
    }
    let millionths = decimal(text.strip_suffix('%')?, 4)?;
    Some(i64::from(millionths)).filter(|value| *value <= ONE)
}

/// `0.5` or `50%` of [`ONE`].
fn fraction(text: &str) -> Option<i64> {
    if text.ends_with('%') || text == "none" {
        return share(text);
    }
    Some(i64::from(decimal(text, 6)?)).filter(|value| *value <= ONE)
}

/// 0 to 255, or a percentage.
fn channel(text: &str) -> Option<u8> {
    if text.ends_with('%') || text == "none" {
        return share(text).map(byte);
    }
    let thousandths = decimal(text, 3).filter(|value| *value <= 255_000)?;
    u8::try_from(thousandths.saturating_add(500) / 1_000).ok()
}

/// An angle in millionths of a turn, 0 to below [`ONE`]: degrees without a unit.
#[expect(clippy::arithmetic_side_effects, reason = "nine digits times 10^6 fit in 64 bits")]
fn hue(text: &str) -> Option<i64> {
    if text == "none" {
        return Some(0);
    }
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let in_units = |number: &str| decimal(number, 3).map(i64::from);
    // Thousandths of a unit, times what turns them into millionths of a turn.
    let turn = if let Some(number) = text.strip_suffix("turn") {
        in_units(number)? * 1_000
    } else if let Some(number) = text.strip_suffix("grad") {
        in_units(number)? * 1_000 / 400
    } else if let Some(number) = text.strip_suffix("rad") {
        // 1 radian is 1/6.283185307 of a turn.
        in_units(number)? * 1_000_000_000 / 6_283_185
    } else {
        in_units(text.strip_suffix("deg").unwrap_or(text))? * 1_000 / 360
    };
    Some((sign * turn).rem_euclid(ONE))
}

/// CSS Color 4 §7.1.
#[expect(clippy::arithmetic_side_effects, reason = "all factors are at most 12 * ONE")]
fn hsl(hue: i64, saturation: i64, lightness: i64) -> [u8; 3] {
    let reach = saturation * lightness.min(ONE - lightness) / ONE;
    [0, 8, 4].map(|n| {
        let k = (n * ONE + hue * 12) % (12 * ONE);
        let slope = (k - 3 * ONE).min(9 * ONE - k).clamp(-ONE, ONE);
        byte(lightness - reach * slope / ONE)
    })
}

/// CSS Color 4 §8.1.
#[expect(clippy::arithmetic_side_effects, reason = "all factors are at most 255 * ONE")]
fn hwb(hue: i64, white: i64, black: i64) -> [u8; 3] {
    let sum = white + black;
    if sum >= ONE {
        return [byte(white * ONE / sum); 3];
    }
    let pure = hsl(hue, ONE, ONE / 2);
    pure.map(|channel| byte(i64::from(channel) * (ONE - sum) / 255 + white))
}

/// A share of [`ONE`] as a byte, rounded half up.
#[expect(clippy::arithmetic_side_effects, reason = "the value is clamped first")]
fn byte(share: i64) -> u8 {
    u8::try_from((share.clamp(0, ONE) * 255 + ONE / 2) / ONE).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_have_one_spelling() {
        // Expected values are those that a browser computes for `color`.
        for (text, canonical) in [
            ("#FA0", "#ffaa00"),
            ("#fa08", "#ffaa0088"),
            ("#0a0B0c", "#0a0b0c"),
            ("#0a0b0c0d", "#0a0b0c0d"),
            ("rgb(240,40,145)", "#f02891"),
            ("rgb(240 40 145)", "#f02891"),
            ("rgb(100%, 0%, 50%)", "#ff0080"),
            ("rgb(127.5 none 0)", "#800000"),
            ("rgba(0,0,0,0)", "#00000000"),
            ("rgba(0 0 0 / 0.5)", "#00000080"),
            ("RGB(0 0 0 / 25%)", "#00000040"),
            ("hsl(0,100%,50%)", "#ff0000"),
            ("hsl(120deg 100% 25%)", "#008000"),
            ("hsl(-120 100% 50%)", "#0000ff"),
            ("hsl(0.5turn 60% 40% / 0.2)", "#29a3a333"),
            ("hsla(200grad,100%,50%,1)", "#00ffff"),
            ("hsl(3.14159rad 100% 50%)", ""),
            ("hsl(3.141rad 100% 50%)", "#00ffff"),
            ("hwb(194 0% 0%)", "#00c4ff"),
            ("hwb(90 10% 10%)", "#80e61a"),
            ("hwb(0 60% 60%)", "#808080"),
            ("White", "#ffffff"),
            ("RebeccaPurple", "#663399"),
            ("transparent", "#00000000"),
        ] {
            let colour = Colour::read(text);
            assert_eq!(colour.map(Colour::text).unwrap_or_default(), canonical, "{text}");
            assert_eq!(Colour::read(canonical), colour);
        }
    }

    #[test]
    fn what_is_no_colour_is_refused() {
        for bad in [
            "",
            "#",
            "#ff",
            "#ggg",
            "#fffff",
            "fff",
            "rgb(256,0,0)",
            "rgb(1,2)",
            "rgb(1,2,3,4,5)",
            "rgba(1,2,3,1.5)",
            "rgb(1 2 3 0.5)",
            "rgb(1,2,3",
            "rgb(1 2,3)",
            "hsl(0,1,1)",
            "hsl(0 101% 0%)",
            "hwb(0,0%)",
            "lab(50% 0 0)",
            "oklch(0.5 0.1 0)",
            "whitish",
            "currentcolor",
            "rgb(-1,0,0)",
        ] {
            assert_eq!(Colour::read(bad), None, "{bad}");
        }
    }

    #[test]
    fn names_are_those_of_css() {
        assert_eq!(NAMES.len(), 148);
        assert!(NAMES.is_sorted_by(|a, b| a.0 < b.0));
    }
}
