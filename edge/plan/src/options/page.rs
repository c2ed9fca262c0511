//! `page`: which page or frame is taken.

use super::number::decimal;
use super::{Setting, Stage};

/// A page or frame, counted from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Page(u32);

impl Page {
    /// The first one.
    pub const FIRST: Self = Self(0);

    /// Its number, from 0 on.
    pub fn number(self) -> u32 {
        self.0
    }
}

/// The `page` option.
pub const SETTING: Setting = Setting {
    names: &["page", "frame"],
    parts: &[],
    expects: "a whole number from 0 to 9999",
    default: "0",
    doc: "Which page or frame is taken, counted from 0. Any but the first one is taken alone: no \
          animation comes out. One beyond the last is refused.",
    stage: Stage::Encode,
    read: |options, _, value| {
        options.page = Some(Page(decimal(value, 0).filter(|page| *page < 10_000)?));
        Some(())
    },
    print: |options, to| options.page.iter().for_each(|page| to.value(page.0)),
};

#[cfg(test)]
mod tests {
    #[test]
    fn values() {
        super::super::check("page", &[("0", "page=0"), ("7", "page=7")], &["", "-1", "10000", "a"]);
        super::super::check("frame", &[("3", "page=3")], &["last"]);
    }
}
