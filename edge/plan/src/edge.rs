//! What a Worker's variables say, but for bindings. `wrangler.toml` explains each.

use url::Url;

use crate::address::is_loopback;
use crate::allow::AllowList;
use crate::problem::{Code, Problem};
use crate::rules::Rules;
use crate::settings::Texts;
use crate::source;
use crate::unsigned::Unsigned;

/// Which cache is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Caching {
    /// The Cache API of the data centre.
    #[default]
    Api,
    /// None here: this is what the platform's cache asks. Set by the Worker's entry, not by an operator.
    Behind,
    /// The platform's, which the Worker asks in front of itself.
    Platform,
}

/// The settings of a Worker.
#[derive(Clone, Debug, Default)]
pub struct Edge {
    /// What is allowed.
    pub rules: Rules,
    /// Below which address sources that are paths are found.
    pub base: Option<Url>,
    /// Who is asked for what the edge cannot do.
    pub origin: Option<Url>,
    /// Which cache is used.
    pub caching: Caching,
}

impl Edge {
    /// Reads the settings for a request to `authority`, of a Worker with or without a bucket of sources.
    ///
    /// # Errors
    /// [`Code::Misconfigured`] with everything that is wrong, by the names of the variables.
    pub fn read(mut texts: Texts<'_>, has_bucket: bool, authority: &str) -> Result<Self, Problem> {
        let address = |text: &str| source::base(text).map(Some);
        let list = |text: &str| AllowList::parse(text.split(',').map(str::trim));
        let mut edge = Self {
            caching: texts.read("cache", caching),
            base: texts.read("source", address),
            origin: texts.read("origin", address),
            rules: Rules {
                allow: texts.read("allow", list),
                avif_later: texts.read("avif", later),
                ..Rules::read(&mut texts, |text| for_development(text, authority))
            },
        };
        // What comes from in front came through this Worker once.
        edge.rules.hops = usize::from(edge.caching == Caching::Behind);
        edge.rules.paths = has_bucket || edge.base.is_some();
        if has_bucket && edge.base.is_some() {
            let why = "expected none beside SOURCE_BUCKET, got both".to_owned();
            texts.faults.push(("source", why));
        }
        if edge.rules.avif_later && edge.caching == Caching::Platform {
            let why = "expected wait beside CACHE=platform, got `later`".to_owned();
            texts.faults.push(("avif", why));
        }
        if texts.faults.is_empty()
            && let Err(why) = edge.check_keys()
        {
            texts.faults.push(("keys", why.to_owned()));
        }
        let told = |(name, why): &(&str, String)| format!("{}: {why}", name.to_ascii_uppercase());
        let told: Vec<String> = texts.faults.iter().map(told).collect();
        if told.is_empty() {
            return Ok(edge);
        }
        Err(Problem::new(Code::Misconfigured, told.join("; ")))
    }

    /// Whether there are keys for what is to be verified, and for what is to be signed.
    fn check_keys(&self) -> Result<(), &'static str> {
        if !self.rules.serve_any() {
            return Err("expected a key, got none: `wrangler secret put KEYS --env production`");
        }
        let hands_over = self.origin.is_some() || self.caching == Caching::Platform;
        let is_open = self.rules.unsigned == Unsigned::All;
        if hands_over && self.rules.keys.is_empty() && !is_open {
            return Err(
                "expected a key beside ORIGIN or CACHE=platform, to sign what is handed over",
            );
        }
        Ok(())
    }
}

/// Whether AVIF may come later.
fn later(text: &str) -> Result<bool, String> {
    match text {
        "later" => Ok(true),
        "wait" => Ok(false),
        other => Err(format!("expected later or wait, got `{other}`")),
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
fn for_development(text: &str, authority: &str) -> Option<Result<Unsigned, String>> {
    match text {
        "false" => Some(Ok(Unsigned::No)),
        "true" if is_loopback(authority) => Some(Ok(Unsigned::All)),
        "true" => Some(Err(format!(
            "expected none on any host but loopback, got `true` on `{authority}`: set KEYS instead, \
             or list what needs no signature"
        ))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: (&str, &str) = ("keys", "k1:000102030405060708090a0b0c0d0e0f");

    fn read(set: &[(&str, &str)], has_bucket: bool, authority: &str) -> Result<Edge, String> {
        let find = |name: &str| {
            let found = set.iter().find(|(known, _)| *known == name);
            Ok(found.map(|(_, text)| (*text).to_owned()).unwrap_or_default())
        };
        Edge::read(Texts::new(&find), has_bucket, authority).map_err(|problem| {
            assert_eq!(problem.code, Code::Misconfigured);
            problem.detail
        })
    }

    #[test]
    fn what_is_set_is_there() {
        let set = [KEYS, ("source", "https://a.test/b/"), ("cache", "behind")];
        let edge = read(&set, false, "img.test").unwrap();
        assert_eq!((edge.rules.paths, edge.rules.hops), (true, 1));
        let edge = read(&[KEYS], false, "img.test").unwrap();
        assert_eq!((edge.rules.paths, edge.rules.hops), (false, 0));
        assert!(read(&[KEYS], true, "img.test").unwrap().rules.paths);
        assert_eq!((edge.caching, edge.rules.avif_later), (Caching::Api, false));
        assert!(read(&[KEYS, ("avif", "later")], true, "img.test").unwrap().rules.avif_later);
    }

    #[test]
    fn what_is_wrong_is_told_by_its_variable() {
        for (set, has_bucket, parts) in [
            (&[] as &[_], false, &["KEYS: expected a key"] as &[_]),
            (&[KEYS, ("cache", "both"), ("origin", "x")], false, &["CACHE: ", "ORIGIN: "]),
            (&[KEYS, ("avif", "later"), ("cache", "platform")], false, &["AVIF: expected wait"]),
            (&[KEYS, ("avif", "soon")], false, &["AVIF: expected later or wait"]),
            (&[KEYS, ("source", "https://a.test/")], true, &["SOURCE: expected none beside"]),
            (&[("unsigned", "true")], false, &["UNSIGNED: expected none on any host"]),
            (
                &[("unsigned", "width=5"), ("origin", "https://a.test/")],
                false,
                &["KEYS: expected a key beside ORIGIN"],
            ),
        ] {
            let told = read(set, has_bucket, "img.test").unwrap_err();
            assert!(parts.iter().all(|part| told.contains(part)), "{told}");
        }
        let local = [("unsigned", "true"), ("origin", "https://a.test/")];
        assert_eq!(read(&local, false, "localhost:8787").unwrap().rules.unsigned, Unsigned::All);
    }
}
