//! `compression`: how much effort the encoder makes.

use super::{Setting, Stage};

/// A wish for less than all effort.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    /// The fastest way to a file.
    Fast,
}

/// The `compression` option.
pub const SETTING: Setting = Setting {
    names: &["compression"],
    parts: &[],
    expects: "fast",
    default: "as small as it gets in reasonable time",
    doc: "The fastest encoder, at the cost of bytes: `format=auto` then gives JPEG or PNG, and JPEG \
          is baseline.",
    stage: Stage::Encode,
    read: |options, _, value| {
        options.compression = (value == "fast").then_some(Compression::Fast);
        options.compression.map(|_| ())
    },
    print: |options, to| options.compression.iter().for_each(|_| to.value("fast")),
};

#[cfg(test)]
mod tests {
    #[test]
    fn values() {
        super::super::check("compression", &[("fast", "compression=fast")], &["", "slow", "9"]);
    }
}
