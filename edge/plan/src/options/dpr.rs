//! `dpr`: the device pixel ratio.

use super::number::{decimal, decimal_text};
use super::{Setting, Stage};
use crate::limits;

/// A ratio in hundredths, 100 to [`limits::DPR_HUNDREDTHS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dpr(u32);

impl Dpr {
    /// One device pixel for each CSS pixel.
    pub const ONE: Self = Self(100);

    /// `None` outside 100 to [`limits::DPR_HUNDREDTHS`].
    pub fn new(hundredths: u32) -> Option<Self> {
        (100..=limits::DPR_HUNDREDTHS).contains(&hundredths).then_some(Self(hundredths))
    }

    /// The ratio in hundredths.
    pub fn hundredths(self) -> u32 {
        self.0
    }

    /// `side` device pixels for so many CSS pixels, rounded half up.
    pub fn apply(self, side: u32) -> u32 {
        side.saturating_mul(self.0).saturating_add(50) / 100
    }

    /// The same for a length that is at most [`limits::SOURCE_SIDE`], as no picture is larger.
    pub fn length(self, pixels: u32) -> u32 {
        self.apply(pixels).min(limits::SOURCE_SIDE)
    }
}

/// The `dpr` option.
pub const SETTING: Setting = Setting {
    names: &["dpr"],
    parts: &[],
    expects: "a number from 1 to 3 with at most two decimals",
    default: "1",
    doc: "Device pixel ratio: multiplies width, height, trim, crop, radius, padding, border and the pixels of overlays.",
    stage: Stage::Resize,
    read: |options, _, value| {
        options.dpr = Some(decimal(value, 2).and_then(Dpr::new)?);
        Some(())
    },
    print: |options, to| options.dpr.iter().for_each(|dpr| to.value(decimal_text(dpr.0, 2))),
};

#[cfg(test)]
mod tests {
    #[test]
    fn values() {
        let good = [("1", "dpr=1"), ("2.50", "dpr=2.5"), ("3", "dpr=3"), ("1.05", "dpr=1.05")];
        super::super::check("dpr", &good, &["", "0.5", "3.01", "2x", "1.234", "-1", "auto"]);
    }
}
