//! `expires`: when the address ends.

use super::{Setting, Stage};

/// Seconds since 1970, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expires(u64);

impl Expires {
    /// Seconds since 1970, UTC.
    pub fn seconds(self) -> u64 {
        self.0
    }
}

/// The `expires` option.
pub const SETTING: Setting = Setting {
    names: &["expires"],
    parts: &[],
    expects: "seconds since 1970, UTC",
    default: "never",
    doc: "When the address ends. Of use in signed addresses only.",
    stage: Stage::Answer,
    read: |options, _, value| {
        let digits = value.len() <= 12 && value.bytes().all(|b| b.is_ascii_digit());
        options.expires = Some(Expires(digits.then(|| value.parse().ok()).flatten()?));
        Some(())
    },
    print: |options, to| options.expires.iter().for_each(|expires| to.value(expires.0)),
};

#[cfg(test)]
mod tests {
    #[test]
    fn values() {
        let good = [("1767225600", "expires=1767225600"), ("0", "expires=0")];
        super::super::check("expires", &good, &["", "-1", "tomorrow", "1e9", "1234567890123"]);
    }
}
