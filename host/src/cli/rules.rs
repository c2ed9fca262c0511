//! The flags for what addresses may ask for, and for who signs them.

use selvedge_plan::Rules;

use super::Failure;
use super::sign::KeyArgs;
use crate::config::{Addresses, Wrong};

/// What addresses may ask for, and who signs them.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    keys: KeyArgs,
    /// Dialects to understand beside Cloudflare's, separated by commas: next, ipx, weserv, thumbor,
    /// imgproxy, showmax
    #[arg(long, value_name = "NAMES", env = "SELVEDGE_DIALECTS")]
    dialects: Option<String>,
    /// Presets as name:options, separated by blanks
    #[arg(long, value_name = "PRESETS", env = "SELVEDGE_PRESETS")]
    presets: Option<String>,
    /// What addresses may ask for, as clauses separated by blanks: widths=320,640 heights=…
    /// max-side=2048 options=width,format presets-only no-enlarging
    #[arg(long, value_name = "CLAUSES", env = "SELVEDGE_POLICY")]
    policy: Option<String>,
    /// What addresses without a signature may ask for, as options with their values: width=320|640
    /// format=auto preset=thumb|card; each may be left out, all else is refused, and at most 64
    /// pictures may come of one source
    #[arg(long, value_name = "LIST", env = "SELVEDGE_UNSIGNED")]
    unsigned: Option<String>,
    /// Keys of imgproxy as key:salt in hexadecimal, separated by commas
    #[arg(long, value_name = "KEYS", env = "SELVEDGE_IMGPROXY_KEYS", hide_env_values = true)]
    imgproxy_keys: Option<String>,
    /// Keys of thumbor, separated by commas
    #[arg(long, value_name = "KEYS", env = "SELVEDGE_THUMBOR_KEYS", hide_env_values = true)]
    thumbor_keys: Option<String>,
}

impl Args {
    /// The rules; sources are not among these flags.
    pub fn read(&self) -> Result<Rules, Failure> {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let addresses = Addresses {
            keys: self.keys.text().unwrap_or_default().into(),
            imgproxy_keys: text(&self.imgproxy_keys).as_str().into(),
            thumbor_keys: text(&self.thumbor_keys).as_str().into(),
            dialects: text(&self.dialects),
            presets: text(&self.presets),
            policy: text(&self.policy),
            unsigned: text(&self.unsigned),
        };
        let (rules, wrong) = addresses.rules();
        if wrong.is_empty() {
            return Ok(rules);
        }
        let told = |wrong: &Wrong| {
            let name = wrong.key.rsplit('.').next().unwrap_or_default().replace('_', "-");
            format!("--{name}: {}", wrong.why)
        };
        Err(Failure::Wrong(wrong.iter().map(told).collect()))
    }

    /// What is given, as settings of a server: each key, the flag and its text.
    pub fn settings(&self) -> [(&'static str, &'static str, Option<String>); 7] {
        [
            ("addresses.keys", "--keys", self.keys.text().map(str::to_owned)),
            ("addresses.imgproxy_keys", "--imgproxy-keys", self.imgproxy_keys.clone()),
            ("addresses.thumbor_keys", "--thumbor-keys", self.thumbor_keys.clone()),
            ("addresses.dialects", "--dialects", self.dialects.clone()),
            ("addresses.presets", "--presets", self.presets.clone()),
            ("addresses.policy", "--policy", self.policy.clone()),
            ("addresses.unsigned", "--unsigned", self.unsigned.clone()),
        ]
    }

    /// Whether dialects are chosen.
    pub fn chooses_dialects(&self) -> bool {
        self.dialects.is_some()
    }
}
