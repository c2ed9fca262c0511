//! The one decision at the start of every request, the same at edge and origin.

use crate::accept::Class;
use crate::allow::AllowList;
use crate::key;
use crate::options::format::Format;
use crate::plan::{Output, Plan};
use crate::problem::{Code, Problem};
use crate::request::{Parts, canonical_rest};
use crate::signature::Keys;
use crate::source::Source;

/// What a client asks, as its request says it.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The method, in capitals.
    pub method: &'a str,
    /// Path and query as received.
    pub target: &'a str,
    /// Host and port that the client addressed.
    pub authority: &'a str,
    /// The Accept header.
    pub accept: Option<&'a str>,
    /// The Via header: every Selvedge on the way has put [`VIA`] there.
    pub via: Option<&'a str>,
}

/// What Selvedge adds to the Via header of everything it sends on.
pub const VIA: &str = "1.1 selvedge";

/// What a server allows.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// The keys that sign addresses.
    pub keys: Keys,
    /// Whether unsigned addresses are served too. For development on loopback.
    pub unsigned: bool,
    /// Whether paths lead somewhere: a folder, a bucket, or one origin.
    pub paths: bool,
    /// Which absolute addresses may be fetched.
    pub allow: AllowList,
    /// How many Selvedges a request may have passed: none at the edge, one at the origin.
    pub hops: usize,
}

/// What will be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What is done to the picture.
    pub plan: Plan,
    /// Where the picture comes from.
    pub source: Source,
    /// What the client can show.
    pub class: Class,
    /// Whether the class had a say, so that the answer varies with Accept.
    pub negotiated: bool,
    /// Whether only the headers are wanted.
    pub head: bool,
    /// The cache key: contract epoch, authority, plan and source.
    pub key: String,
}

/// Decides what to do, or why nothing is done. Signature first: nothing unsigned is looked into.
///
/// # Errors
/// What [`Code`] says of methods, loops, signatures, paths, options and the allow-list.
pub fn decide(asked: &Asked<'_>, rules: &Rules) -> Result<Decision, Problem> {
    let head = match asked.method {
        "GET" => false,
        "HEAD" => true,
        other => return Err(Problem::new(Code::BadMethod, format!("got {other}"))),
    };
    let passed = asked.via.unwrap_or_default().split(',').filter(|hop| hop.trim() == VIA).count();
    if passed > rules.hops {
        return Err(Problem::new(Code::Loop, "the source is behind this server itself"));
    }
    let parts = Parts::cut(asked.target)?;
    match parts.signature {
        Some(signature) => rules.keys.verify(signature, parts.signed)?,
        None if rules.unsigned => {}
        None => {
            return Err(Problem::new(Code::NotSigned, "this server serves signed addresses only"));
        }
    }
    let (options, source) = parts.read()?;
    match &source {
        Source::Url(url) => rules.allow.check(url)?,
        Source::Path(_) if rules.paths => {}
        Source::Path(_) => {
            return Err(Problem::new(
                Code::SourceNotAllowed,
                "this server has no source for paths: give an absolute address",
            ));
        }
    }
    let class = Class::of(asked.accept);
    let plan = Plan::new(&options, class)?;
    if plan.output == Output::Pixels {
        return Err(Problem::option("format", "auto, jpeg, png or webp", "pixels"));
    }
    let negotiated = options.format == Some(Format::Auto);
    let key = key::text(asked.authority, &plan, &source);
    Ok(Decision { plan, source, class, negotiated, head, key })
}

impl Decision {
    /// The target under which another Selvedge does the same: the canonical plan, signed if there
    /// is a key. It must not decide anew, and cannot, since nothing is left to negotiate.
    pub fn target(&self, keys: &Keys) -> String {
        let rest = canonical_rest(&self.plan.text(), &self.source.text());
        match keys.sign(&rest) {
            Some(signature) => format!("/image/{signature}{rest}"),
            None => format!("/image{rest}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "k:000102030405060708090a0b0c0d0e0f";

    fn asked(target: &str) -> Asked<'_> {
        Asked { method: "GET", target, authority: "h", accept: None, via: None }
    }

    fn open() -> Rules {
        Rules { unsigned: true, paths: true, ..Rules::default() }
    }

    fn code(asked: &Asked<'_>, rules: &Rules) -> Code {
        decide(asked, rules).unwrap_err().code
    }

    #[test]
    fn nothing_is_served_by_default() {
        let rules = Rules::default();
        assert_eq!(code(&asked("/image/width=1/a.jpg"), &rules), Code::NotSigned);
        let unsigned = Rules { unsigned: true, ..Rules::default() };
        assert_eq!(code(&asked("/image/width=1/a.jpg"), &unsigned), Code::SourceNotAllowed);
        assert_eq!(code(&asked("/image/width=1/https://a.test/"), &open()), Code::SourceNotAllowed);
    }

    #[test]
    fn a_wrong_signature_is_refused_even_where_none_is_needed() {
        assert_eq!(code(&asked("/image/sig=k.AAAA/width=1/a.jpg"), &open()), Code::NotSigned);
    }

    #[test]
    fn a_handed_over_request_is_decided_alike() {
        let keys = Keys::parse(KEY).unwrap();
        for (target, accept) in [
            ("/image/w=100,dpr=2,f=auto,background=%23fff/a%20b.jpg?x=1", Some("image/webp")),
            ("/image/fit=cover/a.jpg", None),
            ("/image/q=85/a.jpg", None),
        ] {
            let first = decide(&Asked { accept, ..asked(target) }, &open()).unwrap();
            let signed = first.target(&keys);
            let rules = Rules { keys: keys.clone(), paths: true, hops: 1, ..Rules::default() };
            let over = Asked { via: Some(VIA), ..asked(&signed) };
            let second = decide(&over, &rules).unwrap();
            assert_eq!(
                (first.plan, &first.source, &first.key),
                (second.plan, &second.source, &second.key)
            );
            let again = Asked { via: Some("1.1 selvedge, 1.1 selvedge"), ..over };
            assert_eq!(code(&again, &rules), Code::Loop);
        }
        assert_eq!(code(&Asked { via: Some(VIA), ..asked("/image/w=1/a") }, &open()), Code::Loop);
    }

    #[test]
    fn other_methods_and_raw_pixels_are_refused() {
        assert_eq!(
            code(&Asked { method: "POST", ..asked("/image/w=1/a") }, &open()),
            Code::BadMethod
        );
        assert_eq!(code(&asked("/image/format=pixels/a.jpg"), &open()), Code::BadOption);
    }
}
