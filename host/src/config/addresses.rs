//! What addresses may ask for, and who signs them.

use selvedge_plan::Rules;
use selvedge_plan::settings::Texts;
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
        let find = |name: &str| {
            let text = match name {
                "keys" => self.keys.expose(),
                "imgproxy_keys" => self.imgproxy_keys.expose(),
                "thumbor_keys" => self.thumbor_keys.expose(),
                "dialects" => &self.dialects,
                "presets" => &self.presets,
                "policy" => &self.policy,
                "unsigned" => &self.unsigned,
                _ => "",
            };
            Ok(text.to_owned())
        };
        let mut texts = Texts::new(&find);
        let rules = Rules::read(&mut texts, |_| None);
        let wrong = |(name, why)| Wrong { key: format!("addresses.{name}"), why };
        (rules, texts.faults.into_iter().map(wrong).collect())
    }
}
