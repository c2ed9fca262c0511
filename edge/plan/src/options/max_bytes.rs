//! `max-bytes`: most bytes of the file.

use super::number::decimal;
use super::{Setting, Stage};

/// Most bytes of the file, at least 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MaxBytes(u32);

impl MaxBytes {
    /// The number of bytes.
    pub fn bytes(self) -> u32 {
        self.0
    }
}

/// The `max-bytes` option.
pub const SETTING: Setting = Setting {
    names: &["max-bytes"],
    parts: &[],
    expects: "a whole number from 1 to 999999999",
    default: "no limit",
    doc: "Lowers the quality until the file has no more bytes: the highest quality that does it is taken. \
          Where none does, as for PNG, which knows no quality, and for animations, the file is larger, \
          and a warning says so.",
    stage: Stage::Encode,
    read: |options, _, value| {
        options.max_bytes = Some(MaxBytes(decimal(value, 0).filter(|bytes| *bytes > 0)?));
        Some(())
    },
    print: |options, to| options.max_bytes.iter().for_each(|bytes| to.value(bytes.0)),
};

#[cfg(test)]
mod tests {
    #[test]
    fn values() {
        let good = [("20000", "max-bytes=20000")];
        super::super::check("max-bytes", &good, &["", "0", "20k", "9999999999"]);
    }
}
