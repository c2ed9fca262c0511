//! `background`: the colour under transparency and in `pad` space.

pub use super::colour::Colour;
use super::{Setting, Stage, colour};

/// The `background` option.
pub const SETTING: Setting = Setting {
    names: &["background"],
    parts: &[],
    expects: colour::EXPECTS,
    default: "white for `pad`, padding and JPEG, else none",
    doc: "Colour under transparency and in the space that `pad` and padding add. What sRGB cannot show is \
          clipped, channel by channel.",
    stage: Stage::Compose,
    read: |options, _, value| {
        options.background = Some(Colour::read(value)?);
        Some(())
    },
    print: |options, to| options.background.iter().for_each(|colour| to.value(colour.text())),
};

#[cfg(test)]
mod tests {
    #[test]
    fn values() {
        let good = [
            ("%23FA0", "background=#ffaa00"),
            ("rgb(240,40,145)", "background=#f02891"),
            // In an address a percent sign is written %25, a blank %20 and a slash %2F.
            ("rgb(0%200%200%20%2F%2050%25)", "background=#00000080"),
        ];
        super::super::check("background", &good, &["", "no-colour", "rgb(1,2)"]);
    }
}
