//! Colours as CSS writes them (CSS Color 4), in integers: the ones that are read in one build must be
//! those of every other.

mod arguments;
mod fixed;
mod names;
mod spaces;

use arguments::{Arguments, Numbers};
use names::NAMES;
use spaces::Space;

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
pub(crate) const EXPECTS: &str = "a CSS colour: #rgb, #rgba, #rrggbb, #rrggbbaa (with %23 for #), a \
                                  name, rgb(), rgba(), hsl(), hsla(), hwb(), lab(), lch(), oklab(), \
                                  oklch() or color(), but none that only a page can tell \
                                  (currentcolor, system colours, var(), color-mix(), relative ones)";

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
        let rest = rest.strip_suffix(')')?.trim();
        let (space, rest) = match function {
            "color" => rest.split_once(' ')?,
            _ => ("", rest),
        };
        let given = Arguments::read(rest)?;
        let [red, green, blue] = match function {
            "rgb" | "rgba" => given.channels()?,
            "hsl" | "hsla" => {
                let (hue, [saturation, lightness]) = given.hue_and_shares()?;
                hsl(hue, saturation, lightness).map(byte)
            }
            _ if !given.is_modern => return None,
            "hwb" => {
                let (hue, [white, black]) = given.hue_and_shares()?;
                hwb(hue, white, black).map(byte)
            }
            "color" => bytes(Space::read(space)?.srgb(given.numbers(Numbers::OF_COLOR)?)),
            "lab" => bytes(spaces::lab(given.numbers(Numbers::OF_LAB)?)),
            "lch" => bytes(spaces::lab(spaces::polar(given.numbers(Numbers::OF_LCH)?))),
            "oklab" => bytes(spaces::oklab(given.numbers(Numbers::OF_OKLAB)?)),
            "oklch" => bytes(spaces::oklab(spaces::polar(given.numbers(Numbers::OF_OKLCH)?))),
            _ => return None,
        };
        Some(Self { red, green, blue, alpha: given.alpha()? })
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

/// CSS Color 4 §7.1, in shares of [`ONE`].
#[expect(clippy::arithmetic_side_effects, reason = "all factors are at most 12 * ONE")]
fn hsl(hue: i64, saturation: i64, lightness: i64) -> [i64; 3] {
    let reach = saturation * lightness.min(ONE - lightness) / ONE;
    [0, 8, 4].map(|n| {
        let k = (n * ONE + hue * 12) % (12 * ONE);
        let slope = (k - 3 * ONE).min(9 * ONE - k).clamp(-ONE, ONE);
        lightness - reach * slope / ONE
    })
}

/// CSS Color 4 §8.1, in shares of [`ONE`].
#[expect(clippy::arithmetic_side_effects, reason = "all factors are at most ONE")]
fn hwb(hue: i64, white: i64, black: i64) -> [i64; 3] {
    let sum = white + black;
    if sum >= ONE {
        return [white * ONE / sum; 3];
    }
    hsl(hue, ONE, ONE / 2).map(|channel| channel * (ONE - sum) / ONE + white)
}

/// Channels in fixed point as bytes, rounded half up.
#[expect(clippy::arithmetic_side_effects, reason = "values are clamped first")]
fn bytes(channels: [i64; 3]) -> [u8; 3] {
    channels.map(|value| {
        let byte = (value.clamp(0, fixed::ONE) * 255 + fixed::ONE / 2) / fixed::ONE;
        u8::try_from(byte).unwrap_or(u8::MAX)
    })
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
            ("hsl(3.14159rad 100% 50%)", "#00ffff"),
            ("hsl(120 100 25)", "#008000"),
            ("hwb(90 10 10 / none)", "#80e61a00"),
            ("lab(50% 0 0)", "#777777"),
            ("color(srgb 1 0.5 0 / 50%)", "#ff800080"),
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
            "rgb(1,none,3)",
            "hsl(none,5%,5%)",
            "hwb(194,0%,0%)",
            "lab(50%,0,0)",
            "lab(50% 0)",
            "lab(50% 0 1e2)",
            "lab(50% 0 999999)",
            "oklch(0.5 0.1 0 0)",
            "oklch(0.5 0.1 5%)",
            "color(0 0 0)",
            "color(lab 0 0 0)",
            "color(srgb 0 0)",
            "color(srgb 0,0,0)",
            "color(srgb 0 0 0",
            "color-mix(in srgb, red, blue)",
            "lab(from red l a b)",
            "var(--x)",
            "canvastext",
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
