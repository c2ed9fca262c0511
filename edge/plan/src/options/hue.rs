//! `hue`: turns the hue.

use super::number::degrees;
use super::{Setting, Stage};

/// An angle on the circle of hues, 1 to 359 degrees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hue(u32);

impl Hue {
    /// In degrees.
    pub fn degrees(self) -> u32 {
        self.0
    }
}

/// The `hue` option.
pub const SETTING: Setting = Setting {
    names: &["hue"],
    parts: &[],
    expects: "whole degrees, which may be negative",
    default: "0",
    doc: "Turns the hue, as `hue-rotate()` of CSS does.",
    stage: Stage::Effect,
    read: |options, _, value| {
        options.effects.hue = Some(degrees(value)?).filter(|turn| *turn != 0).map(Hue);
        Some(())
    },
    print: |options, to| options.effects.hue.iter().for_each(|hue| to.value(hue.0)),
};

#[cfg(test)]
mod tests {
    #[test]
    fn values() {
        let good = [("90", "hue=90"), ("-90", "hue=270"), ("360", ""), ("0", "")];
        super::super::check("hue", &good, &["", "1.5", "90deg", "+5"]);
    }
}
