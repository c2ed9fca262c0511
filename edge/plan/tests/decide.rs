//! Decisions of whole requests: what is served to whom, and that a hand-over is decided alike.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests are no tests to clippy; what is wrong here must stop them"
)]

use selvedge_plan::allow::AllowList;
use selvedge_plan::decide::VIA;
use selvedge_plan::dialects::Dialects;
use selvedge_plan::foreign::{ImgproxyKeys, ThumborKeys};
use selvedge_plan::policy::Policy;
use selvedge_plan::presets::Presets;
use selvedge_plan::signature::Keys;
use selvedge_plan::unsigned::{List, Unsigned};
use selvedge_plan::{Asked, Code, Decision, Fields, Problem, Rules, Source, decide};

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
    Rules { unsigned: Unsigned::All, paths: true, ..Rules::default() }
}

fn code(target: &str, rules: &Rules) -> Code {
    ask(target, &[], rules).unwrap_err().code
}

#[test]
fn nothing_is_served_by_default() {
    let rules = Rules::default();
    assert_eq!(code("/image/width=1/a.jpg", &rules), Code::NotSigned);
    let unsigned = Rules { unsigned: Unsigned::All, ..Rules::default() };
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
    let rules = Rules { allow: AllowList::parse(["https://a.test"]).unwrap(), ..open() };
    let keys = ["https%3A%2F%2Fa.test%2Fb", "https%3A%2F%2FA.TEST:443%2Fb"]
        .map(|url| ask(&format!("/image/draw.0.url={url}/a.jpg"), &[], &rules).unwrap().key);
    assert_eq!(keys[0], keys[1], "two spellings of one overlay");
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
    let allow = AllowList::parse(["https://a.test", "https://*.a.test", "https://b.test"]);
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

#[test]
fn without_a_signature_only_what_is_listed_is_served() {
    let presets = Presets::parse("thumb:blur=3").unwrap();
    let list = "width=320|640 format=auto quality=75 fit=scale-down";
    let list = List::parse(list, &presets, &Default::default()).unwrap();
    let rules = Rules {
        keys: Keys::parse(KEY).unwrap(),
        unsigned: Unsigned::Listed(list),
        dialects: Dialects::all(),
        presets,
        paths: true,
        ..Rules::default()
    };
    for served in [
        "/image/width=320/a.jpg",
        "/cdn-cgi/image/format=auto,w=640/a.jpg",
        "/_next/image?url=a.jpg&w=640&q=75",
    ] {
        assert!(ask(served, &[], &rules).is_ok(), "{served}");
    }
    for refused in [
        "/image/width=321/a.jpg",
        "/image/width=320,blur=3/a.jpg",
        "/image/width=320/a.jpg?1",
        "/image/width=160,dpr=2/a.jpg",
        "/image/brightness=0/a.jpg",
        "/_next/image?url=a.jpg&w=640&q=76",
        "/insecure/w:320/el:1/plain/local:///a.jpg",
        "/AAAA/w:320/plain/local:///a.jpg",
    ] {
        assert_eq!(code(refused, &rules), Code::NotSigned, "{refused}");
        let signed = format!("/{}{refused}", rules.keys.sign(refused).unwrap());
        let taken = ask(&signed, &[], &rules).map_err(|problem| problem.code);
        assert!(!matches!(taken, Err(Code::NotSigned)), "{refused}: {taken:?}");
    }
}
