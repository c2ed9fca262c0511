//! What the Worker's variables, secrets and bindings say. `wrangler.toml` explains each.

use js_sys::Reflect;
use selvedge_plan::address::is_loopback;
use selvedge_plan::allow::AllowList;
use selvedge_plan::dialects::Dialects;
use selvedge_plan::foreign::{ImgproxyKeys, ThumborKeys};
use selvedge_plan::policy::Policy;
use selvedge_plan::presets::Presets;
use selvedge_plan::signature::Keys;
use selvedge_plan::unsigned::{List, Unsigned};
use selvedge_plan::{Code, Problem, Rules, source};
use wasm_bindgen::JsValue;
use worker::{Bucket, Env, Url};

/// Which cache is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Caching {
    /// The Cache API of the data centre.
    #[default]
    Api,
    /// None here: this is what the platform's cache asks. Set by `entry.js`, not by an operator.
    Behind,
    /// The platform's, which this Worker asks in front of itself.
    Platform,
}

/// The configuration. It is read for every request, which costs microseconds.
pub struct Config {
    /// What is allowed.
    pub rules: Rules,
    /// Where sources that are paths are found, the path being the key.
    pub bucket: Option<Bucket>,
    /// Below which address they are found instead.
    pub base: Option<Url>,
    /// Where pictures that were made are kept.
    pub results: Option<Bucket>,
    /// Which cache is used.
    pub caching: Caching,
    /// This Worker itself behind the platform's cache, where that is used.
    pub front: Option<JsValue>,
    /// Who is asked for what the edge cannot do.
    pub origin: Option<Url>,
}

impl Config {
    /// Reads the configuration for a request to `authority`.
    ///
    /// # Errors
    /// [`Code::Misconfigured`] with everything that is wrong, by the names of the variables.
    pub fn read(env: &Env, authority: &str) -> Result<Self, Problem> {
        let mut read = Variables { env, faults: Vec::new() };
        let address = |text: &str| source::base(text).map(Some);
        let presets = read.text("PRESETS", Presets::parse);
        let policy = read.text("POLICY", Policy::parse);
        let ladder = policy.widths.clone().unwrap_or_default();
        let unsigned = |text: &str| match text {
            "true" | "false" => for_development(text == "true", authority),
            list => List::parse(list, &presets, &ladder).map(Unsigned::Listed),
        };
        let unsigned = read.text("UNSIGNED", unsigned);
        let mut config = Self {
            bucket: read.bucket("SOURCE_BUCKET"),
            caching: read.text("CACHE", caching),
            front: read.value("FRONT"),
            results: read.bucket("RESULT_BUCKET"),
            base: read.text("SOURCE", address),
            origin: read.text("ORIGIN", address),
            rules: Rules {
                keys: read.text("KEYS", Keys::parse),
                unsigned,
                allow: read.text("ALLOW", |text| AllowList::parse(text.split(',').map(str::trim))),
                dialects: read.text("DIALECTS", Dialects::parse),
                presets,
                policy,
                imgproxy: read.text("IMGPROXY_KEYS", ImgproxyKeys::parse),
                thumbor: read.text("THUMBOR_KEYS", ThumborKeys::parse),
                ..Rules::default()
            },
        };
        // What comes from in front came through this Worker once.
        config.rules.hops = usize::from(config.caching == Caching::Behind);
        config.rules.paths = config.bucket.is_some() || config.base.is_some();
        let mut faults = read.faults;
        if config.bucket.is_some() && config.base.is_some() {
            faults.push("SOURCE: expected none beside SOURCE_BUCKET, got both".to_owned());
        }
        if faults.is_empty() && !config.rules.serve_any() {
            faults.push(
                "KEYS: expected a key, got none: `wrangler secret put KEYS --env production`"
                    .to_owned(),
            );
        }
        let is_open = config.rules.unsigned == Unsigned::All;
        let hands_over = config.origin.is_some() || config.caching == Caching::Platform;
        if hands_over && config.rules.keys.is_empty() && !is_open {
            let why = "to sign what is handed over";
            faults.push(format!("KEYS: expected a key beside ORIGIN or CACHE=platform, {why}"));
        }
        if faults.is_empty() {
            return Ok(config);
        }
        Err(Problem::new(Code::Misconfigured, faults.join("; ")))
    }
}

/// The Worker's variables, and what was found to be wrong with them.
struct Variables<'a> {
    env: &'a Env,
    faults: Vec<String>,
}

impl Variables<'_> {
    /// Whether there is a binding, a variable or a secret of this name.
    fn has(&self, name: &str) -> bool {
        Reflect::has(self.env, &name.into()).unwrap_or(false)
    }

    /// A variable or secret; the default if there is none, or an empty one.
    fn text<T: Default>(&mut self, name: &str, parse: impl FnOnce(&str) -> Result<T, String>) -> T {
        let value = self.has(name).then(|| self.env.var(name)).transpose();
        let text = value.map(|value| value.map(|text| text.to_string()).unwrap_or_default());
        let parsed = match text.as_deref() {
            Ok("") => return T::default(),
            Ok(text) => parse(text),
            Err(fault) => Err(fault.to_string()),
        };
        self.or_fault(name, parsed)
    }

    /// What `entry.js` adds to the environment.
    fn value(&self, name: &str) -> Option<JsValue> {
        self.has(name).then(|| Reflect::get(self.env, &name.into()).ok()).flatten()
    }

    fn bucket(&mut self, name: &str) -> Option<Bucket> {
        let bucket = self.has(name).then(|| self.env.bucket(name)).transpose();
        self.or_fault(name, bucket.map_err(|fault| fault.to_string()))
    }

    fn or_fault<T: Default>(&mut self, name: &str, value: Result<T, String>) -> T {
        value.unwrap_or_else(|fault| {
            self.faults.push(format!("{name}: {fault}"));
            T::default()
        })
    }
}

fn caching(text: &str) -> Result<Caching, String> {
    match text {
        "api" => Ok(Caching::Api),
        "behind" => Ok(Caching::Behind),
        "platform" => Ok(Caching::Platform),
        other => Err(format!("expected api or platform, got `{other}`")),
    }
}

/// Whether all unsigned addresses are served. Whoever reaches such a server can have it transform
/// anything, so it has to be this machine.
fn for_development(all: bool, authority: &str) -> Result<Unsigned, String> {
    match all {
        false => Ok(Unsigned::No),
        true if is_loopback(authority) => Ok(Unsigned::All),
        true => Err(format!(
            "expected none on any host but loopback, got `true` on `{authority}`: set KEYS instead, \
             or list what needs no signature"
        )),
    }
}
