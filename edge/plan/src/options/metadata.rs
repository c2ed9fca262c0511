//! `metadata`: what of the source's metadata is kept.

use super::{Setting, Stage};

/// What is kept. The orientation is in the pixels in any case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Metadata {
    /// Whose the picture is, and who made it. Colours are in the pixels.
    #[default]
    Copyright,
    /// EXIF, XMP and the colour profile, as which the pixels stay.
    Keep,
    /// Nothing.
    None,
}

impl Metadata {
    const ALL: &[Self] = &[Self::Copyright, Self::Keep, Self::None];

    /// The value as written in a URL.
    pub fn name(self) -> &'static str {
        match self {
            Self::Copyright => "copyright",
            Self::Keep => "keep",
            Self::None => "none",
        }
    }
}

/// The `metadata` option.
pub const SETTING: Setting = Setting {
    names: &["metadata"],
    parts: &[],
    expects: "none, copyright or keep",
    default: "copyright",
    doc: "What of the source's metadata is kept: nothing; whose it is and who made it; or EXIF with its \
          places, XMP, and the colour profile, to which the colours are left.",
    stage: Stage::Encode,
    read: |options, _, value| {
        options.metadata = Some(*Metadata::ALL.iter().find(|known| known.name() == value)?);
        Some(())
    },
    print: |options, to| options.metadata.iter().for_each(|metadata| to.value(metadata.name())),
};

#[cfg(test)]
mod tests {
    #[test]
    fn values() {
        let good = [
            ("none", "metadata=none"),
            ("copyright", "metadata=copyright"),
            ("keep", "metadata=keep"),
        ];
        super::super::check("metadata", &good, &["", "all"]);
    }
}
