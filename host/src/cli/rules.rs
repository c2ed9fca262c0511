//! The flags for what addresses may ask for, and for who signs them.

use selvedge_plan::Rules;
use selvedge_plan::dialects::Dialects;
use selvedge_plan::foreign::{ImgproxyKeys, ThumborKeys};
use selvedge_plan::policy::Policy;
use selvedge_plan::presets::Presets;
use selvedge_plan::unsigned::{List, Unsigned};

use super::Failure;
use super::sign::KeyArgs;

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
        fn part<T: Default>(
            flag: &str,
            text: Option<&str>,
            parse: impl FnOnce(&str) -> Result<T, String>,
        ) -> Result<T, Failure> {
            let parsed = text.map(parse).transpose();
            Ok(parsed.map_err(|why| format!("--{flag}: {why}"))?.unwrap_or_default())
        }
        let presets = part("presets", self.presets.as_deref(), Presets::parse)?;
        let policy = part("policy", self.policy.as_deref(), Policy::parse)?;
        let ladder = policy.widths.clone().unwrap_or_default();
        let list = |text: &str| List::parse(text, &presets, &ladder).map(Unsigned::Listed);
        Ok(Rules {
            unsigned: part("unsigned", self.unsigned.as_deref(), list)?,
            keys: self.keys.read()?,
            dialects: part("dialects", self.dialects.as_deref(), Dialects::parse)?,
            presets,
            policy,
            imgproxy: part("imgproxy-keys", self.imgproxy_keys.as_deref(), ImgproxyKeys::parse)?,
            thumbor: part("thumbor-keys", self.thumbor_keys.as_deref(), ThumborKeys::parse)?,
            ..Rules::default()
        })
    }

    /// Whether dialects are chosen.
    pub fn chooses_dialects(&self) -> bool {
        self.dialects.is_some()
    }
}
