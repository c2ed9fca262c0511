//! `tint`: the hue of a colour over the picture.

use super::colour::{self, Colour};
use super::{Setting, Stage};

/// The `tint` option.
pub const SETTING: Setting = Setting {
    names: &["tint"],
    parts: &[],
    expects: colour::EXPECTS,
    default: "none",
    doc: "Gives the picture the hue and saturation of a colour while luma stays, as the blend mode \
          `color` of CSS does. The alpha of the colour says how much.",
    stage: Stage::Effect,
    read: |options, _, value| {
        options.effects.tint = Some(Colour::read(value)?);
        Some(())
    },
    print: |options, to| options.effects.tint.iter().for_each(|tint| to.value(tint.text())),
};

#[cfg(test)]
mod tests {
    #[test]
    fn values() {
        super::super::check("tint", &[("red", "tint=#ff0000")], &["", "reddish"]);
    }
}
