//! `metadata`: what of the source's metadata is kept.

use super::{Setting, Stage};

/// What is kept. Orientation and colours are in the pixels in any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metadata {
    /// Who made the picture.
    Copyright,
    /// All that can be.
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
    default: "none",
    doc: "What of the source's metadata is kept.",
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
