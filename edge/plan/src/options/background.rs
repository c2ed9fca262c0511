//! `background`: the colour under transparency and in `pad` space.

use super::{Options, Setting, decimal};

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

/// The names of CSS Color 4 §6.1 that HTML 4 had, plus `transparent`.
const NAMES: &[(&str, u32)] = &[
    ("aqua", 0x00ff_ffff),
    ("black", 0x0000_00ff),
    ("blue", 0x0000_ffff),
    ("fuchsia", 0xff00_ffff),
    ("gray", 0x8080_80ff),
    ("green", 0x0080_00ff),
    ("grey", 0x8080_80ff),
    ("lime", 0x00ff_00ff),
    ("maroon", 0x8000_00ff),
    ("navy", 0x0000_80ff),
    ("olive", 0x8080_00ff),
    ("orange", 0xffa5_00ff),
    ("purple", 0x8000_80ff),
    ("red", 0xff00_00ff),
    ("silver", 0xc0c0_c0ff),
    ("teal", 0x0080_80ff),
    ("transparent", 0x0000_0000),
    ("white", 0xffff_ffff),
    ("yellow", 0xffff_00ff),
];

impl Colour {
    /// Opaque white.
    pub const WHITE: Self = Self::from_rgba(0xffff_ffff);

    const fn from_rgba(rgba: u32) -> Self {
        let [red, green, blue, alpha] = rgba.to_be_bytes();
        Self { red, green, blue, alpha }
    }

    fn read(value: &str) -> Option<Self> {
        let lower = value.to_ascii_lowercase();
        if let Some(hex) = lower.strip_prefix('#') {
            return Self::read_hex(hex);
        }
        if let Some((_, rgba)) = NAMES.iter().find(|(name, _)| *name == lower) {
            return Some(Self::from_rgba(*rgba));
        }
        let inside = lower.strip_prefix("rgba(").or_else(|| lower.strip_prefix("rgb("))?;
        Self::read_channels(inside.strip_suffix(')')?)
    }

    fn read_hex(hex: &str) -> Option<Self> {
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

    /// `240,40,145` or with an alpha from 0 to 1, separated by commas, or by blanks and a slash.
    fn read_channels(text: &str) -> Option<Self> {
        let mut parts = text.split([',', ' ', '/']).filter(|part| !part.is_empty());
        let mut channel = || u8::try_from(decimal(parts.next()?, 0)?).ok();
        let (red, green, blue) = (channel()?, channel()?, channel()?);
        let thousandths = parts.next().map_or(Some(1_000), |part| decimal(part, 3))?;
        let scaled = thousandths.checked_mul(255)?.checked_add(500)? / 1_000;
        let alpha = u8::try_from(scaled).ok()?;
        parts.next().is_none().then_some(Self { red, green, blue, alpha })
    }

    /// The one spelling: `#rrggbb`, or `#rrggbbaa` unless opaque.
    pub fn text(self) -> String {
        let Self { red, green, blue, alpha } = self;
        let rgb = format!("#{red:02x}{green:02x}{blue:02x}");
        if alpha == 255 { rgb } else { format!("{rgb}{alpha:02x}") }
    }
}

/// The `background` option.
pub struct BackgroundSetting;

impl Setting for BackgroundSetting {
    fn names(&self) -> &'static [&'static str] {
        &["background"]
    }
    fn expects(&self) -> &'static str {
        "a colour: #rgb, #rrggbb, #rrggbbaa (with %23 for #), rgb(r,g,b), rgba(r,g,b,a) or a name"
    }
    fn doc(&self) -> &'static str {
        "Colour under transparency and in the space that `pad` adds."
    }
    fn default(&self) -> &'static str {
        "white for `pad` and for JPEG, else none"
    }
    fn read(&self, value: &str, options: &mut Options) -> Option<()> {
        options.background = Some(Colour::read(value)?);
        Some(())
    }
    fn print(&self, options: &Options) -> Option<String> {
        options.background.map(Colour::text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_have_one_spelling() {
        for (text, canonical) in [
            ("#FA0", "#ffaa00"),
            ("#fa08", "#ffaa0088"),
            ("rgb(240,40,145)", "#f02891"),
            ("rgba(0,0,0,0)", "#00000000"),
            ("rgba(0 0 0 / 0.5)", "#00000080"),
            ("White", "#ffffff"),
            ("transparent", "#00000000"),
        ] {
            let colour = Colour::read(text).unwrap();
            assert_eq!(colour.text(), canonical);
            assert_eq!(Colour::read(canonical), Some(colour));
        }
        for bad in ["#ff", "#ggg", "rgb(256,0,0)", "rgb(1,2)", "rgba(1,2,3,1.5)", "whitish", ""] {
            assert_eq!(Colour::read(bad), None, "{bad}");
        }
    }
}
