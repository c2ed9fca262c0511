//! `segment`: what is kept of the source by its content.

use super::{Setting, Stage};

/// What is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Segment {
    /// What stands in front; all else becomes transparent.
    Foreground,
}

/// The `segment` option.
pub const SETTING: Setting = Setting {
    names: &["segment"],
    parts: &[],
    expects: "foreground",
    default: "all is kept",
    doc: "Makes all but the foreground transparent.",
    stage: Stage::Source,
    read: |options, _, value| {
        options.segment = (value == "foreground").then_some(Segment::Foreground);
        options.segment.map(|_| ())
    },
    print: |options, to| options.segment.iter().for_each(|_| to.value("foreground")),
};

#[cfg(test)]
mod tests {
    #[test]
    fn values() {
        super::super::check(
            "segment",
            &[("foreground", "segment=foreground")],
            &["", "background"],
        );
    }
}
