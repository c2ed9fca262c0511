//! `flip`: mirroring, before `rotate`.

use super::{Setting, Stage};
use crate::orientation::Turn;

/// What is mirrored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flip {
    /// Left and right change places.
    Horizontal,
    /// Top and bottom change places.
    Vertical,
    /// Both.
    Both,
}

impl Flip {
    /// Every value.
    pub const ALL: &[Self] = &[Self::Horizontal, Self::Vertical, Self::Both];

    /// The value as written in a URL.
    pub fn name(self) -> &'static str {
        match self {
            Self::Horizontal => "h",
            Self::Vertical => "v",
            Self::Both => "hv",
        }
    }

    /// As a turn.
    pub fn turn(self) -> Turn {
        match self {
            Self::Horizontal => Turn::FLIP_H,
            Self::Vertical => Turn::FLIP_V,
            Self::Both => Turn::CW_180,
        }
    }
}

/// The `flip` option.
pub const SETTING: Setting = Setting {
    names: &["flip"],
    parts: &[],
    expects: "h, v or hv",
    default: "none",
    doc: "Mirrors the picture, before it is rotated.",
    stage: Stage::Source,
    read: |options, _, value| {
        let flip = if value == "vh" { "hv" } else { value };
        options.flip = Some(*Flip::ALL.iter().find(|known| known.name() == flip)?);
        Some(())
    },
    print: |options, to| options.flip.iter().for_each(|flip| to.value(flip.name())),
};

#[cfg(test)]
mod tests {
    #[test]
    fn values() {
        let good = [("h", "flip=h"), ("v", "flip=v"), ("hv", "flip=hv"), ("vh", "flip=hv")];
        super::super::check("flip", &good, &["", "H", "hh", "true"]);
    }
}
