//! `padding`: space around the picture.

use super::edges::Edges;
use super::{Setting, Stage};

/// The `padding` option.
pub const SETTING: Setting = Setting {
    names: &["padding"],
    parts: &[],
    expects: "one to four lengths in pixels with semicolons, in the order of CSS",
    default: "0",
    doc: "Adds space around the picture, in the colour of the background.",
    stage: Stage::Compose,
    read: |options, _, value| {
        options.padding = Some(Edges::read(value)?);
        Some(())
    },
    print: |options, to| options.padding.iter().for_each(|edges| to.value(edges.text())),
};

#[cfg(test)]
mod tests {
    #[test]
    fn values() {
        let good = [("5", "padding=5"), ("1;2", "padding=1;2;1;2")];
        super::super::check("padding", &good, &["", "a", "1;2;3;4;5", "5px"]);
    }
}
