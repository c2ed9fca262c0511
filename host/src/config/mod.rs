//! The configuration of a server: a file, the environment over it, flags over both.
//!
//! Each part is a struct with its defaults, and [`Config`] is all of them. Whatever is wrong is told
//! at once, before anything listens.

mod addresses;
mod layers;
mod parts;
mod print;
mod read;
pub mod units;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::Path;

use selvedge_plan::Rules;
use selvedge_plan::unsigned::Unsigned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use addresses::Addresses;
pub use layers::Flag;
pub use layers::variable;
use layers::{Layers, leaves};
pub use parts::{Admin, Admission, Fetch, Log, Server, Tickets, Tracing, Transform};
pub use read::Wrong;
use read::{nearest, read};

use crate::cache;
use crate::components;
use crate::engine::MEMORY_MAX;
use crate::purge;
use crate::serve::acceptor;
use crate::shadow;
use crate::source::{self, Places, Sources};

/// How many Selvedges a request may have passed: the edge that hands it over.
const HOPS: usize = 1;

/// All that an operator can set.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// What paths lead to: one text, or tables with a prefix each (docs/sources.md).
    pub source: Places,
    /// Where clients are served.
    pub server: Server,
    /// What addresses may ask for.
    pub addresses: Addresses,
    /// What is fetched from other servers.
    pub fetch: Fetch,
    /// What is kept on disk.
    pub cache: cache::Config,
    /// What is done at once.
    pub admission: Admission,
    /// What one transform may use.
    pub transform: Transform,
    /// What makes the pictures.
    pub components: components::Config,
    /// Which caches are told to forget pictures.
    pub purge: purge::Config,
    /// What the other component makes again.
    pub shadow: shadow::Config,
    /// How the log is written.
    pub log: Log,
    /// The operator's door.
    pub admin: Admin,
    /// Where traces go.
    pub tracing: Tracing,
}

/// A configuration as it was found.
#[derive(Debug)]
pub struct Loaded {
    /// The settings. What is wrong has its default here.
    pub config: Config,
    /// Variables of the environment that look like settings and are none. They are no reason to
    /// stop: Kubernetes sets some for a service of this name.
    pub warnings: Vec<String>,
    layers: Layers,
    wrong: Vec<Wrong>,
}

impl Loaded {
    /// Reads the file, if there is one, then the environment, then the flags.
    ///
    /// # Errors
    /// If the file cannot be read, or is no TOML.
    pub fn read(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (OsString, OsString)>,
        flags: &[Flag],
    ) -> Result<Self, String> {
        let known = defaults();
        let mut layers = Layers::default();
        if let Some(path) = file {
            let name = path.display().to_string();
            let text = fs::read_to_string(path).map_err(|error| format!("{name}: {error}"))?;
            layers.file(&name, &text)?;
        }
        let strangers = layers.environment(&known, environment);
        layers.flags(&known, flags);
        let (config, wrong) = read(Value::Object(layers.tree.clone()));
        let warnings = strangers.iter().map(|name| stranger(name, &known)).collect();
        Ok(Self { config, warnings, layers, wrong })
    }

    /// Whether the settings are fit to serve with.
    ///
    /// # Errors
    /// All that is wrong: each setting with what was expected, what was got, and who said so.
    pub fn check(&self) -> Result<(), Vec<String>> {
        let later = self.config.wrong();
        let all: Vec<String> =
            self.wrong.iter().chain(&later).map(|wrong| self.told(wrong)).collect();
        if all.is_empty() { Ok(()) } else { Err(all) }
    }

    /// The settings as a file that has the same effect, but for secrets, each with its origin.
    pub fn print(&self) -> String {
        print::toml(&self.config, &self.layers)
    }

    fn told(&self, wrong: &Wrong) -> String {
        match self.layers.origin(&wrong.key) {
            Some(origin) => format!("{wrong} ({origin})"),
            None => wrong.to_string(),
        }
    }
}

impl Config {
    /// What addresses are served: the rules, with what the server itself adds to them.
    pub fn rules(&self) -> Rules {
        let (rules, _) = self.addresses.rules();
        let unsigned = if self.server.dev { Unsigned::All } else { rules.unsigned };
        Rules { unsigned, hops: HOPS, ..rules }
    }

    /// Where pictures come from.
    pub fn sources(&self) -> source::Config {
        self.fetch.sources(&self.source)
    }

    /// What is wrong though each value by itself can be read.
    fn wrong(&self) -> Vec<Wrong> {
        let (rules, mut wrong) = self.addresses.rules();
        let mut expect = |fine: bool, key: &str, why: String| {
            if !fine {
                wrong.push(Wrong { key: key.to_owned(), why });
            }
        };
        let (listen, dev) = (self.server.listen, self.server.dev);
        expect(
            !dev || listen.ip().is_loopback(),
            "server.listen",
            format!(
                "with --dev, which serves unsigned addresses, expected a loopback address such as \
                 127.0.0.1:{}, got {listen}; use --keys instead of --dev",
                listen.port()
            ),
        );
        expect(
            dev || rules.serve_any(),
            "addresses.keys",
            "there is no key to verify addresses with: set --keys id:hex or SELVEDGE_KEYS (make a \
             secret with `openssl rand -hex 32`), list what needs no signature with --unsigned, or \
             use --dev on this machine only"
                .to_owned(),
        );
        expect(
            !self.sources().is_empty(),
            "source",
            "there is nothing to serve: set --source to a folder or an address, or --allow to the \
             origins whose pictures may be fetched"
                .to_owned(),
        );
        for (key, why) in Sources::new(&self.sources()).err().unwrap_or_default() {
            expect(false, key, why);
        }
        expect(
            self.cache.has_place(),
            "cache.folder",
            "expected a folder, since cache.results or cache.sources has a size".to_owned(),
        );
        expect(
            !self.transform.deadline.0.is_zero(),
            "transform.deadline",
            "expected more than 0 (--deadline-ms): a server needs one".to_owned(),
        );
        let (most, memory) = (MEMORY_MAX as u64, self.transform.memory.0);
        expect(
            memory <= most,
            "transform.memory",
            format!("expected at most {}MiB, got {}", most >> 20, self.transform.memory),
        );
        let (all, one) = (self.admission.transform_memory, self.transform.memory);
        expect(
            all.0 >= one.0,
            "admission.transform_memory",
            format!("expected at least transform.memory, which is {one}, got {all}"),
        );
        let (all, one) = (self.admission.file_memory, self.fetch.bytes);
        expect(
            all.0 >= one.0,
            "admission.file_memory",
            format!("expected at least fetch.bytes, which is {one}, got {all}"),
        );
        expect(
            self.admission.fetches > 0 && self.server.connections > 0,
            "admission.fetches",
            "expected at least 1, and so for server.connections".to_owned(),
        );
        let (certificate, key) = (&self.server.tls_certificate, &self.server.tls_key);
        expect(
            certificate.is_some() == key.is_some(),
            "server.tls_key",
            "expected both, or neither, of server.tls_certificate and server.tls_key".to_owned(),
        );
        if let Some(Err(why)) = self.server.tls().map(|(chain, key)| acceptor(chain, key)) {
            expect(false, "server.tls_certificate", why);
        }
        for (key, time) in [
            ("server.header_timeout", self.server.header_timeout),
            ("server.write_timeout", self.server.write_timeout),
        ] {
            expect(!time.0.is_zero(), key, "expected more than 0".to_owned());
        }
        if let Err(why) = self.components.share() {
            expect(false, "components.share", why);
        }
        for (key, why) in self.shadow.wrong() {
            expect(false, key, why);
        }
        let sample = self.tracing.sample;
        expect(
            (0.0..=1.0).contains(&sample),
            "tracing.sample",
            format!("expected a number from 0 to 1, got {sample}"),
        );
        wrong
    }
}

/// Every setting with its default.
fn defaults() -> BTreeMap<String, Value> {
    // What has a struct of plain values can always be written.
    let tree = serde_json::to_value(Config::default()).unwrap_or_default();
    leaves(&tree).into_iter().map(|(key, value)| (key, value.clone())).collect()
}

fn stranger(name: &str, known: &BTreeMap<String, Value>) -> String {
    let names: Vec<String> = known.keys().map(|key| variable(key)).collect();
    let meant = nearest(name, names.iter().map(String::as_str));
    let meant = meant.map(|meant| format!("; did you mean {meant}?")).unwrap_or_default();
    format!("{name} is no setting and has no effect{meant}")
}
