//! `damaged`: whether what can be read of a damaged source will do.

use super::{Setting, Stage};

/// What becomes of a damaged source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Damaged {
    /// What can be read of it is kept, with a warning.
    Keep,
    /// It is refused, so that no cache keeps half a picture.
    #[default]
    Refuse,
}

impl Damaged {
    /// Every value.
    pub const ALL: &[Self] = &[Self::Keep, Self::Refuse];

    /// The value as written in a URL.
    pub fn name(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Refuse => "refuse",
        }
    }
}

/// The `damaged` option.
pub const SETTING: Setting = Setting {
    names: &["damaged"],
    parts: &[],
    expects: "keep or refuse",
    default: "refuse",
    doc: "Whether a JPEG that is damaged or cut off gives an error, or what can be read of it.",
    stage: Stage::Source,
    read: |options, _, value| {
        options.damaged = Some(*Damaged::ALL.iter().find(|known| known.name() == value)?);
        Some(())
    },
    print: |options, to| options.damaged.iter().for_each(|damaged| to.value(damaged.name())),
};

#[cfg(test)]
mod tests {
    #[test]
    fn values() {
        let good = [("keep", "damaged=keep"), ("refuse", "damaged=refuse")];
        super::super::check("damaged", &good, &["", "Keep", "true", "1"]);
    }
}
