//! The one decision at the start of every request, the same at edge and origin.

use crate::client::{self, Client, Fields};
use crate::dialects::Wish;
use crate::dialects::cloudflare::canonical_rest;
use crate::key;
use crate::limits;
use crate::options::Options;
use crate::options::download::Download;
use crate::options::draw::Overlay;
use crate::options::expires::Expires;
use crate::plan::{Output, Plan};
use crate::problem::{Code, Problem};
use crate::request::{Signature, Target};
use crate::rules::Rules;
use crate::signature::Keys;
use crate::source::Source;
use crate::warnings;

/// What a client asks, as its request says it.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The method, in capitals.
    pub method: &'a str,
    /// Path and query as received.
    pub target: &'a str,
    /// Host and port that the client addressed.
    pub authority: &'a str,
    /// The header fields that may have a say.
    pub fields: &'a Fields,
    /// Seconds since 1970, UTC.
    pub now: u64,
}

/// What Selvedge adds to the Via header of everything it sends on.
pub const VIA: &str = "1.1 selvedge";

/// What will be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// In which dialect the request was.
    pub dialect: &'static str,
    /// What is done to the picture.
    pub plan: Plan,
    /// Where the picture comes from.
    pub source: Source,
    /// Where that comes from which is drawn over it, in the plan's order.
    pub overlays: Vec<Source>,
    /// What the client says of itself.
    pub client: Client,
    /// The header fields that had a say.
    pub vary: Vec<&'static str>,
    /// Whether only the headers are wanted.
    pub head: bool,
    /// The cache key: contract epoch, authority, plan and source.
    pub key: String,
    /// What of the answer is for this request alone.
    pub delivery: Delivery,
}

/// What of an answer is for one request alone, while the picture may be for many.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delivery {
    /// The name under which the picture is saved.
    pub download: Option<Download>,
    /// Seconds until the address ends.
    pub seconds_left: Option<u64>,
    /// Where a failure is redirected to.
    pub fallback: Option<String>,
    /// What is done in another way than the client may think.
    pub warnings: Vec<String>,
}

/// Decides what to do, or why nothing is done. Signature first: nothing unsigned is looked into.
///
/// # Errors
/// What [`Code`] says of methods, loops, signatures, paths, options, policy and the allow-list.
pub fn decide(asked: &Asked<'_>, rules: &Rules) -> Result<Decision, Problem> {
    let head = match asked.method {
        "GET" => false,
        "HEAD" => true,
        other => return Err(Problem::new(Code::BadMethod, format!("got {other}"))),
    };
    let via = asked.fields.get("via").unwrap_or_default();
    let passed = via.split(',').filter(|hop| hop.trim() == VIA).count();
    if passed > rules.hops {
        return Err(Problem::new(Code::Loop, "the source is behind this server itself"));
    }
    let target = Target::cut(asked.target, &rules.dialects)?;
    rules.verify(&target)?;
    let Wish { options, source, mut warnings } = target.read()?;
    let seconds_left = options.expires.map(|expires| left(expires, asked.now)).transpose()?;
    check_source(&source, rules)?;
    // What another Selvedge hands over under its signature is checked already, and canonical.
    let handed_over = passed > 0 && matches!(target.signature, Signature::Own(_));
    if !handed_over {
        rules.policy.check_options(&options)?;
    }
    let options = rules.presets.expand(options)?;
    let overlays = overlays(&options, rules)?;
    let ladder = rules.policy.widths.clone().unwrap_or_default();
    let client = Client::new(asked.fields, &ladder);
    let plan = Plan::new(&options, &client)?;
    if !handed_over {
        rules.policy.check_plan(&plan)?;
    }
    if plan.output == Output::Pixels {
        return Err(Problem::option("format", "a format for files", "pixels"));
    }
    warnings.extend(warnings::of(&options));
    let fallback = fallback(&options, &source, asked.authority);
    let delivery =
        Delivery { download: options.download.clone(), seconds_left, fallback, warnings };
    let key = key::text(asked.authority, &plan, &source);
    let vary = client::vary(&options);
    let dialect = target.dialect.name;
    Ok(Decision { dialect, plan, source, overlays, client, vary, head, key, delivery })
}

/// Seconds until an address ends; those that clocks may differ by come on top.
fn left(expires: Expires, now: u64) -> Result<u64, Problem> {
    let end = expires.seconds();
    if now > end.saturating_add(limits::CLOCK_SKEW_SECONDS) {
        let detail = format!("it ended at {end}, and now is {now} (seconds since 1970, UTC)");
        return Err(Problem::new(Code::Expired, detail));
    }
    Ok(end.saturating_sub(now))
}

/// The sources of what is drawn, which are under the same rules.
fn overlays(options: &Options, rules: &Rules) -> Result<Vec<Source>, Problem> {
    let read = |(number, overlay): (usize, &Overlay)| {
        Source::parse(&overlay.source)
            .and_then(|source| check_source(&source, rules).map(|()| source))
            .map_err(|problem| problem.of(&format!("draw.{number}")))
    };
    options.draw.iter().enumerate().map(read).collect()
}

fn check_source(source: &Source, rules: &Rules) -> Result<(), Problem> {
    match source {
        Source::Url(url) => rules.allow.check(url),
        Source::Path(_) if rules.paths => Ok(()),
        Source::Path(_) => Err(Problem::new(
            Code::SourceNotAllowed,
            "this server has no source for paths: give an absolute address",
        )),
    }
}

/// Where `onerror=redirect` leads: to a source on the same site or below it, and nowhere else, or
/// the server would send people wherever an address says.
fn fallback(options: &Options, source: &Source, authority: &str) -> Option<String> {
    options.onerror?;
    let Source::Url(url) = source else {
        return None;
    };
    let site = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    let host = url.host_str()?;
    let below = host.strip_suffix(site).is_some_and(|sub| sub.is_empty() || sub.ends_with('.'));
    (below && !site.is_empty()).then(|| url.as_str().to_owned())
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
    use crate::dialects::Dialects;
    use crate::foreign::{ImgproxyKeys, ThumborKeys};
    use crate::policy::Policy;
    use crate::presets::Presets;

    const KEY: &str = "k:000102030405060708090a0b0c0d0e0f";
    const NOW: u64 = 1_000_000;

    fn fields(said: &[(&str, &str)]) -> Fields {
        let find = |name: &str| said.iter().find(|(known, _)| *known == name);
        Fields::collect(|name| find(name).map(|(_, value)| (*value).to_owned()))
    }

    fn ask(target: &str, said: &[(&str, &str)], rules: &Rules) -> Result<Decision, Problem> {
        let fields = fields(said);
        decide(
            &Asked { method: "GET", target, authority: "a.test:80", fields: &fields, now: NOW },
            rules,
        )
    }

    fn open() -> Rules {
        Rules { unsigned: true, paths: true, ..Rules::default() }
    }

    fn code(target: &str, rules: &Rules) -> Code {
        ask(target, &[], rules).unwrap_err().code
    }

    #[test]
    fn nothing_is_served_by_default() {
        let rules = Rules::default();
        assert_eq!(code("/image/width=1/a.jpg", &rules), Code::NotSigned);
        let unsigned = Rules { unsigned: true, ..Rules::default() };
        assert_eq!(code("/image/width=1/a.jpg", &unsigned), Code::SourceNotAllowed);
        assert_eq!(code("/image/width=1/https://a.test/", &open()), Code::SourceNotAllowed);
        assert_eq!(code("/_next/image?url=a.jpg&w=1", &open()), Code::NoSuchPath);
    }

    #[test]
    fn a_wrong_signature_is_refused_even_where_none_is_needed() {
        assert_eq!(code("/image/sig=k.AAAA/width=1/a.jpg", &open()), Code::NotSigned);
        let rules = Rules {
            dialects: Dialects::all(),
            imgproxy: ImgproxyKeys::parse("00:00").unwrap(),
            thumbor: ThumborKeys::parse("k").unwrap(),
            ..open()
        };
        assert_eq!(code("/sig=k.AAAA/_next/image?url=a.jpg&w=1", &rules), Code::NotSigned);
        assert_eq!(code("/AAAA/w:5/plain/local:///a.jpg", &rules), Code::NotSigned);
        assert_eq!(code("/aaaaaaaaaaaaaaaaaaaaaaaaaaa=/5x5/a.jpg", &rules), Code::NotSigned);
        assert!(ask("/unsafe/5x5/a.jpg", &[], &rules).is_ok());
    }

    #[test]
    fn every_dialect_can_be_signed() {
        let keys = Keys::parse(KEY).unwrap();
        let rules = Rules {
            keys: keys.clone(),
            paths: true,
            dialects: Dialects::all(),
            imgproxy: ImgproxyKeys::parse("736563726574:68656c6c6f").unwrap(),
            thumbor: ThumborKeys::parse("my-security-key").unwrap(),
            ..Rules::default()
        };
        for target in [
            "/_next/image?url=a.jpg&w=640",
            "/_ipx/w_640/a.jpg",
            "/?url=/a.jpg&w=640",
            "/unsafe/640x0/a.jpg",
            "/insecure/w:640/plain/local:///a.jpg",
            "/a.jpg?width=640",
            "/image/width=640/a.jpg",
        ] {
            assert_eq!(code(target, &rules), Code::NotSigned, "{target}");
            let signed = format!("/{}{target}", keys.sign(target).unwrap());
            let decision = ask(&signed, &[], &rules).unwrap_or_else(|e| panic!("{signed}: {e}"));
            assert_eq!(decision.plan.width, Some(640), "{target}");
        }
        // Made with Python's hmac.
        for signed in [
            "/qqBEU_PfGi1beFD5i9wEfMvlwWlWISFgcxyFlCk4GEs/w:5/plain/a.jpg",
            "/TaWoUq6tvBe2HywzAULy6_Np-2k=/300x200/smart/path/to/image.jpg",
        ] {
            let refused = ask(signed, &[], &rules).err().map(|problem| problem.code);
            assert!(matches!(refused, None | Some(Code::NotAvailable)), "{refused:?}");
        }
    }

    #[test]
    fn dialects_meet_in_one_key() {
        let rules = Rules { dialects: Dialects::all(), ..open() };
        let keys = [
            "/image/w=300,h=200,fit=cover,q=80,g=left/dir/a.jpg",
            "/cdn-cgi/image/fit=cover,gravity=0x0.5,height=100,width=150,dpr=2,quality=80/dir/a.jpg",
            "/insecure/rs:fill:300:200:1/g:we/plain/local:///dir/a.jpg",
            "/insecure/rs:fill:300:200:1/g:we/bG9jYWw6Ly8vZGlyL2EuanBn",
            "/unsafe/300x200/left/dir/a.jpg",
            "/?url=/dir/a.jpg&w=300&h=200&fit=cover&a=left",
            "/_ipx/w_300,h_200,enlarge,pos_left/dir/a.jpg",
        ]
        .map(|target| ask(target, &[], &rules).unwrap().key);
        assert!(keys.iter().all(|key| *key == keys[0]), "{keys:#?}");
    }

    #[test]
    fn a_handed_over_request_is_decided_alike() {
        let keys = Keys::parse(KEY).unwrap();
        for (target, said) in [
            (
                "/image/w=100,dpr=2,f=auto,background=%23fff/a%20b.jpg?x=1",
                &[("accept", "image/webp")] as &[_],
            ),
            ("/image/fit=cover/a.jpg", &[]),
            ("/image/q=85/a.jpg", &[]),
            ("/image/w=auto,scq=20/a.jpg", &[("viewport-width", "300"), ("save-data", "on")]),
            ("/image/preset=p,expires=2000000,download=x.jpg/a.jpg", &[]),
        ] {
            let presets = Presets::parse("p:width=7").unwrap();
            let first = ask(target, said, &Rules { presets, ..open() }).unwrap();
            let rules = Rules {
                keys: keys.clone(),
                paths: true,
                hops: 1,
                policy: Policy::parse("presets-only max-side=1").unwrap(),
                ..Rules::default()
            };
            let signed = first.target(&keys);
            let second = ask(&signed, &[("via", VIA)], &rules).unwrap();
            assert_eq!(
                (&first.plan, &first.source, &first.key),
                (&second.plan, &second.source, &second.key)
            );
            assert!(second.vary.is_empty());
            let again = ask(&signed, &[("via", "1.1 selvedge, 1.1 selvedge")], &rules);
            assert_eq!(again.unwrap_err().code, Code::Loop);
            assert_eq!(code(&signed, &rules), Code::NotAllowed, "the policy holds for clients");
        }
        let looped = ask("/image/w=1/a", &[("via", VIA)], &open()).unwrap_err();
        assert_eq!(looped.code, Code::Loop);
    }

    #[test]
    fn overlays_are_sources_too() {
        for (url, refused) in [
            ("..%2Fa.png", Code::BadPath),
            ("file%3A%2F%2F%2Fetc", Code::BadPath),
            ("https%3A%2F%2Fa.test%2Fa.png", Code::SourceNotAllowed),
        ] {
            assert_eq!(code(&format!("/image/draw.0.url={url}/a.jpg"), &open()), refused, "{url}");
        }
        let two = "/image/draw.0.url=a.png,draw.1.url=b%2Fc.png/a.jpg";
        let overlays = ask(two, &[], &open()).unwrap().overlays;
        assert_eq!(overlays.iter().map(Source::text).collect::<Vec<_>>(), ["a.png", "b/c.png"]);
    }

    #[test]
    fn addresses_end() {
        for (expires, left) in
            [(NOW + 5, Some(5)), (NOW, Some(0)), (NOW - 60, Some(0)), (NOW - 61, None)]
        {
            let got = ask(&format!("/image/w=1,expires={expires}/a"), &[], &open());
            match left {
                Some(left) => assert_eq!(got.unwrap().delivery.seconds_left, Some(left)),
                None => assert_eq!(got.unwrap_err().code, Code::Expired),
            }
        }
    }

    #[test]
    fn failures_are_redirected_on_the_same_site_only() {
        let allow = crate::allow::AllowList::parse([
            "https://a.test",
            "https://*.a.test",
            "https://b.test",
        ]);
        let rules = Rules { allow: allow.unwrap(), ..open() };
        for (source, fallback) in [
            ("https://a.test/x", true),
            ("https://c.a.test/x", true),
            ("https://b.test/x", false),
            ("x", false),
        ] {
            let target = format!("/image/onerror=redirect,w=1/{source}");
            let fallback = fallback.then(|| source.to_owned());
            assert_eq!(ask(&target, &[], &rules).unwrap().delivery.fallback, fallback);
        }
        let quiet = ask("/image/w=1/https://a.test/x", &[], &rules).unwrap();
        assert_eq!(quiet.delivery.fallback, None);
    }

    #[test]
    fn other_methods_and_raw_pixels_are_refused() {
        let asked = Asked {
            method: "POST",
            target: "/image/w=1/a",
            authority: "h",
            fields: &Fields::default(),
            now: 0,
        };
        assert_eq!(decide(&asked, &open()).unwrap_err().code, Code::BadMethod);
        assert_eq!(code("/image/format=pixels/a.jpg", &open()), Code::BadOption);
        assert_eq!(code("/image/segment=foreground/a.jpg", &open()), Code::NotAvailable);
    }
}
