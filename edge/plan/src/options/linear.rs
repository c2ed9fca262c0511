//! `linear`: whether light is averaged instead of its codes.

use super::{Setting, Stage};

/// The `linear` option.
pub const SETTING: Setting = Setting {
    names: &["linear"],
    parts: &[],
    expects: "true or false",
    default: "false",
    doc: "Whether a picture is scaled in linear light: fine bright detail on dark stays as bright as it \
          is. A JPEG takes three to eight times as long, and 1.5 bytes of memory for each of its \
          pixels, since all of them are decoded; a PNG takes a fifth longer. Inks are scaled as \
          they are.",
    stage: Stage::Resize,
    read: |options, _, value| {
        options.linear = Some(match value {
            "true" => true,
            "false" => false,
            _ => return None,
        });
        Some(())
    },
    print: |options, to| options.linear.iter().for_each(|linear| to.value(linear)),
};

#[cfg(test)]
mod tests {
    #[test]
    fn values() {
        let good = [("true", "linear=true"), ("false", "linear=false")];
        super::super::check("linear", &good, &["", "1", "yes"]);
    }
}
