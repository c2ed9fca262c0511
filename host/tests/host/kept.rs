//! Sources and results that are kept on disk, as clients and origins see it.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use selvedge::config::Config;
use selvedge::config::units::Size;

use crate::client::{Reply, get};
use crate::origin::Origin;
use crate::picture::{png, png_size};
use crate::server::{Running, config};
use crate::setup::Folder;

/// A server that keeps both.
fn keeping(folder: &Folder, paths: Option<&str>, allow: &[&str]) -> Config {
    let mut config = config(paths, allow);
    config.cache.folder = Some(folder.path().join("cache"));
    config.cache.results = Size::mebibytes(1);
    config.cache.sources = Size::mebibytes(1);
    config
}

fn ask(server: &Running, options: &str, source: &str) -> Reply {
    get(server.address, &format!("/image/{options},format=png/{source}"))
}

/// Whether the component had work with it.
fn made(reply: &Reply) -> bool {
    reply.header("server-timing").unwrap().contains("encode")
}

/// An origin with one file, whose version and further header lines change as a test wants; it knows
/// conditions.
fn versioned(lines: &'static str) -> (Origin, Arc<AtomicUsize>) {
    let version = Arc::new(AtomicUsize::new(8));
    let now = Arc::clone(&version);
    let origin = Origin::new(move |head, stream| {
        let side = now.load(Ordering::SeqCst);
        let tag = format!("etag: \"v{side}\"\r\n{lines}connection: close\r\n");
        let known = head.to_ascii_lowercase().contains(&format!("if-none-match: \"v{side}\""));
        let body = png(side as u32, 8);
        let answer = if known {
            format!("HTTP/1.1 304 Not Modified\r\n{tag}\r\n").into_bytes()
        } else {
            let length = body.len();
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n{tag}\r\n");
            [head.as_bytes(), &body].concat()
        };
        std::io::Write::write_all(stream, &answer).unwrap();
    });
    (origin, version)
}

#[test]
fn a_copy_answers_for_as_long_as_its_server_said() {
    let folder = Folder::new();
    let (origin, version) = versioned("cache-control: max-age=600\r\n");
    let server = Running::start(&keeping(&folder, None, &[&origin.url()]));
    let source = format!("{}/a.png", origin.url());
    for width in 2..6 {
        let reply = ask(&server, &format!("width={width}"), &source);
        assert_eq!(reply.status, 200);
        let age: u32 =
            reply.header("cache-control").unwrap()["public, max-age=".len()..].parse().unwrap();
        assert!((500..=600).contains(&age), "{age}");
    }
    assert_eq!(origin.requests().len(), 1);
    // So it does after a restart, and whatever became of the file.
    version.store(16, Ordering::SeqCst);
    drop(server);
    let server = Running::start(&keeping(&folder, None, &[&origin.url()]));
    assert_eq!(png_size(&ask(&server, "width=7", &source).body), (7, 7));
    assert_eq!(origin.requests().len(), 1);
}

#[test]
fn a_copy_that_is_not_fresh_is_asked_about() {
    for lines in ["", "cache-control: no-cache\r\n", "cache-control: max-age=0\r\n"] {
        let folder = Folder::new();
        let (origin, version) = versioned(lines);
        let server = Running::start(&keeping(&folder, None, &[&origin.url()]));
        let source = format!("{}/a.png", origin.url());
        for width in [2, 3] {
            assert_eq!(png_size(&ask(&server, &format!("width={width}"), &source).body).0, width);
        }
        let requests = origin.requests();
        assert!(!requests[0].contains("if-none-match"), "{requests:?}");
        assert!(requests[1].contains("if-none-match: \"v8\""), "{requests:?}");
        version.store(16, Ordering::SeqCst);
        assert_eq!(png_size(&ask(&server, "width=8", &source).body), (8, 4), "the new one");
        assert_eq!(png_size(&ask(&server, "width=4", &source).body), (4, 2), "kept in its turn");
        assert!(origin.requests()[3].contains("if-none-match: \"v16\""));
    }
}

#[test]
fn what_is_for_one_client_is_not_kept() {
    for lines in [
        "cache-control: private, max-age=600\r\n",
        "cache-control: no-store\r\n",
        "cache-control: max-age=600\r\nset-cookie: a=b\r\n",
        "cache-control: max-age=600\r\nvary: *\r\n",
    ] {
        let folder = Folder::new();
        let (origin, _) = versioned(lines);
        let server = Running::start(&keeping(&folder, None, &[&origin.url()]));
        let source = format!("{}/a.png", origin.url());
        for width in [2, 3] {
            assert_eq!(ask(&server, &format!("width={width}"), &source).status, 200, "{lines}");
        }
        let requests = origin.requests();
        assert!(requests.iter().all(|head| !head.contains("if-none-match")), "{requests:?}");
        assert_eq!(requests.len(), 2, "{lines}");
    }
}

#[test]
fn a_result_is_made_once_for_each_version() {
    let (folder, pictures) = (Folder::new(), Folder::new());
    let file = pictures.write("a.png", png(8, 8));
    pictures.write("b.png", png(8, 8));
    let config = keeping(&folder, pictures.path().to_str(), &[]);
    let server = Running::start(&config);
    let first = ask(&server, "width=4", "a.png");
    let second = ask(&server, "width=4", "a.png");
    assert!(made(&first) && !made(&second));
    assert_eq!(first.body, second.body);
    for same in ["etag", "content-type", "cache-control", "content-length"] {
        assert_eq!(first.header(same), second.header(same), "{same}");
    }
    assert!(made(&ask(&server, "width=5", "a.png")), "another plan");
    assert!(made(&ask(&server, "width=4", "b.png")), "another source");
    let numbers = String::from_utf8(get(server.admin(), "/metrics").body).unwrap();
    for (result, count) in [("hit", 1), ("miss", 3), ("damaged", 0)] {
        let lookups =
            format!("selvedge_cache_lookups_total{{cache=\"results\",result=\"{result}\"}}");
        assert!(numbers.contains(&format!("{lookups} {count}\n")), "{numbers}");
    }
    let bytes = numbers.split("selvedge_cache_bytes{cache=\"results\"} ").nth(1).unwrap();
    let bytes: usize = bytes.lines().next().unwrap().parse().unwrap();
    assert!(bytes > 3 * first.body.len() && bytes < 3 * first.body.len() + 1_000, "{bytes}");
    drop(server);
    let server = Running::start(&config);
    assert!(!made(&ask(&server, "width=4", "a.png")), "kept over a restart");
    fs::write(file, png(16, 8)).unwrap();
    let changed = ask(&server, "width=4", "a.png");
    assert!(made(&changed));
    assert_eq!(png_size(&changed.body), (4, 2));
}

#[test]
fn a_lost_folder_fails_no_request() {
    let (folder, pictures) = (Folder::new(), Folder::new());
    pictures.write("a.png", png(8, 8));
    let server = Running::start(&keeping(&folder, pictures.path().to_str(), &[]));
    assert_eq!(ask(&server, "width=4", "a.png").status, 200);
    fs::remove_dir_all(folder.path().join("cache")).unwrap();
    for _ in 0..4 {
        assert_eq!(ask(&server, "width=4", "a.png").status, 200);
    }
}
