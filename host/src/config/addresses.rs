//! What addresses may ask for, and who signs them.

use selvedge_plan::Rules;
use selvedge_plan::dialects::Dialects;
use selvedge_plan::foreign::{ImgproxyKeys, ThumborKeys};
use selvedge_plan::policy::Policy;
use selvedge_plan::presets::Presets;
use selvedge_plan::signature::Keys;
use selvedge_plan::unsigned::{List, Unsigned};
use serde::{Deserialize, Serialize};

use super::read::Wrong;
use super::units::Secret;

/// What addresses may ask for, and who signs them: each text as its flag takes it.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Addresses {
    /// Keys as id:hex; the first one signs, all verify.
    pub keys: Secret,
    /// Keys of imgproxy as key:salt in hexadecimal.
    pub imgproxy_keys: Secret,
    /// Keys of thumbor.
    pub thumbor_keys: Secret,
    /// Dialects to understand beside Cloudflare's.
    pub dialects: String,
    /// Presets as name:options.
    pub presets: String,
    /// Limits on what addresses may ask for.
    pub policy: String,
    /// What addresses without a signature may ask for.
    pub unsigned: String,
}

impl Addresses {
    /// The rules; where pictures come from is not among these settings.
    pub fn rules(&self) -> (Rules, Vec<Wrong>) {
        let mut wrong = Vec::new();
        let (keys, imgproxy) = (self.keys.expose(), self.imgproxy_keys.expose());
        let presets = part("presets", &self.presets, Presets::parse, &mut wrong);
        let policy = part("policy", &self.policy, Policy::parse, &mut wrong);
        let ladder = policy.widths.clone().unwrap_or_default();
        let list = |text: &str| List::parse(text, &presets, &ladder).map(Unsigned::Listed);
        let rules = Rules {
            unsigned: part("unsigned", &self.unsigned, list, &mut wrong),
            keys: part("keys", keys, Keys::parse, &mut wrong),
            dialects: part("dialects", &self.dialects, Dialects::parse, &mut wrong),
            presets,
            policy,
            imgproxy: part("imgproxy_keys", imgproxy, ImgproxyKeys::parse, &mut wrong),
            thumbor: part(
                "thumbor_keys",
                self.thumbor_keys.expose(),
                ThumborKeys::parse,
                &mut wrong,
            ),
            ..Rules::default()
        };
        (rules, wrong)
    }
}

/// What a text says; what is said by none is the default.
fn part<T: Default>(
    name: &str,
    text: &str,
    parse: impl FnOnce(&str) -> Result<T, String>,
    wrong: &mut Vec<Wrong>,
) -> T {
    if text.is_empty() {
        return T::default();
    }
    parse(text).unwrap_or_else(|why| {
        wrong.push(Wrong { key: format!("addresses.{name}"), why });
        T::default()
    })
}
