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

/// A point of the upright picture, in ten-thousandths of its sides, and what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    x: u32,
    y: u32,
    mode: Mode,
}

/// What a point says of what stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// It is in the middle of it, or as near as the edges of the picture let it be.
    BoxCenter,
    /// So much of what is cut off goes at the left and at the top.
    Remainder,
}

const MODES: &[(&str, Mode)] = &[("box-center", Mode::BoxCenter), ("remainder", Mode::Remainder)];

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
        Self::Point(Point { x, y, mode: Mode::Remainder })
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

    /// The same with another mode. In the middle, and for what is no point, there is one alone.
    fn in_mode(self, mode: Mode) -> Self {
        match self {
            Self::Point(point) if self != Self::CENTRE => Self::Point(Point { mode, ..point }),
            gravity => gravity,
        }
    }

    fn is_box_center(self) -> bool {
        matches!(self, Self::Point(Point { mode: Mode::BoxCenter, .. }))
    }

    /// The one spelling, without its mode: a name where there is one, else `XxY`.
    pub fn text(self) -> String {
        let plain = self.in_mode(Mode::Remainder);
        match (NAMES.iter().find(|(_, gravity)| *gravity == plain), self) {
            (None, Self::Point(Point { x, y, .. })) => {
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
    pub const CENTRE: Self = Self { x: HALF, y: HALF, mode: Mode::Remainder };

    /// A point in ten-thousandths of which so much is cut off before; `None` outside the picture.
    pub fn new(x: u32, y: u32) -> Option<Self> {
        (x <= ONE && y <= ONE).then_some(Self { x, y, mode: Mode::Remainder })
    }

    /// How much of a `side` is cut off at the left if `kept` of it stays, in their own unit.
    pub fn place_x(self, side: u64, kept: u64) -> u64 {
        self.place(side, kept, self.x)
    }

    /// How much of a `side` is cut off at the top if `kept` of it stays, in their own unit.
    pub fn place_y(self, side: u64, kept: u64) -> u64 {
        self.place(side, kept, self.y)
    }

    fn place(self, side: u64, kept: u64, part: u32) -> u64 {
        let spare = side.saturating_sub(kept);
        let share = |length: u64| length.saturating_mul(u64::from(part)) / WHOLE;
        match self.mode {
            Mode::BoxCenter => share(side).saturating_sub(kept / 2).min(spare),
            Mode::Remainder => share(spare),
        }
    }
}

/// The `gravity` option.
pub const SETTING: Setting = Setting {
    names: &["gravity", "g"],
    parts: &["mode"],
    expects: "left, right, top, bottom, center, top-left, top-right, bottom-left, bottom-right, \
              auto, entropy, face, or XxY with numbers from 0 to 1 such as 0.5x0.25, of which \
              gravity.mode says whether so much of what is cut off goes before (remainder) or \
              whether the point is in the middle of what stays (box-center)",
    default: "center",
    doc: "What stays when `cover`, `crop` or `aspect-crop` cuts: a side, a corner, or a point of the \
          picture; or what catches the eye (`auto`: detail, vivid colours and those of skin), has \
          detail (`entropy`), or is a face.",
    stage: Stage::Resize,
    read: |options, part, value| {
        let gravity = match part {
            "" => Gravity::read(value)?,
            _ => {
                let mode = MODES.iter().find(|(name, _)| *name == value)?.1;
                // Of a point alone, which is said before.
                options.gravity.filter(|known| matches!(known, Gravity::Point(_)))?.in_mode(mode)
            }
        };
        options.gravity = Some(gravity);
        Some(())
    },
    print: |options, to| {
        options.gravity.iter().for_each(|gravity| {
            to.value(gravity.text());
            if gravity.is_box_center() {
                to.part("mode", "box-center");
            }
        });
    },
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
            ("0.2x0.7,gravity.mode=box-center", "gravity=0.2x0.7,gravity.mode=box-center"),
            ("left,gravity.mode=box-center", "gravity=left,gravity.mode=box-center"),
            ("0.2x0.7,gravity.mode=remainder", "gravity=0.2x0.7"),
            ("center,gravity.mode=box-center", "gravity=center"),
        ];
        super::super::check("gravity", &good, &["", "1.5x0", "0.5", "0.5X0.5", "north", "-0.1x0"]);
    }

    #[test]
    fn a_mode_is_of_a_point() {
        for bad in ["gravity.mode=box-center", "g=auto,g.mode=box-center", "g=left,g.mode=x"] {
            assert!(super::super::Options::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_point_is_in_the_middle_as_far_as_the_edges_let_it() {
        let point = Point { mode: Mode::BoxCenter, ..Point::new(2_000, 9_000).unwrap() };
        // 20 of 100 less half of 30; 90 of 100 less half of 30, but 70 at most.
        assert_eq!((point.place_x(100, 30), point.place_y(100, 30)), (5, 70));
        assert_eq!(point.place_x(100, 60), 0);
        assert_eq!(Point::new(2_000, 0).unwrap().place_x(100, 30), 14);
    }

    #[test]
    fn names_read_back() {
        for (name, gravity) in NAMES {
            assert_eq!(gravity.text(), *name);
        }
    }
}
