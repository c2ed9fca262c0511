//! `pixelate`: squares of one colour.

use super::number::decimal;
use super::{Setting, Stage};

/// The side of a square in pixels, 2 to 1000.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pixelate(u32);

impl Pixelate {
    /// The side of a square.
    pub fn pixels(self) -> u32 {
        self.0
    }
}

/// The `pixelate` option.
pub const SETTING: Setting = Setting {
    names: &["pixelate"],
    parts: &[],
    expects: "a whole number of pixels from 0 to 1000",
    default: "0",
    doc: "Draws the picture in squares of so many pixels a side, from the top left on.",
    stage: Stage::Effect,
    read: |options, _, value| {
        let side = decimal(value, 0).filter(|side| *side <= 1_000)?;
        options.effects.pixelate = Some(side).filter(|side| *side > 1).map(Pixelate);
        Some(())
    },
    print: |options, to| options.effects.pixelate.iter().for_each(|side| to.value(side.0)),
};

#[cfg(test)]
mod tests {
    #[test]
    fn values() {
        let good = [("8", "pixelate=8"), ("1", ""), ("0", ""), ("1000", "pixelate=1000")];
        super::super::check("pixelate", &good, &["", "1001", "1.5", "-1"]);
    }
}
