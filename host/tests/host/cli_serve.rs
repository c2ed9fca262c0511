//! `selvedge serve`, as an operator starts and stops it.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::cli::{refuses, selvedge, text};
use crate::client::get;
use crate::picture::png;
use crate::setup::Folder;

#[test]
fn serve_refuses_what_is_not_safe() {
    let folder = Folder::new();
    let source = text(folder.path());
    refuses(&["serve", "--source", source], 1, "SELVEDGE_KEYS");
    refuses(&["serve", "--dev"], 1, "--source");
    for open in ["0.0.0.0:0", "[::]:0", "192.0.2.1:80"] {
        let args = ["serve", "--dev", "--source", source, "--listen", open];
        refuses(&args, 1, "loopback");
    }
    let dev = ["serve", "--dev", "--listen", "127.0.0.1:0"];
    let with = |more: &[&'static str]| [dev.as_slice(), more].concat();
    refuses(&with(&["--source", "/no/such/folder"]), 1, "/no/such/folder");
    refuses(&with(&["--source", "ftp://a/"]), 1, "http");
    refuses(&with(&["--source", "http://u:p@a/"]), 1, "http");
    refuses(&with(&["--allow", "example.com"]), 1, "scheme://");
    refuses(&with(&["--allow", "http://a.test", "--deadline-ms", "0"]), 1, "--deadline-ms");
    refuses(&with(&["--allow", "http://a.test", "--keys", "x"]), 1, "id:secret");
}

#[test]
fn serve_serves_until_it_is_told_to_stop() {
    let folder = Folder::new();
    folder.write("a.png", png(8, 8));
    let source = text(folder.path());
    for (signal, style) in [("TERM", "plain"), ("INT", "json")] {
        let args =
            ["serve", "--dev", "--listen", "127.0.0.1:0", "--source", source, "--log", style];
        let mut child = selvedge(&args).stderr(Stdio::piped()).spawn().unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let mut told = String::new();
        while !told.contains("listening") {
            assert_ne!(log.read_line(&mut told).unwrap(), 0, "{told}");
        }
        assert!(told.contains("--dev"), "{told}");
        let at = told.find("127.0.0.1:").unwrap();
        let rest = &told[at..];
        let end = rest.find(|c: char| !matches!(c, '0'..='9' | '.' | ':')).unwrap();
        let reply = get(rest[..end].parse().unwrap(), "/image/width=4/a.png?token=secret");
        assert_eq!(reply.status, 200);
        let id = child.id().to_string();
        let killed = Command::new("kill").args(["-s", signal, &id]).status();
        assert!(killed.unwrap().success());
        log.read_to_string(&mut told).unwrap();
        assert!(child.wait().unwrap().success(), "{told}");
        assert!(told.contains("/image/width=4/a.png"), "{told}");
        assert!(!told.contains("secret"), "{told}");
        if style == "json" {
            for line in told.lines() {
                let line: Value = serde_json::from_str(line).unwrap();
                assert!(line["@timestamp"].is_string() && line["log.level"].is_string(), "{line}");
            }
            let line = told.lines().find(|line| line.contains("url.path")).unwrap();
            let line: Value = serde_json::from_str(line).unwrap();
            assert_eq!(line["http.response.status_code"], 200);
            assert_eq!(line["selvedge.plan"], "width=4");
            for count in ["event.duration", "selvedge.memory.peak", "selvedge.source.bytes"] {
                assert!(line[count].as_u64().is_some_and(|count| count > 0), "{count} in {line}");
            }
            assert!(line["selvedge.steps"]["decode"].is_u64(), "{line}");
        }
    }
}
