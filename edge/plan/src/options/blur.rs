//! `blur`: a Gaussian blur.

use super::number::{decimal, decimal_text};
use super::{Setting, Stage};

/// A radius in hundredths of a pixel, above 0 and up to 250 pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blur(u32);

impl Blur {
    /// The radius in hundredths of a pixel.
    pub fn hundredths(self) -> u32 {
        self.0
    }
}

/// The `blur` option.
pub const SETTING: Setting = Setting {
    names: &["blur"],
    parts: &[],
    expects: "a radius from 0 to 250 with at most two decimals",
    default: "0",
    doc: "Blurs the picture with a standard deviation of so many pixels, as `blur()` of CSS does. It \
          cannot hide anything unless addresses are signed.",
    stage: Stage::Effect,
    read: |options, _, value| {
        let radius = decimal(value, 2).filter(|radius| *radius <= 25_000)?;
        options.effects.blur = Some(radius).filter(|radius| *radius != 0).map(Blur);
        Some(())
    },
    print: |options, to| {
        options.effects.blur.iter().for_each(|blur| to.value(decimal_text(blur.0, 2)));
    },
};

#[cfg(test)]
mod tests {
    #[test]
    fn values() {
        let good = [("1", "blur=1"), ("250", "blur=250"), ("0.5", "blur=0.5"), ("0", "")];
        super::super::check("blur", &good, &["", "250.01", "-1", "5px"]);
    }
}
