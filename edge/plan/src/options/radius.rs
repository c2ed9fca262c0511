//! `radius`: rounded corners.

use super::dpr::Dpr;
use super::edges::length;
use super::{Setting, Stage};

/// Rounded corners.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Radius {
    /// Pixels at the four corners, clockwise from the top left.
    Corners([u32; 4]),
    /// As round as it gets: a circle, if the picture is a square.
    Max,
}

impl Radius {
    fn read(value: &str) -> Option<Self> {
        if value == "max" {
            return Some(Self::Max);
        }
        let lengths: Vec<u32> = value.split(';').map(length).collect::<Option<_>>()?;
        match *lengths.as_slice() {
            [all] => Some(Self::Corners([all; 4])),
            [a, b, c, d] => Some(Self::Corners([a, b, c, d])),
            _ => None,
        }
    }

    /// The one spelling.
    pub fn text(self) -> String {
        match self {
            Self::Corners([a, b, c, d]) if [b, c, d] == [a; 3] => a.to_string(),
            Self::Corners([a, b, c, d]) => format!("{a};{b};{c};{d}"),
            Self::Max => "max".to_owned(),
        }
    }

    /// In device pixels.
    #[must_use]
    pub fn times(self, dpr: Dpr) -> Self {
        match self {
            Self::Corners(corners) => Self::Corners(corners.map(|radius| dpr.length(radius))),
            Self::Max => Self::Max,
        }
    }

    /// Whether no corner is round.
    pub fn is_none(self) -> bool {
        self == Self::Corners([0; 4])
    }
}

/// The `radius` option.
pub const SETTING: Setting = Setting {
    names: &["radius"],
    parts: &[],
    expects: "pixels for all corners, or four with semicolons clockwise from the top left, or max",
    default: "0",
    doc: "Rounds the corners of the picture, without the space that `pad` and padding add; what is \
          cut off shows the background, or nothing.",
    stage: Stage::Compose,
    read: |options, _, value| {
        options.radius = Some(Radius::read(value)?);
        Some(())
    },
    print: |options, to| options.radius.iter().for_each(|radius| to.value(radius.text())),
};

#[cfg(test)]
mod tests {
    #[test]
    fn values() {
        let good = [
            ("5", "radius=5"),
            ("1;2;3;4", "radius=1;2;3;4"),
            ("2;2;2;2", "radius=2"),
            ("max", "radius=max"),
        ];
        super::super::check("radius", &good, &["", "1;2", "50%", "-1", "1;2;3;4;5"]);
    }
}
