//! What an operator's texts say: each setting by its name, and all that is wrong told at once.

use crate::dialects::Dialects;
use crate::foreign::{ImgproxyKeys, ThumborKeys};
use crate::policy::Policy;
use crate::presets::Presets;
use crate::rules::Rules;
use crate::signature::Keys;
use crate::unsigned::{List, Unsigned};

/// A setting that is wrong: its name, and why.
pub type Fault = (&'static str, String);

/// Settings as texts, and what was found to be wrong with them.
pub struct Texts<'a> {
    find: &'a dyn Fn(&str) -> Result<String, String>,
    /// All that is wrong so far.
    pub faults: Vec<Fault>,
}

impl<'a> Texts<'a> {
    /// Texts that are found by their names, in lower case; one that is not set is empty.
    pub fn new(find: &'a dyn Fn(&str) -> Result<String, String>) -> Self {
        Self { find, faults: Vec::new() }
    }

    /// What a text says; the default if it is empty, or wrong.
    pub fn read<T: Default>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> T {
        let read = |text: String| if text.is_empty() { Ok(T::default()) } else { parse(&text) };
        (self.find)(name).and_then(read).unwrap_or_else(|why| {
            self.faults.push((name, why));
            T::default()
        })
    }
}

impl Rules {
    /// What the texts say of addresses. `unsigned` reads that text where it is no list.
    pub fn read(
        texts: &mut Texts<'_>,
        unsigned: impl FnOnce(&str) -> Option<Result<Unsigned, String>>,
    ) -> Self {
        let presets = texts.read("presets", Presets::parse);
        let policy = texts.read("policy", Policy::parse);
        let ladder = policy.widths.clone().unwrap_or_default();
        let list = |text: &str| List::parse(text, &presets, &ladder).map(Unsigned::Listed);
        Self {
            unsigned: texts.read("unsigned", |text| unsigned(text).unwrap_or_else(|| list(text))),
            keys: texts.read("keys", Keys::parse),
            dialects: texts.read("dialects", Dialects::parse),
            imgproxy: texts.read("imgproxy_keys", ImgproxyKeys::parse),
            thumbor: texts.read("thumbor_keys", ThumborKeys::parse),
            presets,
            policy,
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_is_wrong_is_told() {
        let find = |name: &str| match name {
            "presets" => Ok("thumb:width=200".to_owned()),
            "unsigned" => Ok("preset=thumb".to_owned()),
            "policy" => Ok("wdths=1".to_owned()),
            "keys" => Err("a bucket".to_owned()),
            _ => Ok(String::new()),
        };
        let mut texts = Texts::new(&find);
        let rules = Rules::read(&mut texts, |_| None);
        assert!(matches!(rules.unsigned, Unsigned::Listed(_)));
        let names: Vec<&str> = texts.faults.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["policy", "keys"]);
        let rules = Rules::read(&mut Texts::new(&find), |_| Some(Ok(Unsigned::All)));
        assert_eq!(rules.unsigned, Unsigned::All);
    }
}
