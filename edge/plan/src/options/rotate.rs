//! `rotate`: clockwise, after `flip`.

use super::number::{decimal, decimal_text};
use super::{Setting, Stage};
use crate::orientation::Turn;

/// An angle in hundredths of a degree, 0 to below a full turn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rotate(u32);

const FULL: u32 = 36_000;

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

    /// As a turn by right angles; `None` for what lies between them.
    pub fn turn(self) -> Option<Turn> {
        match self.0 {
            0 => Some(Turn::NONE),
            9_000 => Some(Turn::CW_90),
            18_000 => Some(Turn::CW_180),
            27_000 => Some(Turn::CW_270),
            _ => None,
        }
    }
}

/// The `rotate` option.
pub const SETTING: Setting = Setting {
    names: &["rotate"],
    parts: &[],
    expects: "degrees from 0 to 360 with at most two decimals",
    default: "0",
    doc: "Turns the picture clockwise; width and height are those after a turn by right angles.",
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
