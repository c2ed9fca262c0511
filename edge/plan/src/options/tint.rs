//! `tint`: the hue of a colour over the picture.

use super::colour::{self, Colour};
use super::{Setting, Stage};

/// The `tint` option.
pub const SETTING: Setting = Setting {
    names: &["tint"],
    parts: &[],
    expects: colour::EXPECTS,
    default: "none",
    doc: "Gives the picture the hue of a colour; light and dark stay.",
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
