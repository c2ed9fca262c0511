//! Other servers as sources: good ones, broken ones and hostile ones.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::{Arc, Barrier, Condvar, Mutex};
use std::thread;
use std::time::Duration;

use selvedge::config::units::Size;
use socket2::SockRef;

use crate::client::{get, send};
use crate::origin::Origin;
use crate::picture::{png, png_size};
use crate::server::{Running, config, hasty};

pub fn status_and_code(server: &Running, source: &str) -> (u16, String) {
    let reply = get(server.address, &format!("/image/width=4,format=png/{source}"));
    (reply.status, reply.code())
}

fn serving(origin: &Origin) -> Running {
    Running::start(&config(None, &[&origin.url()]))
}

/// What becomes of a source that answers so.
fn outcome(origin: Origin) -> (u16, String) {
    let server = serving(&origin);
    status_and_code(&server, &format!("{}/a.png", origin.url()))
}

#[test]
fn the_address_is_asked_for_as_it_is() {
    let origin = Origin::serving("", &png(8, 8));
    let server = Running::start(&config(None, &[&origin.url()]));
    let target = format!("/image/width=4,format=png/{}/a%20b//c.png?x=1//2&y=%2F", origin.url());
    let lines = "cookie: secret\r\nauthorization: secret\r\nreferer: http://secret/\r\n\
                 x-forwarded-for: 10.9.8.7\r\nvia: 1.0 proxy\r\n";
    let reply = send(server.address, "GET", &target, lines);
    assert_eq!((reply.status, png_size(&reply.body)), (200, (4, 4)));
    let [request] = &origin.requests()[..] else { panic!("one request") };
    let request = request.to_ascii_lowercase();
    assert!(request.starts_with("get /a%20b//c.png?x=1//2&y=%2f http/1.1\r\n"), "{request}");
    assert!(request.contains("accept-encoding: identity\r\n"), "{request}");
    assert!(request.contains("via: 1.0 proxy, 1.1 selvedge\r\n"), "{request}");
    for private in ["secret", "cookie", "authorization", "10.9.8.7", "referer"] {
        assert!(!request.contains(private), "{private} in {request}");
    }
}

#[test]
fn what_ends_with_a_kept_connection_is_asked_for_on_a_new_one() {
    let (picture, together) = (png(8, 8), Barrier::new(3));
    let origin = Origin::new(move |head, stream| {
        if head.contains("first") {
            together.wait();
        }
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", picture.len());
        stream.write_all(&[head.as_bytes(), &picture].concat()).unwrap();
        // Asked once more, it hangs up without a word.
        let _ = stream.read(&mut [0; 4096]);
        SockRef::from(&*stream).set_linger(Some(Duration::ZERO)).unwrap();
    });
    let server = serving(&origin);
    let status = |name: &str| status_and_code(&server, &format!("{}/{name}.png", origin.url()));
    thread::scope(|scope| {
        let first = ["first", "first2", "first3"].map(|name| scope.spawn(move || status(name)));
        assert!(first.into_iter().all(|first| first.join().unwrap().0 == 200));
    });
    for name in ["a", "b", "c", "d"] {
        assert_eq!(status(name), (200, String::new()));
    }
}

#[test]
fn paths_lead_below_the_configured_address() {
    let origin = Origin::serving("", &png(8, 8));
    let base = format!("{}/root/", origin.url());
    let server = Running::start(&config(Some(&base), &[]));
    assert_eq!(status_and_code(&server, "b%C3%A4r/c.png?v=1").0, 200);
    assert!(origin.requests()[0].starts_with("GET /root/b%C3%A4r/c.png?v=1 "));
    // Without an allow-list the same server is out of reach under its address.
    assert_eq!(status_and_code(&server, &format!("{base}c.png")).0, 403);
    assert_eq!(origin.requests().len(), 1);
}

#[test]
fn what_the_origin_says_of_caching_is_passed_on() {
    let lines = "etag: \"v1\"\r\ncache-control: max-age=60\r\n";
    let origin = Origin::serving(lines, &png(8, 8));
    let server = serving(&origin);
    let target = format!("/image/width=4,format=png/{}/a.png", origin.url());
    let reply = get(server.address, &target);
    assert_eq!(reply.header("cache-control"), Some("public, max-age=60"));
}

#[test]
fn head_and_304_take_only_the_head_of_the_answer() {
    // The body never comes: whoever waits for it does not pass.
    let lines = "etag: \"v1\"\r\ncontent-length: 1000\r\n";
    let gate = Arc::new((Mutex::new(()), Condvar::new()));
    let head = format!("HTTP/1.1 200 OK\r\n{lines}\r\n");
    let origin = Origin::new(move |_, stream| {
        let _ = stream.write_all(head.as_bytes());
        let guard = gate.0.lock().unwrap();
        drop(gate.1.wait_timeout(guard, Duration::from_secs(600)).unwrap());
    });
    let server = Running::start(&hasty(None, &[&origin.url()]));
    let target = format!("/image/width=4,format=png/{}/a.png", origin.url());
    let head = send(server.address, "HEAD", &target, "");
    assert_eq!(head.status, 200);
    let condition = format!("if-none-match: {}\r\n", head.header("etag").unwrap());
    assert_eq!(send(server.address, "GET", &target, &condition).status, 304);
    assert_eq!(get(server.address, &target).status, 504);
}

#[test]
fn without_a_validator_the_bytes_are_it() {
    let origin = Origin::serving("", &png(8, 8));
    let server = serving(&origin);
    let target = format!("/image/width=4,format=png/{}/a.png", origin.url());
    let whole = get(server.address, &target);
    let head = send(server.address, "HEAD", &target, "");
    assert_eq!(head.header("etag"), whole.header("etag"));
    let condition = format!("if-none-match: {}\r\n", whole.header("etag").unwrap());
    assert_eq!(send(server.address, "GET", &target, &condition).status, 304);
}

#[test]
fn errors_of_the_origin_are_told_apart() {
    for (status, ours, code) in [
        ("404 Not Found", 404, "source-not-found"),
        ("410 Gone", 404, "source-not-found"),
        ("401 Unauthorized", 502, "source-failed"),
        ("403 Forbidden", 502, "source-failed"),
        ("500 Oh", 502, "source-failed"),
        ("503 Busy", 502, "source-failed"),
        ("206 Partial Content", 502, "source-failed"),
        ("204 No Content", 502, "source-failed"),
        ("304 Not Modified", 502, "source-failed"),
        ("999 What", 502, "source-failed"),
    ] {
        let origin = Origin::with(status, "content-length: 0\r\n", b"");
        assert_eq!(outcome(origin), (ours, code.to_owned()), "{status}");
    }
}

#[test]
fn what_is_no_http_is_a_failure() {
    for bytes in ["", "\r\n", "hello\r\n\r\n", "HTTP/1.1 abc\r\n\r\n", "HTTP/1.1 200 OK\r\nx"] {
        let origin = Origin::new(move |_, stream| {
            let _ = stream.write_all(bytes.as_bytes());
        });
        assert_eq!(outcome(origin), (502, "source-failed".to_owned()), "{bytes:?}");
    }
    let server = Running::start(&config(None, &["http://127.0.0.1:1"]));
    let (status, code) = status_and_code(&server, "http://127.0.0.1:1/a.png");
    assert_eq!((status, code.as_str()), (502, "source-failed"), "nobody listens");
}

#[test]
fn a_cut_body_is_never_a_picture() {
    let picture = png(8, 8);
    let length = picture.len();
    let more = format!("content-length: {}\r\n", length + 1);
    let fewer = format!("content-length: {}\r\n", length - 30);
    let mut chunks = format!("{length:x}\r\n").into_bytes();
    chunks.extend(&picture);
    let chunked = "transfer-encoding: chunked\r\n";
    for (lines, body, statuses) in [
        // Every byte of the picture is there, but the origin had said that one more would come.
        (more.as_str(), &picture, [502, 502]),
        // The last chunk, which is empty, never comes.
        (chunked, &chunks, [502, 502]),
        // The origin says fewer: what is in these is cut off, and the component sees it.
        (&fewer, &picture, [422, 422]),
        // Two lengths that differ, and one that is none.
        ("content-length: 5\r\ncontent-length: 6\r\n", &picture, [502, 502]),
        ("content-length: -5\r\n", &picture, [502, 502]),
        ("content-length: 99999999999999999999\r\n", &picture, [502, 502]),
    ] {
        let origin = Origin::with("200 OK", lines, body);
        let (status, _) = outcome(origin);
        assert!(statuses.contains(&status), "{lines}: {status}");
    }
}

#[test]
fn a_coding_is_refused() {
    let lines = "content-encoding: gzip\r\n";
    assert_eq!(outcome(Origin::serving(lines, &png(8, 8))), (502, "source-failed".to_owned()));
    let lines = "content-encoding: identity\r\n";
    assert_eq!(outcome(Origin::serving(lines, &png(8, 8))).0, 200);
}

#[test]
fn a_body_without_end_is_cut_off() {
    let endless = |head: &'static str| {
        Origin::new(move |_, stream: &mut TcpStream| {
            let _ = stream.write_all(head.as_bytes());
            while stream.write_all(&[b'x'; 4_096]).is_ok() {}
        })
    };
    let too_large = (413, "source-too-large".to_owned());
    for head in
        ["HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 1000000000000\r\n\r\n"]
    {
        let origin = endless(head);
        let mut config = config(None, &[&origin.url()]);
        config.fetch.bytes = Size::mebibytes(1);
        let server = Running::start(&config);
        let source = format!("{}/a.png", origin.url());
        assert_eq!(status_and_code(&server, &source), too_large, "{head}");
    }
    // A head without end either.
    let (status, _) = outcome(endless("HTTP/1.1 200 OK\r\n"));
    assert_eq!(status, 502);
}

/// The same for a server that does not wait for long.
fn outcome_in_haste(origin: Origin) -> (u16, String) {
    let server = Running::start(&hasty(None, &[&origin.url()]));
    status_and_code(&server, &format!("{}/a.png", origin.url()))
}

#[test]
fn slow_origins_are_left() {
    let wait = || thread::sleep(Duration::from_secs(600));
    let late = (504, "source-timeout".to_owned());
    let silent = Origin::new(move |_, _| wait());
    assert_eq!(outcome_in_haste(silent), late);
    let stops = Origin::new(move |_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nabc");
        wait();
    });
    assert_eq!(outcome_in_haste(stops), late);
    // Never silent for long, and never done.
    let drips = Origin::new(|_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n");
        while stream.write_all(b"x").is_ok() {
            thread::sleep(Duration::from_millis(20));
        }
    });
    assert_eq!(outcome_in_haste(drips), late);
}

#[test]
fn a_connection_that_was_closed_meanwhile_is_no_failure() {
    // Each connection is left open after its first answer, and closed when the next request comes.
    let body = png(8, 8);
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
    let origin = Origin::new(move |_, stream| {
        stream.write_all(&[head.as_bytes(), &body].concat()).unwrap();
        let _ = stream.read(&mut [0; 4_096]);
    });
    let server = serving(&origin);
    for number in 0..20 {
        let source = format!("{}/{number}.png", origin.url());
        assert_eq!(status_and_code(&server, &source).0, 200, "{number}");
    }
}
