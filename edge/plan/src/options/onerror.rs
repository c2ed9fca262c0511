//! `onerror`: what a failure is answered with.

use super::{Setting, Stage};

/// What a failure is answered with instead of a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnError {
    /// A redirect to the source.
    Redirect,
}

/// The `onerror` option.
pub const SETTING: Setting = Setting {
    names: &["onerror"],
    parts: &[],
    expects: "redirect",
    default: "a problem",
    doc: "Redirects to the source if no picture can be made of it, and if its address is on the same \
          site or below it.",
    stage: Stage::Answer,
    read: |options, _, value| {
        options.onerror = (value == "redirect").then_some(OnError::Redirect);
        options.onerror.map(|_| ())
    },
    print: |options, to| options.onerror.iter().for_each(|_| to.value("redirect")),
};

#[cfg(test)]
mod tests {
    #[test]
    fn values() {
        super::super::check("onerror", &[("redirect", "onerror=redirect")], &["", "ignore"]);
    }
}
