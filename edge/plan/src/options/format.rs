//! `format`: the output format.

use super::{Options, Setting};

/// A wish for a format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// The best that the client accepts.
    Auto,
    /// JPEG.
    Jpeg,
    /// Uncompressed pixels, for an embedder that encodes them itself; not in URLs.
    Pixels,
    /// PNG.
    Png,
    /// WebP.
    Webp,
}

impl Format {
    /// Every value.
    pub const ALL: &[Self] = &[Self::Auto, Self::Jpeg, Self::Pixels, Self::Png, Self::Webp];

    fn read(value: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|known| known.name() == value)
    }

    /// The value as written in a URL.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Jpeg => "jpeg",
            Self::Pixels => "pixels",
            Self::Png => "png",
            Self::Webp => "webp",
        }
    }
}

/// The `format` option.
pub struct FormatSetting;

impl Setting for FormatSetting {
    fn names(&self) -> &'static [&'static str] {
        &["format", "f"]
    }
    fn expects(&self) -> &'static str {
        "auto, jpeg, pixels, png or webp"
    }
    fn doc(&self) -> &'static str {
        "Output format; `auto` lets the Accept header choose."
    }
    fn default(&self) -> &'static str {
        "jpeg, or png where there is transparency"
    }
    fn read(&self, value: &str, options: &mut Options) -> Option<()> {
        options.format = Some(Format::read(value)?);
        Some(())
    }
    fn print(&self, options: &Options) -> Option<String> {
        options.format.map(|value| value.name().to_owned())
    }
}
