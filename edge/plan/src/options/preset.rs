//! `preset`: options that the server has under a name.

use super::{Setting, Stage};

/// Names of presets, at least one; what comes later goes before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preset(Vec<String>);

impl Preset {
    fn read(value: &str) -> Option<Self> {
        let names: Vec<String> = value.split(';').map(str::to_owned).collect();
        names.iter().all(|name| is_name(name)).then_some(Self(names))
    }

    /// The names in order.
    pub fn names(&self) -> &[String] {
        &self.0
    }
}

/// Whether a preset can have this name: letters, digits, `-` and `_`.
pub(crate) fn is_name(name: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    !name.is_empty() && name.bytes().all(plain)
}

/// The `preset` option.
pub const SETTING: Setting = Setting {
    names: &["preset"],
    parts: &[],
    expects: "a name that the server knows, or several with semicolons",
    default: "none",
    doc: "Options that the server has under a name; those in the address go before them.",
    stage: Stage::Answer,
    read: |options, _, value| {
        options.preset = Some(Preset::read(value)?);
        Some(())
    },
    print: |options, to| options.preset.iter().for_each(|preset| to.value(preset.0.join(";"))),
};

#[cfg(test)]
mod tests {
    #[test]
    fn values() {
        let good = [("thumb", "preset=thumb"), ("a;b-2", "preset=a;b-2")];
        super::super::check("preset", &good, &["", "a;", "a b", "ü"]);
    }
}
