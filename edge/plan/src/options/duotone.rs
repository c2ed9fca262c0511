//! `duotone`: from dark to light in two colours.

use super::colour::Colour;
use super::{Setting, Stage};

/// Two colours, between which every pixel lies by its luminance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duotone {
    /// Where the picture is black.
    pub dark: Colour,
    /// Where the picture is white.
    pub light: Colour,
}

/// The `duotone` option.
pub const SETTING: Setting = Setting {
    names: &["duotone"],
    parts: &[],
    expects: "two CSS colours, dark;light",
    default: "none",
    doc: "Draws the picture from a dark colour to a light one by its luma. Their alphas say how much.",
    stage: Stage::Effect,
    read: |options, _, value| {
        let (dark, light) = value.split_once(';')?;
        let (dark, light) = (Colour::read(dark)?, Colour::read(light)?);
        options.effects.duotone = Some(Duotone { dark, light });
        Some(())
    },
    print: |options, to| {
        options.effects.duotone.iter().for_each(|Duotone { dark, light }| {
            to.value(format!("{};{}", dark.text(), light.text()));
        });
    },
};

#[cfg(test)]
mod tests {
    #[test]
    fn values() {
        let good = [("navy;%23fe0", "duotone=#000080;#ffee00")];
        super::super::check("duotone", &good, &["", "navy", "navy;red;blue", "navy;x"]);
    }
}
