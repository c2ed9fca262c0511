//! Caches that are told to forget pictures: what they receive, and what becomes of those that fail.

use std::io::{Read, Write};
use std::sync::{Arc, Mutex};

use serde_json::Value;

use crate::cli::{refuses, selvedge};
use crate::client::{get, send};
use crate::components::Pair;
use crate::origin::Origin;
use crate::setup;

/// A cache that answers with `replies` in turn, the last one for ever, and keeps what it is sent.
fn cache(replies: &'static [&'static str]) -> (Origin, Arc<Mutex<Vec<Value>>>) {
    let bodies = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&bodies);
    let cache = Origin::new(move |head, stream| {
        let length = head.to_ascii_lowercase();
        let length = length.split("content-length: ").nth(1).unwrap().lines().next().unwrap();
        let mut body = vec![0; length.parse().unwrap()];
        stream.read_exact(&mut body).unwrap();
        let mut kept = kept.lock().unwrap();
        let reply = replies.get(kept.len()).or(replies.last()).unwrap();
        kept.push(serde_json::from_slice(&body).unwrap());
        let (status, body) = reply.split_once('|').unwrap();
        let length = body.len();
        let _ = write!(stream, "HTTP/1.1 {status}\r\ncontent-length: {length}\r\n\r\n{body}");
    });
    (cache, bodies)
}

const YES: &str = "200 OK|{\"success\": true}";
const UNSURE: &str = "200 OK|{\"success\": false, \"errors\": [{\"code\": 1}]}";

fn purge(what: &[&str], cloudflare: &str, webhook: &str) -> std::process::Command {
    let mut command = selvedge(&[&["purge"], what].concat());
    command
        .env("SELVEDGE_PURGE_CLOUDFLARE_API", cloudflare)
        .env("SELVEDGE_PURGE_CLOUDFLARE_ZONE", "z1")
        .env("SELVEDGE_PURGE_CLOUDFLARE_TOKEN", "cf-secret")
        .env("SELVEDGE_PURGE_WEBHOOK", format!("{webhook}/hook"))
        .env("SELVEDGE_PURGE_WEBHOOK_TOKEN", "hook-secret");
    command
}

#[test]
fn each_cache_is_told_in_its_own_way_until_it_says_yes() {
    let component = setup::transformer().digest().to_owned();
    let tag = format!("c-{}", &component[..16]);
    let (cloudflare, bodies) = cache(&["503 Busy|", "429 Too Many|{}", UNSURE, YES]);
    let (webhook, hooked) = cache(&["204 No Content|"]);
    let done = purge(&["--component", &component], &cloudflare.url(), &webhook.url()).output();
    let done = done.unwrap();
    assert!(done.status.success(), "{done:?}");
    assert_eq!(bodies.lock().unwrap().len(), 4, "three failures, each tried again");
    for body in [&bodies, &hooked] {
        let body = body.lock().unwrap();
        assert!(body.iter().all(|body| *body == serde_json::json!({ "tags": [tag] })), "{body:?}");
    }
    let asked = cloudflare.requests().pop().unwrap();
    assert!(asked.starts_with("POST /zones/z1/purge_cache HTTP/1.1"), "{asked}");
    assert!(asked.contains("authorization: Bearer cf-secret"), "{asked}");
    let asked = webhook.requests().pop().unwrap();
    assert!(asked.starts_with("POST /hook") && asked.contains(&format!("surrogate-key: {tag}")));
    assert!(asked.contains("authorization: Bearer hook-secret"), "{asked}");
    assert!(!format!("{done:?}").contains("secret"));
}

#[test]
fn no_is_no_and_a_rehearsal_sends_nothing() {
    let (cloudflare, bodies) = cache(&["403 Forbidden|{}"]);
    let (webhook, hooked) = cache(&[YES]);
    let what = ["--source", "photos/a%20b.jpg"];
    let dry = [&what[..], &["--dry-run"]].concat();
    let rehearsed = purge(&dry, &cloudflare.url(), &webhook.url()).output().unwrap();
    let told = String::from_utf8(rehearsed.stdout).unwrap();
    // printf 'photos/a%20b.jpg' | sha256sum
    let digest = &selvedge_plan::key::digest("photos/a%20b.jpg")[..16];
    assert_eq!(told.matches(&format!("s-{digest}")).count(), 2, "{told}");
    assert!(!told.contains("secret") && cloudflare.requests().is_empty(), "{told}");
    let refused = purge(&what, &cloudflare.url(), &webhook.url()).output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8(refused.stderr).unwrap().contains("403"));
    // A refusal is not asked for again, and the other cache is told all the same.
    assert_eq!((bodies.lock().unwrap().len(), hooked.lock().unwrap().len()), (1, 1));
    refuses(&["purge", "--source", "a.jpg"], 1, "no cache is set");
}

#[test]
fn a_rollback_purges_what_was_withdrawn_and_its_pictures_are_out_of_reach() {
    let pair = Pair::new("1");
    let server = pair.start("");
    let target = "/image/width=9,format=png/5.png";
    let bad = get(server.address, target);
    assert_eq!(bad.header("selvedge-component"), Some(&pair.candidate[..16]));
    let (webhook, bodies) = cache(&[YES]);
    let admin = server.admin().to_string();
    let done = selvedge(&["rollout", "rollback", "--purge", "--admin", &admin])
        .env("SELVEDGE_PURGE_WEBHOOK", webhook.url())
        .output()
        .unwrap();
    assert!(done.status.success(), "{done:?}");
    let tag = format!("c-{}", &pair.candidate[..16]);
    assert_eq!(*bodies.lock().unwrap(), [serde_json::json!({ "tags": [tag] })]);
    // The tag is that of what was served, and nobody is told that what he has of it is still good.
    assert!(bad.header("cache-tag").unwrap().starts_with(&tag));
    let etag = bad.header("etag").unwrap();
    let again = send(server.address, "GET", target, &format!("if-none-match: {etag}\r\n"));
    assert_eq!(again.status, 200);
    assert_eq!(again.header("selvedge-component"), Some(&pair.stable[..16]));
}
