//! `gravity`: what stays when something is cut off.

use super::number::{decimal, decimal_text};
use super::{Setting, Stage};

/// What stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gravity {
    /// What catches the eye.
    Auto,
    /// What has the most detail.
    Entropy,
    /// All faces.
    Face,
    /// A point.
    Point(Point),
}

/// A point of the upright picture, in ten-thousandths of its sides: so much of what is cut off
/// goes at the left and at the top.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    x: u32,
    y: u32,
}

const ONE: u32 = 10_000;
const WHOLE: u64 = ONE as u64;
const HALF: u32 = ONE / 2;

const NAMES: &[(&str, Gravity)] = &[
    ("auto", Gravity::Auto),
    ("bottom", Gravity::at(HALF, ONE)),
    ("bottom-left", Gravity::at(0, ONE)),
    ("bottom-right", Gravity::at(ONE, ONE)),
    ("center", Gravity::CENTRE),
    ("entropy", Gravity::Entropy),
    ("face", Gravity::Face),
    ("left", Gravity::at(0, HALF)),
    ("right", Gravity::at(ONE, HALF)),
    ("top", Gravity::at(HALF, 0)),
    ("top-left", Gravity::at(0, 0)),
    ("top-right", Gravity::at(ONE, 0)),
];

impl Gravity {
    /// Cuts alike on both sides.
    pub const CENTRE: Self = Self::Point(Point::CENTRE);

    const fn at(x: u32, y: u32) -> Self {
        Self::Point(Point { x, y })
    }

    fn read(value: &str) -> Option<Self> {
        if let Some((_, gravity)) = NAMES.iter().find(|(name, _)| *name == value) {
            return Some(*gravity);
        }
        if value == "centre" {
            return Some(Self::CENTRE);
        }
        let (x, y) = value.split_once('x')?;
        Point::new(decimal(x, 4)?, decimal(y, 4)?).map(Self::Point)
    }

    /// The one spelling: a name where there is one, else `XxY`.
    pub fn text(self) -> String {
        match (NAMES.iter().find(|(_, gravity)| *gravity == self), self) {
            (None, Self::Point(Point { x, y })) => {
                format!("{}x{}", decimal_text(x, 4), decimal_text(y, 4))
            }
            (named, _) => named.map_or("", |(name, _)| name).to_owned(),
        }
    }

    /// The point; the centre for what only the pixels tell.
    pub fn point(self) -> Point {
        match self {
            Self::Point(point) => point,
            Self::Auto | Self::Entropy | Self::Face => Point::CENTRE,
        }
    }
}

impl Point {
    /// The far ends.
    pub const ONE: u32 = ONE;
    /// The middle.
    pub const CENTRE: Self = Self { x: HALF, y: HALF };

    /// A point in ten-thousandths; `None` outside the picture.
    pub fn new(x: u32, y: u32) -> Option<Self> {
        (x <= ONE && y <= ONE).then_some(Self { x, y })
    }

    /// How much of `spare` goes at the left, in its own unit.
    pub fn place_x(self, spare: u64) -> u64 {
        place(spare, self.x)
    }

    /// How much of `spare` goes at the top, in its own unit.
    pub fn place_y(self, spare: u64) -> u64 {
        place(spare, self.y)
    }
}

fn place(spare: u64, part: u32) -> u64 {
    spare.saturating_mul(u64::from(part)) / WHOLE
}

/// The `gravity` option.
pub const SETTING: Setting = Setting {
    names: &["gravity", "g"],
    parts: &[],
    expects: "left, right, top, bottom, center, top-left, top-right, bottom-left, bottom-right, \
              auto, entropy, face, or XxY with numbers from 0 to 1 such as 0.5x0.25",
    default: "center",
    doc: "What stays when `cover`, `crop` or `aspect-crop` cuts: a side, a corner, or a point of the \
          picture; or what catches the eye (`auto`: detail, vivid colours and those of skin), has \
          detail (`entropy`), or is a face.",
    stage: Stage::Resize,
    read: |options, _, value| {
        options.gravity = Some(Gravity::read(value)?);
        Some(())
    },
    print: |options, to| options.gravity.iter().for_each(|gravity| to.value(gravity.text())),
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values() {
        let good = [
            ("left", "gravity=left"),
            ("centre", "gravity=center"),
            ("0.5x0.5", "gravity=center"),
            ("0x1", "gravity=bottom-left"),
            ("0.50x1.0", "gravity=bottom"),
            ("0.1234x0", "gravity=0.1234x0"),
            ("face", "gravity=face"),
        ];
        super::super::check("gravity", &good, &["", "1.5x0", "0.5", "0.5X0.5", "north", "-0.1x0"]);
    }

    #[test]
    fn names_read_back() {
        for (name, gravity) in NAMES {
            assert_eq!(gravity.text(), *name);
        }
    }
}
