//! `width` and `height`.

use super::number::decimal;
use super::{Setting, Stage};
use crate::limits;

/// A side in CSS pixels, 1 to [`limits::OUTPUT_SIDE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Side(u32);

impl Side {
    /// `None` outside 1 to [`limits::OUTPUT_SIDE`].
    pub fn new(pixels: u32) -> Option<Self> {
        (1..=limits::OUTPUT_SIDE).contains(&pixels).then_some(Self(pixels))
    }

    /// The number of pixels.
    pub fn pixels(self) -> u32 {
        self.0
    }

    fn read(value: &str) -> Option<Self> {
        decimal(value, 0).and_then(Self::new)
    }
}

/// A wish for a width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// What the client's hints say, from a ladder of few widths.
    Auto,
    /// CSS pixels.
    Pixels(Side),
}

/// The `width` option.
pub const WIDTH: Setting = Setting {
    names: &["width", "w"],
    parts: &[],
    expects: "a whole number of pixels from 1 to 16383, or auto",
    default: "follows from the height, else the source's",
    doc: "Width of the box that the picture is fitted to, after rotation. `auto` takes it from the \
          client's hints, as a step of a ladder.",
    stage: Stage::Resize,
    read: |options, _, value| {
        let auto = (value == "auto").then_some(Width::Auto);
        options.width = Some(auto.or_else(|| Side::read(value).map(Width::Pixels))?);
        Some(())
    },
    print: |options, to| match options.width {
        None => {}
        Some(Width::Auto) => to.value("auto"),
        Some(Width::Pixels(side)) => to.value(side.pixels()),
    },
};

/// The `height` option.
pub const HEIGHT: Setting = Setting {
    names: &["height", "h"],
    parts: &[],
    expects: "a whole number of pixels from 1 to 16383",
    default: "follows from the width, else the source's",
    doc: "Height of the box that the picture is fitted to, after rotation.",
    stage: Stage::Resize,
    read: |options, _, value| {
        options.height = Some(Side::read(value)?);
        Some(())
    },
    print: |options, to| options.height.iter().for_each(|side| to.value(side.pixels())),
};

#[cfg(test)]
mod tests {
    use super::super::check;

    #[test]
    fn values() {
        let bad = ["", "0", "-1", "+1", "1.5", "1e3", " 100", "16384", "99999999999", "50%"];
        check("w", &[], &bad);
        check(
            "width",
            &[("16383", "width=16383"), ("007", "width=7"), ("auto", "width=auto")],
            &bad,
        );
        check("height", &[("1", "height=1")], &[bad.as_slice(), &["auto"]].concat());
    }
}
