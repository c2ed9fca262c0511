//! `sharpen`: unsharp masking.

use super::number::{decimal, decimal_text};
use super::{Setting, Stage};

/// An amount in hundredths, above 0 and up to 10.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sharpen(u32);

impl Sharpen {
    /// The amount in hundredths.
    pub fn hundredths(self) -> u32 {
        self.0
    }
}

/// The `sharpen` option.
pub const SETTING: Setting = Setting {
    names: &["sharpen"],
    parts: &[],
    expects: "a number from 0 to 10 with at most two decimals",
    default: "0",
    doc: "Adds so many times the difference to the same luma, blurred by 3/4 of a pixel; 1 is good \
          advice after shrinking.",
    stage: Stage::Effect,
    read: |options, _, value| {
        let amount = decimal(value, 2).filter(|amount| *amount <= 1_000)?;
        options.effects.sharpen = Some(amount).filter(|amount| *amount != 0).map(Sharpen);
        Some(())
    },
    print: |options, to| {
        options.effects.sharpen.iter().for_each(|amount| to.value(decimal_text(amount.0, 2)));
    },
};

#[cfg(test)]
mod tests {
    #[test]
    fn values() {
        let good = [("1", "sharpen=1"), ("0.50", "sharpen=0.5"), ("10", "sharpen=10"), ("0", "")];
        super::super::check("sharpen", &good, &["", "10.01", "-1", "yes"]);
    }
}
