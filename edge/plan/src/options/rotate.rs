//! `rotate`: right angles, clockwise, after `flip`.

use super::{Options, Setting};
use crate::orientation::Turn;

/// An angle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotate {
    /// Not at all.
    Deg0,
    /// A quarter clockwise.
    Deg90,
    /// Half round.
    Deg180,
    /// A quarter counter-clockwise.
    Deg270,
    /// Once round.
    Deg360,
}

impl Rotate {
    /// Every value.
    pub const ALL: &[Self] = &[Self::Deg0, Self::Deg90, Self::Deg180, Self::Deg270, Self::Deg360];

    fn read(value: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|known| known.name() == value)
    }

    /// The value as written in a URL.
    pub fn name(self) -> &'static str {
        match self {
            Self::Deg0 => "0",
            Self::Deg90 => "90",
            Self::Deg180 => "180",
            Self::Deg270 => "270",
            Self::Deg360 => "360",
        }
    }

    /// As a turn.
    pub fn turn(self) -> Turn {
        match self {
            Self::Deg0 | Self::Deg360 => Turn::NONE,
            Self::Deg90 => Turn::CW_90,
            Self::Deg180 => Turn::CW_180,
            Self::Deg270 => Turn::CW_270,
        }
    }
}

/// The `rotate` option.
pub struct RotateSetting;

impl Setting for RotateSetting {
    fn names(&self) -> &'static [&'static str] {
        &["rotate"]
    }
    fn expects(&self) -> &'static str {
        "0, 90, 180, 270 or 360"
    }
    fn doc(&self) -> &'static str {
        "Turns the picture clockwise; width and height are those after the turn."
    }
    fn default(&self) -> &'static str {
        "0"
    }
    fn read(&self, value: &str, options: &mut Options) -> Option<()> {
        options.rotate = Some(Rotate::read(value)?);
        Some(())
    }
    fn print(&self, options: &Options) -> Option<String> {
        options.rotate.map(|value| value.name().to_owned())
    }
}
