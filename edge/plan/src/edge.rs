//! What a Worker's variables say, but for bindings, and what follows from them. `wrangler.toml` explains each.

use url::Url;

use crate::address::is_loopback;
use crate::allow::AllowList;
use crate::decide::Decision;
use crate::handover::silent;
use crate::key;
use crate::problem::{Code, Problem};
use crate::rollout::Share;
use crate::rules::Rules;
use crate::settings::Texts;
use crate::source;
use crate::spot;
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
    /// Which share of the sources is the candidate's, which is a Worker of its own.
    pub share: Share,
    /// Of how many pictures that are made here the origin checks one; of none, if it is 0.
    pub spot_checks: u32,
}

impl Edge {
    /// Reads the settings for a request to `authority`, of a Worker with or without a bucket of sources. `find`
    /// gives what a variable is bound to, as far as that is a text.
    ///
    /// # Errors
    /// [`Code::Misconfigured`] with everything that is wrong, by the names of the variables.
    pub fn read(
        find: &dyn Fn(&str) -> Option<Option<String>>,
        has_bucket: bool,
        authority: &str,
    ) -> Result<Self, Problem> {
        let text = |name: &str| match find(&name.to_ascii_uppercase()) {
            None => Ok(String::new()),
            Some(text) => text.ok_or_else(|| "expected a text".to_owned()),
        };
        let mut texts = Texts::new(&text);
        let address = |text: &str| source::base(text).map(Some);
        let list = |text: &str| AllowList::parse(text.split(',').map(str::trim));
        let mut edge = Self {
            caching: texts.read("cache", caching),
            base: texts.read("source", address),
            origin: texts.read("origin", address),
            share: texts.read("share", str::parse),
            spot_checks: texts.read("spot_checks", spot::count),
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
        if edge.share != Share::NONE && find("CANDIDATE").is_none() {
            let why = "expected a Worker bound as CANDIDATE beside it, got none".to_owned();
            texts.faults.push(("share", why));
        }
        if let Err(why) = edge.check_spot() {
            texts.faults.push(("spot_checks", why.to_owned()));
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

    /// Under which address a picture by this component lies in the Cache API, where that is used. It is one of the
    /// site's own: the name of another host would be looked up first.
    pub fn place(&self, site: &str, component: &str, decision: &Decision) -> Option<String> {
        let name = key::digest(&format!("{component}\n{}", decision.key));
        let is_used = self.caching == Caching::Api;
        is_used.then(|| format!("{site}/selvedge-cache/{name}"))
    }

    /// Who is asked for what could not be done here for this reason, if there is one; and what it means if
    /// nobody answers there.
    pub fn successor(&self, reason: Option<&Problem>) -> Option<(&Url, Problem)> {
        let reason = reason.filter(|reason| reason.code.is_for_origin())?;
        self.origin.as_ref().map(|origin| (origin, silent(reason)))
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

/// That something else is bound where a bucket should be.
pub fn not_bound(name: &str, fault: &str) -> Problem {
    Problem::new(Code::Misconfigured, format!("{name}: expected an R2 bucket ({fault})"))
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
    use crate::{Asked, Fields, decide};

    const KEYS: (&str, &str) = ("keys", "k1:000102030405060708090a0b0c0d0e0f");

    /// Stands for what is no text.
    const BUCKET: &str = "a bucket";

    fn read(set: &[(&str, &str)], has_bucket: bool, authority: &str) -> Result<Edge, String> {
        let find = |name: &str| {
            let found = set.iter().find(|(known, _)| known.to_ascii_uppercase() == name);
            found.map(|(_, text)| (*text != BUCKET).then(|| (*text).to_owned()))
        };
        Edge::read(&find, has_bucket, authority).map_err(|problem| {
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
            (&[KEYS, ("spot_checks", "9")], false, &["SPOT_CHECKS: expected ORIGIN and KEYS"]),
            (&[KEYS, ("spot_checks", "-1")], false, &["SPOT_CHECKS: expected a number"]),
            (&[KEYS, ("share", "2")], false, &["SHARE: expected a share"]),
            (&[KEYS, ("share", BUCKET)], false, &["SHARE: expected a text"]),
            (&[KEYS, ("share", "1/16")], false, &["SHARE: expected a Worker bound as CANDIDATE"]),
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

    #[test]
    fn pictures_lie_apart_by_all_that_makes_them() {
        let edge = read(&[("unsigned", "true")], true, "localhost").unwrap();
        let fields = &Fields::default();
        let place = |edge: &Edge, site, component, target| {
            let asked = Asked { method: "GET", target, authority: "localhost", fields, now: 0 };
            edge.place(site, component, &decide(&asked, &edge.rules).unwrap())
        };
        let first = place(&edge, "http://a.test", "1", "/image/width=5/a.jpg").unwrap();
        assert!(first.starts_with("http://a.test/selvedge-cache/"), "{first}");
        let same = place(&edge, "http://a.test", "1", "/cdn-cgi/image/w=5,q=85/a.jpg");
        assert_eq!(same.as_ref(), Some(&first));
        for (component, target) in [("2", "/image/width=5/a.jpg"), ("1", "/image/width=6/a.jpg")] {
            assert_ne!(place(&edge, "http://a.test", component, target).unwrap(), first);
        }
        let platform = Edge { caching: Caching::Platform, ..edge };
        assert_eq!(place(&platform, "http://a.test", "1", "/image/width=5/a.jpg"), None);
    }

    #[test]
    fn what_is_no_bucket_is_told_by_its_binding() {
        let problem = not_bound("SOURCE_BUCKET", "a text");
        assert_eq!(problem.code, Code::Misconfigured);
        assert_eq!(problem.detail, "SOURCE_BUCKET: expected an R2 bucket (a text)");
    }

    #[test]
    fn only_what_an_origin_may_do_goes_there() {
        let alone = read(&[KEYS], true, "img.test").unwrap();
        let backed = read(&[KEYS, ("origin", "https://a.test/")], true, "img.test").unwrap();
        let [over, damaged] =
            [Code::OverBudget, Code::Malformed].map(|code| Problem::new(code, ""));
        let (origin, silence) = backed.successor(Some(&over)).unwrap();
        assert_eq!((origin.as_str(), silence), ("https://a.test/", silent(&over)));
        assert_eq!(backed.successor(Some(&damaged)), None);
        assert_eq!(backed.successor(None), None);
        assert_eq!(alone.successor(Some(&over)), None);
    }
}
