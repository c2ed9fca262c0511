//! The flags for what a server is set to.

use std::env;
use std::path::PathBuf;

use clap::ArgAction;

use super::{Failure, limits, rules};
use crate::config::{Flag, Loaded, variable};

/// Where settings come from.
#[derive(Debug, clap::Args)]
pub struct Base {
    /// A configuration in TOML; docs/configuration.md has all settings
    #[arg(long, value_name = "FILE", env = "SELVEDGE_CONFIG")]
    config: Option<PathBuf>,
    /// One setting, such as server.header_timeout=5s; may be repeated
    #[arg(long, value_name = "KEY=VALUE", action = ArgAction::Append)]
    set: Vec<String>,
}

/// What a server is set to: flags win over the environment, and that over the file.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    base: Base,
    /// Serve unsigned addresses too; on loopback only
    #[arg(long)]
    dev: bool,
    /// Where to listen [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
    /// What paths lead to: a folder, an http(s) address, or s3://, gs:// or az:// and a bucket
    #[arg(long, value_name = "DIR-OR-URL")]
    source: Option<String>,
    /// An origin whose pictures may be fetched, such as https://example.com or
    /// https://*.example.com/photos; may be repeated
    #[arg(long, value_name = "ORIGIN", action = ArgAction::Append, value_delimiter = ',')]
    allow: Vec<String>,
    #[command(flatten)]
    rules: rules::Args,
    #[command(flatten)]
    limits: limits::Args,
    /// Transforms at once [default: one for each core]
    #[arg(long, value_name = "N")]
    cores: Option<String>,
    /// Where /metrics, /status and health are served; keep it private [default: nowhere]
    #[arg(long, value_name = "ADDR")]
    admin: Option<String>,
    /// How the log is written: plain or json [default: plain]
    #[arg(long, value_name = "STYLE")]
    log: Option<String>,
}

impl Base {
    /// The configuration.
    pub fn load(&self) -> Result<Loaded, Failure> {
        self.load_with(Vec::new())
    }

    /// The same with more flags, over which --set wins.
    fn load_with(&self, mut flags: Vec<Flag>) -> Result<Loaded, Failure> {
        for set in &self.set {
            let (key, text) = set
                .split_once('=')
                .ok_or_else(|| Failure::Usage(format!("expected --set KEY=VALUE, got `{set}`")))?;
            let name = "--set".to_owned();
            flags.push(Flag { key: key.to_owned(), text: text.to_owned(), name });
        }
        Ok(Loaded::read(self.config.as_deref(), env::vars_os(), &flags)?)
    }
}

impl Args {
    /// The configuration.
    pub fn load(&self) -> Result<Loaded, Failure> {
        self.base.load_with(self.flags())
    }

    fn flags(&self) -> Vec<Flag> {
        let allow = (!self.allow.is_empty()).then(|| self.allow.join(","));
        let own = [
            ("server.listen", "--listen", self.listen.clone()),
            ("server.dev", "--dev", self.dev.then(|| "true".to_owned())),
            ("source", "--source", self.source.clone()),
            ("fetch.allow", "--allow", allow),
            ("admission.cores", "--cores", self.cores.clone()),
            ("admin.listen", "--admin", self.admin.clone()),
            ("log.style", "--log", self.log.clone()),
        ];
        let all = own.into_iter().chain(self.rules.settings()).chain(self.limits.settings());
        // What a flag has from the environment is told as that.
        let typed = |key: &str, text: &String| env::var(variable(key)).as_ref() != Ok(text);
        all.filter_map(|(key, name, text)| {
            text.filter(|text| typed(key, text)).map(|text| Flag {
                key: key.to_owned(),
                text,
                name: name.to_owned(),
            })
        })
        .collect()
    }
}
