//! What a client sees, whatever the source.

use selvedge_plan::signature::Keys;

use crate::client::{get, send};
use crate::picture::{png, png_size};
use crate::server::{Running, config};
use crate::setup::Folder;

const KEYS: &str = "k1:000102030405060708090a0b0c0d0e0f";

pub fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("a.png", png(64, 48));
    folder
}

pub fn serving(folder: &Folder) -> Running {
    Running::start(&config(folder.path().to_str(), &[]))
}

#[test]
fn a_picture_is_made_and_described() {
    let folder = folder();
    let server = serving(&folder);
    for prefix in ["/image", "/cdn-cgi/image"] {
        let reply = get(server.address, &format!("{prefix}/width=32,format=png/a.png"));
        assert_eq!(reply.status, 200);
        assert_eq!(png_size(&reply.body), (32, 24));
        assert_eq!(reply.header("content-type"), Some("image/png"));
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(reply.header("selvedge-made-by"), Some("origin"));
        assert_eq!(reply.header("selvedge-component").map(str::len), Some(16));
        assert!(reply.header("etag").is_some());
        let timing = reply.header("server-timing").unwrap();
        for step in ["fetch;dur=", "queue;dur=", "decode;dur=", "transform;dur=", "total;dur="] {
            assert!(timing.contains(step), "{step} in {timing}");
        }
    }
}

#[test]
fn accept_chooses_the_format_and_the_answer_says_so() {
    let folder = folder();
    let server = serving(&folder);
    let target = "/image/width=8,format=auto/a.png";
    let modern = "accept: image/avif\r\naccept: image/webp\r\n";
    let avif = send(server.address, "GET", target, modern);
    assert_eq!(avif.header("content-type"), Some("image/avif"));
    assert_eq!(avif.header("vary"), Some("accept"));
    // Where it may be large, it takes too long.
    let webp = send(server.address, "GET", "/image/width=1201,format=auto/a.png", modern);
    assert_eq!(webp.header("content-type"), Some("image/webp"));
    let other = get(server.address, target);
    assert_eq!(other.header("content-type"), Some("image/jpeg"));
    assert_ne!(avif.header("etag"), other.header("etag"));
}

#[test]
fn head_and_304_have_the_headers_and_no_body() {
    let folder = folder();
    let server = serving(&folder);
    let target = "/image/width=8,format=png/a.png";
    let whole = get(server.address, target);
    let head = send(server.address, "HEAD", target, "");
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(head.header("content-length"), None);
    for name in ["etag", "content-type", "cache-control", "cache-tag", "selvedge-component"] {
        assert!(whole.header(name).is_some(), "{name}");
        assert_eq!(head.header(name), whole.header(name), "{name}");
    }
    let etag = whole.header("etag").unwrap();
    for method in ["GET", "HEAD"] {
        let condition = format!("if-none-match: \"x\", W/{etag}\r\n");
        let known = send(server.address, method, target, &condition);
        assert_eq!((known.status, known.body.len()), (304, 0));
        assert_eq!(known.header("etag"), Some(etag));
    }
    // The source is no picture any more, but nobody looks: no transform is done for these.
    folder.write("b.png", "no picture");
    assert_eq!(send(server.address, "HEAD", "/image/width=8/b.png", "").status, 200);
    assert_eq!(get(server.address, "/image/width=8/b.png").status, 415);
}

#[test]
fn a_changed_file_is_another_version() {
    let folder = folder();
    let server = serving(&folder);
    let target = "/image/width=8,format=png/a.png";
    let before = get(server.address, target);
    folder.write("a.png", png(48, 64));
    let after = get(server.address, target);
    assert_ne!(before.header("etag"), after.header("etag"));
    assert_ne!(before.body, after.body);
}

#[test]
fn problems_say_what_is_wrong() {
    let folder = folder();
    folder.write("cut.png", &png(64, 48)[..200]);
    folder.write("text.png", "no picture");
    let server = serving(&folder);
    let long = format!("/image/width=8/{}", "a".repeat(5_000));
    for (target, status, code, part) in [
        ("/image/widht=8/a.png", 400, "bad-option", "`widht`"),
        ("/image/width=abc/a.png", 400, "bad-option", "`abc`"),
        ("/image/width=8", 400, "bad-path", ""),
        ("/", 404, "no-such-path", "/image/"),
        ("/image/width=8/b.png", 404, "source-not-found", ""),
        ("/image/width=8/https://a.test/b.png", 403, "source-not-allowed", "https://a.test"),
        ("/image/width=8/text.png", 415, "unsupported", ""),
        ("/image/width=8/cut.png", 422, "truncated", ""),
        (&long, 414, "target-too-long", "4096"),
    ] {
        let reply = get(server.address, target);
        assert_eq!((reply.status, reply.code().as_str()), (status, code), "{target}");
        assert!(reply.detail().contains(part), "{target}: {}", reply.detail());
        assert_eq!(reply.header("content-type"), Some("application/problem+json"));
    }
    let post = send(server.address, "POST", "/image/width=8/a.png", "");
    assert_eq!((post.status, post.header("allow")), (405, Some("GET, HEAD")));
    let head = send(server.address, "HEAD", "/image/widht=8/a.png", "");
    assert_eq!((head.status, head.body.len()), (400, 0));
    let round = send(
        server.address,
        "GET",
        "/image/width=8/a.png",
        "via: 1.1 selvedge\r\nvia: 1.1 selvedge\r\n",
    );
    assert_eq!((round.status, round.code().as_str()), (508, "loop"));
}

#[test]
fn a_signature_is_needed_and_covers_everything() {
    let folder = folder();
    let keys = Keys::parse(KEYS).unwrap();
    let mut config = config(folder.path().to_str(), &[]);
    config.server.dev = false;
    config.addresses.keys = KEYS.into();
    let server = Running::start(&config);
    let rest = "/width=8,format=png/a.png";
    let signature = keys.sign(rest).unwrap();
    for (target, status) in [
        (format!("/image/{signature}{rest}"), 200),
        (format!("/cdn-cgi/image/{signature}{rest}"), 200),
        (format!("/image{rest}"), 403),
        (format!("/image/{signature}/width=9,format=png/a.png"), 403),
        (format!("/image/{signature}{rest}?x"), 403),
        (format!("/image/{signature}/{rest}"), 403),
        (format!("/image/sig=k1.AAAA{rest}"), 403),
    ] {
        assert_eq!(get(server.address, &target).status, status, "{target}");
    }
}

#[test]
fn health_says_ok() {
    let folder = folder();
    let server = serving(&folder);
    let reply = get(server.address, "/health");
    assert_eq!((reply.status, reply.body.as_slice()), (200, b"ok\n".as_slice()));
    assert_eq!(send(server.address, "HEAD", "/health", "").status, 200);
    assert_eq!(send(server.address, "POST", "/health", "").status, 405);
}
