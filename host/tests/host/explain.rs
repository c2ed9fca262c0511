//! What the program says of addresses and options.

use serde_json::Value;

use crate::cli::{refuses, selvedge};

fn said(args: &[&str]) -> (Option<i32>, String) {
    let output = selvedge(args).output().unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

fn json(args: &[&str]) -> Value {
    let (status, text) = said(args);
    assert_eq!(status, Some(0), "{args:?}: {text}");
    serde_json::from_str(&text).unwrap()
}

#[test]
fn an_address_is_explained_in_any_dialect() {
    for (url, dialect, plan, source) in [
        (
            "https://img.test/cdn-cgi/image/w=80,dpr=2/https://example.com/a.jpg",
            "cloudflare",
            "width=160",
            "https://example.com/a.jpg",
        ),
        ("/_next/image?url=a.jpg&w=64", "next", "width=64,quality=75", "a.jpg"),
        ("/insecure/w:64/plain/local:///a.jpg", "imgproxy", "width=64,quality=80", "a.jpg"),
    ] {
        let explained = json(&["explain", url]);
        assert_eq!(explained["dialect"], dialect, "{url}");
        assert_eq!(explained["plan"], plan, "{url}");
        assert_eq!(explained["source"], source, "{url}");
        let key = explained["key"].as_str().unwrap();
        assert!(key.ends_with(&format!("{plan}\n{source}")), "{key}");
    }
}

#[test]
fn what_was_negotiated_is_told() {
    let header = "Accept: image/webp";
    let args =
        ["explain", "/image/f=auto,scq=20,w=5,fit=cover/a.jpg", "-H", header, "-H", "rtt:900"];
    let explained = json(&args);
    assert_eq!(explained["plan"], "width=5,fit=cover,quality=20,format=webp");
    assert_eq!(explained["negotiated"]["class"], "webp");
    assert_eq!(explained["negotiated"]["slow"], true);
    assert_eq!(explained["negotiated"]["vary"][0], "accept");
    assert!(explained["warnings"][0].as_str().unwrap().contains("`fit=cover`"));
}

#[test]
fn a_refused_address_is_a_problem_and_a_failure() {
    let (status, text) = said(&["explain", "/image/widht=5/a.jpg"]);
    let problem: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        (status, &problem["code"], &problem["status"]),
        (Some(1), &"bad-option".into(), &400.into())
    );
    refuses(&["explain", "/image/widht=5/a.jpg"], 1, "`widht`");
    for (args, part) in [
        (&["/_next/image?url=a.jpg&w=64", "--dialects", "ipx"] as &[_], "no-such-path"),
        (&["/image/w=64/a.jpg", "--policy", "presets-only"], "not-allowed"),
        (&["/image/w=64/https://a.test/x", "--allow", "https://b.test"], "source-not-allowed"),
        (&["/image/sig=k.AAAA/w=64/a.jpg"], "not-signed"),
        (&["/image/w=64/a.jpg", "--presets", "a:widht=5"], "--presets: option `widht`"),
        (&["/image/w=64/a.jpg", "--dialects", "cloudinary"], "--dialects: expected some of"),
    ] {
        refuses(&[&["explain"], args].concat(), 1, part);
    }
    refuses(&["explain", "/image/w=64/a.jpg", "-H", "accept"], 2, "NAME:VALUE");
}

#[test]
fn options_are_listed() {
    let (status, list) = said(&["options"]);
    assert_eq!(status, Some(0));
    assert!(list.contains("  width, w\n"), "{list}");
    for (flag, heading) in [("--markdown", "# Options\n"), ("--dialects", "# Dialects\n")] {
        let (status, text) = said(&["options", flag]);
        assert_eq!(status, Some(0));
        assert!(text.starts_with(heading), "{text}");
    }
}

#[test]
fn addresses_of_other_dialects_are_signed_in_front() {
    let keys = "k1:000102030405060708090a0b0c0d0e0f";
    let target = "/_next/image?url=a.jpg&w=64";
    let (status, signed) = said(&["sign", target, "--keys", keys]);
    assert_eq!(status, Some(0));
    assert!(signed.starts_with("/sig=k1.") && signed.trim().ends_with(target), "{signed}");
    let args = ["explain", signed.trim(), "--keys", keys];
    assert_eq!(json(&args)["dialect"], "next");
    let forged = signed.replace("w=64", "w=65");
    refuses(&["explain", forged.trim(), "--keys", keys], 1, "not-signed");
}
