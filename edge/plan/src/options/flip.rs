//! `flip`: mirroring, before `rotate`.

use super::{Options, Setting};
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

    fn read(value: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|known| known.name() == value)
    }

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
pub struct FlipSetting;

impl Setting for FlipSetting {
    fn names(&self) -> &'static [&'static str] {
        &["flip"]
    }
    fn expects(&self) -> &'static str {
        "h, v or hv"
    }
    fn doc(&self) -> &'static str {
        "Mirrors the picture, before it is rotated."
    }
    fn default(&self) -> &'static str {
        "none"
    }
    fn read(&self, value: &str, options: &mut Options) -> Option<()> {
        options.flip = Some(Flip::read(value)?);
        Some(())
    }
    fn print(&self, options: &Options) -> Option<String> {
        options.flip.map(|value| value.name().to_owned())
    }
}
