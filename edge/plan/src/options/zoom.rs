//! `zoom`: how close a crop around faces is.

use super::number::{decimal, decimal_text};
use super::{Setting, Stage};

/// Hundredths from 0, with all that stands around the faces, to 100, with nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zoom(u32);

/// The `zoom` option.
pub const SETTING: Setting = Setting {
    names: &["zoom", "face-zoom"],
    parts: &[],
    expects: "a number from 0 to 1 with at most two decimals",
    default: "0",
    doc: "With `gravity=face`: from the whole picture (0) to the faces alone (1).",
    stage: Stage::Resize,
    read: |options, _, value| {
        options.zoom = Some(Zoom(decimal(value, 2).filter(|zoom| *zoom <= 100)?));
        Some(())
    },
    print: |options, to| options.zoom.iter().for_each(|zoom| to.value(decimal_text(zoom.0, 2))),
};

#[cfg(test)]
mod tests {
    #[test]
    fn values() {
        let good = [("0", "zoom=0"), ("0.50", "zoom=0.5"), ("1", "zoom=1")];
        super::super::check("zoom", &good, &["", "1.01", "0.123", "-1"]);
    }
}
