//! `filter`: a few fixed changes of colour.

use super::{Setting, Stage};

/// A fixed change of colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter {
    /// Luminance alone.
    Greyscale,
    /// Each channel from its other end.
    Invert,
    /// Browns, as old photographs have.
    Sepia,
}

impl Filter {
    const ALL: &[Self] = &[Self::Greyscale, Self::Invert, Self::Sepia];

    /// The value as written in a URL.
    pub fn name(self) -> &'static str {
        match self {
            Self::Greyscale => "greyscale",
            Self::Invert => "invert",
            Self::Sepia => "sepia",
        }
    }
}

/// The `filter` option.
pub const SETTING: Setting = Setting {
    names: &["filter"],
    parts: &[],
    expects: "greyscale, sepia or invert",
    default: "none",
    doc: "A fixed change of colour, as `grayscale(1)`, `sepia(1)` and `invert(1)` of CSS are.",
    stage: Stage::Effect,
    read: |options, _, value| {
        let value = if value == "grayscale" { "greyscale" } else { value };
        options.effects.filter = Some(*Filter::ALL.iter().find(|known| known.name() == value)?);
        Some(())
    },
    print: |options, to| options.effects.filter.iter().for_each(|filter| to.value(filter.name())),
};

#[cfg(test)]
mod tests {
    #[test]
    fn values() {
        let good = [
            ("sepia", "filter=sepia"),
            ("grayscale", "filter=greyscale"),
            ("greyscale", "filter=greyscale"),
            ("invert", "filter=invert"),
        ];
        super::super::check("filter", &good, &["", "negate", "none"]);
    }
}
