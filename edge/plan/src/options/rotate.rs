//! `rotate`: clockwise, after `flip`.

use super::number::{decimal, decimal_text};
use super::{Setting, Stage};
use crate::orientation::Turn;

/// An angle in hundredths of a degree, 0 to below a full turn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rotate(u32);

const FULL: u32 = 36_000;
const RIGHT: u32 = 9_000;

impl Rotate {
    /// Not at all.
    pub const NONE: Self = Self(0);

    /// An angle in hundredths of a degree; full turns are taken off.
    pub fn new(hundredths: u32) -> Self {
        Self(hundredths % FULL)
    }

    /// Half a turn more.
    #[must_use]
    pub fn opposite(self) -> Self {
        Self::new(self.0.saturating_add(FULL / 2))
    }

    /// The nearest turn by right angles.
    pub fn turn(self) -> Turn {
        match self.0 {
            4_500..13_500 => Turn::CW_90,
            13_500..22_500 => Turn::CW_180,
            22_500..31_500 => Turn::CW_270,
            _ => Turn::NONE,
        }
    }

    /// The same without what is left after it.
    #[must_use]
    pub fn right(self) -> Self {
        let shifted = self.0.saturating_add(RIGHT / 2);
        Self::new(shifted.saturating_sub(shifted % RIGHT))
    }

    /// What is left after it, in hundredths of a degree clockwise: from -45 degrees to below 45.
    pub fn rest(self) -> Option<i32> {
        let beyond = self.0.saturating_add(RIGHT / 2) % RIGHT;
        let rest = i32::try_from(beyond).ok()?.saturating_sub(4_500);
        Some(rest).filter(|rest| *rest != 0)
    }
}

/// The `rotate` option.
pub const SETTING: Setting = Setting {
    names: &["rotate"],
    parts: &[],
    expects: "degrees from 0 to 360 with at most two decimals",
    default: "0",
    doc: "Turns the picture clockwise. Width and height are those after the nearest turn by right \
          angles; by what is left it is turned within its box, and the output grows around it.",
    stage: Stage::Source,
    read: |options, _, value| {
        let hundredths = decimal(value, 2).filter(|angle| *angle <= FULL)?;
        options.rotate = Some(Rotate::new(hundredths));
        Some(())
    },
    print: |options, to| {
        options.rotate.iter().for_each(|rotate| to.value(decimal_text(rotate.0, 2)));
    },
};

#[cfg(test)]
mod tests {
    use super::{Rotate, Turn};

    #[test]
    fn a_right_angle_and_the_rest() {
        for (hundredths, turn, rest) in [
            (0, Turn::NONE, None),
            (4_499, Turn::NONE, Some(4_499)),
            (4_500, Turn::CW_90, Some(-4_500)),
            (9_000, Turn::CW_90, None),
            (9_001, Turn::CW_90, Some(1)),
            (20_000, Turn::CW_180, Some(2_000)),
            (31_499, Turn::CW_270, Some(4_499)),
            (31_500, Turn::NONE, Some(-4_500)),
            (35_999, Turn::NONE, Some(-1)),
        ] {
            let rotate = Rotate::new(hundredths);
            assert_eq!((rotate.turn(), rotate.rest()), (turn, rest), "{hundredths}");
            assert_eq!((rotate.right().turn(), rotate.right().rest()), (turn, None));
        }
    }

    #[test]
    fn values() {
        let good = [
            ("0", "rotate=0"),
            ("90", "rotate=90"),
            ("360", "rotate=0"),
            ("12.50", "rotate=12.5"),
            ("270.0", "rotate=270"),
        ];
        super::super::check("rotate", &good, &["", "-90", "361", "1.234", "90deg"]);
    }
}
