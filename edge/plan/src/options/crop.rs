//! `crop`: a rectangle of the scaled picture.

use super::dpr::Dpr;
use super::edges::length;
use super::{Setting, Stage};

/// A rectangle of the picture after it was fitted to its box, in pixels. What of it lies outside of
/// the picture is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crop {
    /// From the left edge.
    pub x: u32,
    /// From the top edge.
    pub y: u32,
    /// Across, at least 1.
    pub width: u32,
    /// Down, at least 1.
    pub height: u32,
}

impl Crop {
    fn read(value: &str) -> Option<Self> {
        let numbers: Vec<u32> = value.split(';').map(length).collect::<Option<_>>()?;
        match *numbers.as_slice() {
            [x, y, width, height] if width > 0 && height > 0 => Some(Self { x, y, width, height }),
            _ => None,
        }
    }

    /// In device pixels.
    #[must_use]
    pub fn times(self, dpr: Dpr) -> Self {
        Self {
            x: dpr.length(self.x),
            y: dpr.length(self.y),
            width: dpr.length(self.width),
            height: dpr.length(self.height),
        }
    }
}

/// The `crop` option.
pub const SETTING: Setting = Setting {
    names: &["crop"],
    parts: &[],
    expects: "x;y;width;height in pixels, the sizes above 0",
    default: "nothing is cut",
    doc: "Cuts a rectangle out of the picture after it was fitted to its box.",
    stage: Stage::Resize,
    read: |options, _, value| {
        options.crop = Some(Crop::read(value)?);
        Some(())
    },
    print: |options, to| {
        options.crop.iter().for_each(|Crop { x, y, width, height }| {
            to.value(format!("{x};{y};{width};{height}"));
        });
    },
};

#[cfg(test)]
mod tests {
    #[test]
    fn values() {
        let bad = ["", "1;2;3", "0;0;0;1", "0;0;1;0", "0;0;1;1;1", "-1;0;1;1", "a;b;c;d"];
        super::super::check("crop", &[("0;01;2;3", "crop=0;1;2;3")], &bad);
    }
}
