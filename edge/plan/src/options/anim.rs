//! `anim`: whether animations stay animated.

use super::{Setting, Stage};

/// The `anim` option.
pub const SETTING: Setting = Setting {
    names: &["anim"],
    parts: &[],
    expects: "true or false",
    default: "true",
    doc: "Whether an animation stays one; `false` gives its first frame. WebP and GIF hold animations: \
          without a wish for a format they become GIF, with `avif` animated WebP. Others give the first \
          frame, with a warning.",
    stage: Stage::Encode,
    read: |options, _, value| {
        options.anim = Some(match value {
            "true" => true,
            "false" => false,
            _ => return None,
        });
        Some(())
    },
    print: |options, to| options.anim.iter().for_each(|anim| to.value(anim)),
};

#[cfg(test)]
mod tests {
    #[test]
    fn values() {
        let good = [("true", "anim=true"), ("false", "anim=false")];
        super::super::check("anim", &good, &["", "1", "yes"]);
    }
}
