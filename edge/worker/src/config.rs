//! What the Worker's variables, secrets and bindings say. `wrangler.toml` explains each.

use selvedge_plan::allow::AllowList;
use selvedge_plan::signature::Keys;
use selvedge_plan::{Code, Problem, Rules};
use wasm_bindgen::JsValue;
use worker::{Bucket, Env, Url};

/// The configuration, read anew for every request: that costs less than a millisecond's hundredth,
/// and cannot be stale.
pub struct Config {
    /// What is allowed.
    pub rules: Rules,
    /// Where paths lead.
    pub paths: Paths,
    /// Who is asked for what the edge cannot do.
    pub origin: Option<Url>,
}

/// Where sources that are paths are found.
pub enum Paths {
    /// Nowhere: every source must be an absolute address.
    Absent,
    /// In an R2 bucket, the path being the key.
    Bucket(Bucket),
    /// Below an address.
    Below(Url),
}

impl Config {
    /// Reads the configuration for a request to `authority`.
    ///
    /// # Errors
    /// [`Code::Misconfigured`] with everything that is wrong, by the names of the variables.
    pub fn read(env: &Env, authority: &str) -> Result<Self, Problem> {
        let mut faults = Vec::new();
        let keys = or_fault(keys(env), &mut faults);
        let unsigned = or_fault(unsigned(env, authority), &mut faults);
        let allow = or_fault(allow(env), &mut faults);
        let paths = or_fault(paths(env), &mut faults);
        let origin = or_fault(address(env, "ORIGIN"), &mut faults);
        let (Some(keys), Some(unsigned), Some(allow), Some(paths), Some(origin)) =
            (keys, unsigned, allow, paths, origin)
        else {
            return Err(Problem::new(Code::Misconfigured, faults.join("; ")));
        };
        if keys.is_empty() && !unsigned {
            return Err(Problem::new(
                Code::Misconfigured,
                "KEYS: expected one or more keys, got none: `wrangler secret put KEYS`",
            ));
        }
        let rules = Rules {
            keys,
            unsigned,
            paths: !matches!(paths, Paths::Absent),
            allow,
            hops: 0,
        };
        Ok(Self {
            rules,
            paths,
            origin,
        })
    }
}

fn or_fault<T>(value: Result<T, String>, faults: &mut Vec<String>) -> Option<T> {
    value.map_err(|fault| faults.push(fault)).ok()
}

/// A variable or secret that is text. Absent and empty are the same.
fn text(env: &Env, name: &str) -> Result<Option<String>, String> {
    let value = js_sys::Reflect::get(env, &JsValue::from_str(name)).unwrap_or_default();
    if value.is_undefined() {
        return Ok(None);
    }
    let text = value.as_string();
    let text = text.ok_or_else(|| format!("{name}: expected a text, got another type"))?;
    Ok(Some(text).filter(|text| !text.is_empty()))
}

fn keys(env: &Env) -> Result<Keys, String> {
    let text = text(env, "KEYS")?.unwrap_or_default();
    Keys::parse(&text).map_err(|fault| format!("KEYS: {fault}"))
}

/// Unsigned addresses are for development: whoever can reach the server could have it transform
/// anything, so a name that is not this machine's own is refused.
fn unsigned(env: &Env, authority: &str) -> Result<bool, String> {
    match text(env, "UNSIGNED")?.as_deref() {
        None | Some("false") => Ok(false),
        Some("true") if is_loopback(authority) => Ok(true),
        Some("true") => Err(format!(
            "UNSIGNED: expected to be unset on any host but loopback, got `true` on `{authority}`: \
             remove it and set KEYS"
        )),
        Some(other) => Err(format!(
            "UNSIGNED: expected `true` or nothing, got `{other}`"
        )),
    }
}

fn is_loopback(authority: &str) -> bool {
    let host = authority
        .rsplit_once(':')
        .map_or(authority, |(host, port)| {
            // The colons inside of `[::1]` end no host.
            if port.ends_with(']') { authority } else { host }
        });
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

fn allow(env: &Env) -> Result<AllowList, String> {
    let text = text(env, "ALLOW")?.unwrap_or_default();
    let origins = text.split(',').map(str::trim).filter(|o| !o.is_empty());
    AllowList::parse(origins).map_err(|fault| format!("ALLOW: {fault}"))
}

fn paths(env: &Env) -> Result<Paths, String> {
    let is_bound = js_sys::Reflect::has(env, &JsValue::from_str("SOURCE_BUCKET")).unwrap_or(false);
    match (is_bound, address(env, "SOURCE")?) {
        (true, Some(_)) => {
            Err("SOURCE: expected to be unset where SOURCE_BUCKET is bound".to_owned())
        }
        (true, None) => match env.bucket("SOURCE_BUCKET") {
            Ok(bucket) => Ok(Paths::Bucket(bucket)),
            Err(fault) => Err(format!("SOURCE_BUCKET: expected an R2 bucket: {fault}")),
        },
        (false, Some(base)) => Ok(Paths::Below(base)),
        (false, None) => Ok(Paths::Absent),
    }
}

/// The address of a server, to which paths are added.
fn address(env: &Env, name: &str) -> Result<Option<Url>, String> {
    let Some(text) = text(env, name)? else {
        return Ok(None);
    };
    let url = Url::parse(&text).ok().filter(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none()
    });
    url.map(Some).ok_or_else(|| {
        format!("{name}: expected http(s)://host[:port][/path] without credentials, got `{text}`")
    })
}
