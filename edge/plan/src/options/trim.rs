//! `trim`: what is cut off the upright source, before anything else.

use super::colour::Colour;
use super::dpr::Dpr;
use super::edges::{Edges, length};
use super::number::decimal;
use super::{Setting, Stage};

/// What is cut off the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trim {
    /// A uniform surround, as far as it reaches.
    Border(Surround),
    /// All outside of a rectangle.
    Rectangle(Rectangle),
}

/// Which surround counts as uniform.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Surround {
    /// Its colour; that of the first pixel in the file if it is not given.
    pub colour: Option<Colour>,
    /// By how much a channel may differ, 0 to 255.
    pub tolerance: Option<u8>,
    /// How many pixels of it stay.
    pub keep: Option<u32>,
}

/// A rectangle of the source, by what lies outside of it, or by its size.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rectangle {
    /// Pixels cut off at the four sides.
    pub edges: Edges,
    /// Width that is kept from the left edge on, instead of what is cut off at the right.
    pub width: Option<u32>,
    /// Height that is kept from the top edge on, instead of what is cut off at the bottom.
    pub height: Option<u32>,
}

impl Trim {
    fn read(self, part: &str, value: &str) -> Option<Self> {
        match (self, part) {
            (_, "") if value == "border" => Some(Self::Border(Surround::default())),
            (_, "") => {
                let four = value.split(';').count() == 4;
                let edges = Edges::read(value).filter(|_| four)?;
                Some(Self::Rectangle(Rectangle { edges, ..Rectangle::default() }))
            }
            (Self::Border(surround), _) => surround.read(part, value).map(Self::Border),
            (Self::Rectangle(rectangle), _) => rectangle.read(part, value).map(Self::Rectangle),
        }
    }

    /// In device pixels.
    #[must_use]
    pub fn times(self, dpr: Dpr) -> Self {
        match self {
            Self::Border(surround) => Self::Border(Surround {
                keep: surround.keep.map(|keep| dpr.length(keep)),
                ..surround
            }),
            Self::Rectangle(Rectangle { edges, width, height }) => Self::Rectangle(Rectangle {
                edges: edges.times(dpr),
                width: width.map(|width| dpr.length(width)),
                height: height.map(|height| dpr.length(height)),
            }),
        }
    }

    /// Whether nothing is cut off, whatever the source.
    pub fn is_none(self) -> bool {
        self == Self::Rectangle(Rectangle::default())
    }
}

impl Surround {
    fn read(mut self, part: &str, value: &str) -> Option<Self> {
        match part {
            "border.color" => self.colour = Some(Colour::read(value)?),
            "border.tolerance" => self.tolerance = Some(u8::try_from(decimal(value, 0)?).ok()?),
            "border.keep" => self.keep = Some(length(value)?),
            _ => return None,
        }
        Some(self)
    }
}

impl Rectangle {
    fn read(mut self, part: &str, value: &str) -> Option<Self> {
        let pixels = length(value)?;
        let from_size = |edge: u32| Some(pixels).filter(|pixels| *pixels > 0 && edge == 0);
        match part {
            "width" => self.width = Some(from_size(self.edges.right)?),
            "height" => self.height = Some(from_size(self.edges.bottom)?),
            "right" if self.width.is_some() => return None,
            "bottom" if self.height.is_some() => return None,
            _ => *self.edges.side(part)? = pixels,
        }
        Some(self)
    }
}

/// The `trim` option.
pub const SETTING: Setting = Setting {
    names: &["trim"],
    parts: &[
        "top",
        "right",
        "bottom",
        "left",
        "width",
        "height",
        "border.color",
        "border.tolerance",
        "border.keep",
    ],
    expects: "top;right;bottom;left in pixels, or its parts, with width instead of right or height \
              instead of bottom; or `border`, with border.color, border.tolerance (0 to 255) and \
              border.keep",
    default: "nothing",
    doc: "Cuts edges off the upright source, before all else: given ones, or a uniform surround. If \
          nothing else is said that has the colour of the first pixel in the file and a tolerance of \
          10 in each channel of the file, which may be luma and chroma. Where a JPEG is scaled down it \
          is found to about half a pixel of the output.",
    stage: Stage::Source,
    read: |options, part, value| {
        let empty = if part.starts_with("border") {
            Trim::Border(Surround::default())
        } else {
            Trim::Rectangle(Rectangle::default())
        };
        options.trim = Some(options.trim.unwrap_or(empty).read(part, value)?);
        Some(())
    },
    print: |options, to| match options.trim {
        None => {}
        Some(Trim::Border(Surround { colour, tolerance, keep })) => {
            to.value("border");
            colour.into_iter().for_each(|colour| to.part("border.color", colour.text()));
            tolerance.into_iter().for_each(|tolerance| to.part("border.tolerance", tolerance));
            keep.into_iter().for_each(|keep| to.part("border.keep", keep));
        }
        Some(Trim::Rectangle(Rectangle { edges, width, height })) => {
            let Edges { top, right, bottom, left } = edges;
            to.value(format!("{top};{right};{bottom};{left}"));
            width.into_iter().for_each(|width| to.part("width", width));
            height.into_iter().for_each(|height| to.part("height", height));
        }
    },
};

#[cfg(test)]
mod tests {
    use super::super::{Options, check};

    #[test]
    fn rectangles_and_surrounds() {
        check(
            "trim",
            &[
                ("1;2;3;4", "trim=1;2;3;4"),
                ("0;0;0;0,trim.width=5", "trim=0;0;0;0,trim.width=5"),
                ("border", "trim=border"),
                (
                    "border,trim.border.keep=3,trim.border.color=red,trim.border.tolerance=9",
                    "trim=border,trim.border.color=#ff0000,trim.border.tolerance=9,trim.border.keep=3",
                ),
            ],
            &["1;2;3", "1", "", "-1;0;0;0", "1;2;3;4;5", "Border", "1;2;3;x"],
        );
        for (text, canonical) in [
            ("trim.top=5", "trim=5;0;0;0"),
            ("trim.border.keep=5", "trim=border,trim.border.keep=5"),
            ("trim.left=1,trim.width=9,trim.height=8", "trim=0;0;0;1,trim.width=9,trim.height=8"),
        ] {
            assert_eq!(Options::parse(text).unwrap().print(), canonical);
        }
        for contradiction in [
            "trim.right=1,trim.width=9",
            "trim.height=9,trim.bottom=1",
            "trim=border,trim.top=1",
            "trim.top=1,trim.border.keep=1",
            "trim.width=0",
        ] {
            assert!(Options::parse(contradiction).is_err(), "{contradiction}");
        }
    }
}
