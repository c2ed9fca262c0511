//! `brightness`, `contrast`, `gamma` and `saturation`: factors, of which 1 changes nothing.

use super::number::{decimal, decimal_text};
use super::setting::Printer;
use super::{Setting, Stage};

/// A factor in thousandths, never 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Factor(u32);

const NEUTRAL: u32 = 1_000;

/// Beyond it every pixel is at an end of its range.
const LARGEST: u32 = 100_000;

const EXPECTS: &str = "a number from 0 to 100 with at most three decimals";

impl Factor {
    /// In thousandths.
    pub fn thousandths(self) -> u32 {
        self.0
    }

    /// `Some(None)` is the factor that changes nothing.
    fn read(value: &str) -> Option<Option<Self>> {
        let thousandths = decimal(value, 3).filter(|factor| *factor <= LARGEST)?;
        Some(Some(Self(thousandths)).filter(|factor| factor.0 != NEUTRAL))
    }

    /// The same where 0 changes nothing either, as Cloudflare has it.
    fn read_ignoring_zero(value: &str) -> Option<Option<Self>> {
        Self::read(value).map(|factor| factor.filter(|factor| factor.0 != 0))
    }
}

fn print(factor: Option<Factor>, to: &mut Printer) {
    factor.into_iter().for_each(|factor| to.value(decimal_text(factor.0, 3)));
}

/// The `brightness` option.
pub const BRIGHTNESS: Setting = Setting {
    names: &["brightness"],
    parts: &[],
    expects: EXPECTS,
    default: "1",
    doc: "Multiplies each channel; 0 is ignored.",
    stage: Stage::Effect,
    read: |options, _, value| {
        options.effects.brightness = Factor::read_ignoring_zero(value)?;
        Some(())
    },
    print: |options, to| print(options.effects.brightness, to),
};

/// The `contrast` option.
pub const CONTRAST: Setting = Setting {
    names: &["contrast"],
    parts: &[],
    expects: EXPECTS,
    default: "1",
    doc: "Multiplies the distance of each channel from the middle; 0 is ignored.",
    stage: Stage::Effect,
    read: |options, _, value| {
        options.effects.contrast = Factor::read_ignoring_zero(value)?;
        Some(())
    },
    print: |options, to| print(options.effects.contrast, to),
};

/// The `gamma` option.
pub const GAMMA: Setting = Setting {
    names: &["gamma"],
    parts: &[],
    expects: EXPECTS,
    default: "1",
    doc: "Raises each channel, from 0 to 1, to the inverse power: 0.5 darkens, 2 lightens; 0 is \
          ignored.",
    stage: Stage::Effect,
    read: |options, _, value| {
        options.effects.gamma = Factor::read_ignoring_zero(value)?;
        Some(())
    },
    print: |options, to| print(options.effects.gamma, to),
};

/// The `saturation` option.
pub const SATURATION: Setting = Setting {
    names: &["saturation"],
    parts: &[],
    expects: EXPECTS,
    default: "1",
    doc: "Multiplies the distance of each channel from luma; 0 is greyscale.",
    stage: Stage::Effect,
    read: |options, _, value| {
        options.effects.saturation = Factor::read(value)?;
        Some(())
    },
    print: |options, to| print(options.effects.saturation, to),
};

#[cfg(test)]
mod tests {
    use super::super::check;

    #[test]
    fn values() {
        let bad = ["", "-1", "100.1", "1.2345", "50%"];
        for name in ["brightness", "contrast", "gamma"] {
            let half = format!("{name}=0.5");
            check(name, &[("0.50", &half), ("1", ""), ("0", ""), ("1.000", "")], &bad);
        }
        check("saturation", &[("0", "saturation=0"), ("1", ""), ("2.0", "saturation=2")], &bad);
    }
}
