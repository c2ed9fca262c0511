//! `fit`: how the picture meets the box of width and height.

use super::{Options, Setting};

/// A way to fit. All but `squeeze` keep the ratio of the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// Cuts to the ratio of the box; shrinks to it, never enlarges.
    AspectCrop,
    /// As large as fits inside the box.
    Contain,
    /// Fills the box; what stands out is cut off.
    Cover,
    /// As `cover`, but never enlarges.
    Crop,
    /// As `contain`, then filled up with the background.
    Pad,
    /// As `contain`, but never enlarges.
    ScaleDown,
    /// As `contain`, but never shrinks.
    ScaleUp,
    /// Exactly the box, distorting.
    Squeeze,
}

impl Fit {
    /// Every value.
    pub const ALL: &[Self] = &[
        Self::AspectCrop,
        Self::Contain,
        Self::Cover,
        Self::Crop,
        Self::Pad,
        Self::ScaleDown,
        Self::ScaleUp,
        Self::Squeeze,
    ];

    fn read(value: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|known| known.name() == value)
    }

    /// The value as written in a URL.
    pub fn name(self) -> &'static str {
        match self {
            Self::AspectCrop => "aspect-crop",
            Self::Contain => "contain",
            Self::Cover => "cover",
            Self::Crop => "crop",
            Self::Pad => "pad",
            Self::ScaleDown => "scale-down",
            Self::ScaleUp => "scale-up",
            Self::Squeeze => "squeeze",
        }
    }

    /// Whether the mode may cut something off, so that gravity matters.
    pub fn cuts(self) -> bool {
        matches!(self, Self::AspectCrop | Self::Cover | Self::Crop)
    }
}

/// The `fit` option.
pub struct FitSetting;

impl Setting for FitSetting {
    fn names(&self) -> &'static [&'static str] {
        &["fit"]
    }
    fn expects(&self) -> &'static str {
        "aspect-crop, contain, cover, crop, pad, scale-down, scale-up or squeeze"
    }
    fn doc(&self) -> &'static str {
        "How the picture meets the box of width and height."
    }
    fn default(&self) -> &'static str {
        "scale-down"
    }
    fn read(&self, value: &str, options: &mut Options) -> Option<()> {
        options.fit = Some(Fit::read(value)?);
        Some(())
    }
    fn print(&self, options: &Options) -> Option<String> {
        options.fit.map(|value| value.name().to_owned())
    }
}
