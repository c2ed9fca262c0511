//! `compression`: how much effort the encoder makes.

use super::{Setting, Stage};

/// A wish for another effort than what pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    /// The smallest file.
    Best,
    /// The fastest way to a file.
    Fast,
}

impl Compression {
    const ALL: [Self; 2] = [Self::Best, Self::Fast];

    /// As it is written in options.
    pub fn name(self) -> &'static str {
        match self {
            Self::Best => "best",
            Self::Fast => "fast",
        }
    }
}

/// The `compression` option.
pub const SETTING: Setting = Setting {
    names: &["compression"],
    parts: &[],
    expects: "best or fast",
    default: "as small as it gets in reasonable time",
    doc: "`fast`: the fastest encoder, at the cost of bytes; `format=auto` then gives JPEG or PNG, \
          and JPEG is baseline. `best`: fewer bytes of AVIF and WebP, at several times the cost of \
          encoding.",
    stage: Stage::Encode,
    read: |options, _, value| {
        options.compression = Compression::ALL.into_iter().find(|wish| wish.name() == value);
        options.compression.map(|_| ())
    },
    print: |options, to| options.compression.iter().for_each(|wish| to.value(wish.name())),
};

#[cfg(test)]
mod tests {
    #[test]
    fn values() {
        let values = [("fast", "compression=fast"), ("best", "compression=best")];
        super::super::check("compression", &values, &["", "slow", "9"]);
    }
}
