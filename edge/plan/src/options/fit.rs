//! `fit`: how the picture meets the box of width and height.

use super::{Setting, Stage};

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

    /// Whether the mode may give more pixels than the source has.
    pub fn enlarges(self) -> bool {
        !matches!(self, Self::AspectCrop | Self::Crop | Self::ScaleDown)
    }

    /// Whether the mode has a meaning of its own only with both sides given.
    pub fn needs_box(self) -> bool {
        self.cuts() || matches!(self, Self::Pad | Self::Squeeze)
    }
}

/// The `fit` option.
pub const SETTING: Setting = Setting {
    names: &["fit"],
    parts: &[],
    expects: "aspect-crop, contain, cover, crop, pad, scale-down, scale-up or squeeze",
    default: "scale-down",
    doc: "How the picture meets the box of width and height.",
    stage: Stage::Resize,
    read: |options, _, value| {
        options.fit = Some(*Fit::ALL.iter().find(|known| known.name() == value)?);
        Some(())
    },
    print: |options, to| options.fit.iter().for_each(|fit| to.value(fit.name())),
};

#[cfg(test)]
mod tests {
    use super::Fit;

    #[test]
    fn values() {
        let printed = Fit::ALL.iter().map(|fit| (fit.name(), format!("fit={}", fit.name())));
        let printed: Vec<_> = printed.collect();
        let good: Vec<_> = printed.iter().map(|(name, text)| (*name, text.as_str())).collect();
        super::super::check("fit", &good, &["", "Cover", "fill", "scaledown"]);
    }
}
