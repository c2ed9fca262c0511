//! `border`: a frame around picture and padding.

use super::colour::Colour;
use super::dpr::Dpr;
use super::edges::{Edges, length};
use super::{Setting, Stage};

/// A frame of one colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Border {
    /// How wide it is.
    pub width: Edges,
    /// Its colour.
    pub colour: Colour,
}

impl Border {
    const NONE: Self = Self { width: Edges::all(0), colour: Colour::BLACK };

    fn read(mut self, part: &str, value: &str) -> Option<Self> {
        match part {
            "" | "width" => self.width = Edges::read(value)?,
            "color" => self.colour = Colour::read(value)?,
            side => *self.width.side(side)? = length(value)?,
        }
        Some(self)
    }

    /// In device pixels.
    #[must_use]
    pub fn times(self, dpr: Dpr) -> Self {
        Self { width: self.width.times(dpr), ..self }
    }
}

/// The `border` option.
pub const SETTING: Setting = Setting {
    names: &["border"],
    parts: &["width", "color", "top", "right", "bottom", "left"],
    expects: "one to four lengths in pixels with semicolons, in the order of CSS; border.color takes \
              a CSS colour",
    default: "0, black",
    doc: "Draws a frame around the picture and its padding.",
    stage: Stage::Compose,
    read: |options, part, value| {
        options.border = Some(options.border.unwrap_or(Border::NONE).read(part, value)?);
        Some(())
    },
    print: |options, to| {
        options.border.iter().for_each(|border| {
            to.value(border.width.text());
            if border.colour != Colour::BLACK {
                to.part("color", border.colour.text());
            }
        });
    },
};

#[cfg(test)]
mod tests {
    use super::super::{Options, check};

    #[test]
    fn values() {
        check(
            "border",
            &[("5", "border=5"), ("1;2,border.color=red", "border=1;2;1;2,border.color=#ff0000")],
            &["", "x", "1;2;3;4;5"],
        );
        for (text, canonical) in [
            ("border.width=5,border.color=white", "border=5,border.color=#ffffff"),
            ("border.color=black,border.left=3", "border=0;0;0;3"),
        ] {
            assert_eq!(Options::parse(text).unwrap().print(), canonical);
        }
    }
}
