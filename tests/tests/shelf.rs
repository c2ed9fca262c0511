//! What the Worker keeps: parts of it, its end, and what is served when no new picture can be made.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::{Result, ensure};
use selvedge_tests::edge;
use selvedge_tests::http::Answer;
use selvedge_tests::process::Server;
use selvedge_tests::samples::{Jpeg, landscape};
use selvedge_tests::stage::{is_picture, is_problem, stage};
use selvedge_tests::upstream::{Reply, Upstream};

/// Asks until the answer says this of the cache, which is filled after an answer has gone out.
fn until(server: &Server, target: &str, cache: &str) -> Result<Answer> {
    for _ in 0..200 {
        let answer = server.get(target)?;
        if answer.header("selvedge-cache") == Some(cache) {
            return Ok(answer);
        }
        thread::sleep(Duration::from_millis(20));
    }
    anyhow::bail!("{target} is never a {cache}");
}

#[test]
fn a_part_is_a_part_of_the_whole() -> Result<()> {
    let stage = stage()?;
    // Never from the cache, and always.
    for (file, cache) in [("no-store.jpg", "miss"), ("strong.jpg", "hit")] {
        let target = format!("/image/width=71/{file}");
        let whole = until(&stage.edge, &target, cache)?;
        ensure!(whole.header("accept-ranges") == Some("bytes"), "{whole:?}");
        let etag = whole.header("etag").unwrap_or_default();
        let length = whole.body.len();
        let ask = |headers: &[(&str, &str)]| stage.edge.send("GET", &target, headers);
        let part = ask(&[("range", "bytes=10-19")])?;
        ensure!(part.status == 206 && part.body == whole.body[10..20], "{part:?}");
        let told = format!("bytes 10-19/{length}");
        ensure!(part.header("content-range") == Some(&told), "{part:?}");
        ensure!(part.header("content-length") == Some("10"), "{part:?}");
        ensure!(part.header("selvedge-cache") == Some(cache), "{part:?}");
        let end = ask(&[("range", "bytes=-5"), ("if-range", etag)])?;
        ensure!(end.status == 206 && end.body == whole.body[length - 5..], "{end:?}");
        let other = ask(&[("range", "bytes=0-1"), ("if-range", "\"other\"")])?;
        ensure!(other.status == 200 && other.body == whole.body, "{other:?}");
        let behind = ask(&[("range", &format!("bytes={length}-"))])?;
        ensure!(behind.status == 416 && behind.body.is_empty(), "{behind:?}");
        let told = format!("bytes */{length}");
        ensure!(behind.header("content-range") == Some(&told), "{behind:?}");
        let known = ask(&[("range", "bytes=0-1"), ("if-none-match", etag)])?;
        ensure!(known.status == 304 && known.body.is_empty(), "{known:?}");
    }
    // All of it from the cache, and none of it transformed.
    let head = stage.edge.send("HEAD", "/image/width=71/strong.jpg", &[])?;
    ensure!(head.header("selvedge-cache") == Some("hit") && head.body.is_empty(), "{head:?}");
    ensure!(head.header("content-length").is_some(), "{head:?}");
    for name in ["selvedge-kept-control", "selvedge-kept-until"] {
        ensure!(head.header(name).is_none(), "{head:?}");
    }
    Ok(())
}

#[test]
fn a_stale_picture_is_better_than_none() -> Result<()> {
    let photo = Jpeg::default().encode(&landscape(90, 60))?;
    let (fails, version) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let seen = (Arc::clone(&fails), Arc::clone(&version));
    let upstream = Upstream::start(move |asked| {
        if seen.0.load(Ordering::Relaxed) && asked.target != "/other.jpg" {
            return Reply::Status(500);
        }
        let etag = format!("\"{}\"", seen.1.load(Ordering::Relaxed));
        let headers = vec![("etag", etag), ("cache-control", "max-age=1".to_owned())];
        Reply::Full(headers, photo.clone())
    })?;
    let edge = edge::start(&[&format!("SOURCE={}/", upstream.url())], None)?;
    let target = "/image/width=50/a.jpg";
    let fresh = edge.get(target)?;
    is_picture(&fresh, "edge")?;
    fails.store(true, Ordering::Relaxed);
    let stale = until(&edge, target, "stale")?;
    is_picture(&stale, "edge")?;
    ensure!(stale.body == fresh.body, "another picture");
    ensure!(stale.header("cache-control") == Some("public, max-age=1"), "{stale:?}");
    ensure!(stale.header("etag") == fresh.header("etag"), "{stale:?}");
    // A picture that was never made has no older one.
    is_problem(&edge.get("/image/width=51/a.jpg")?, 502, "source-failed")?;
    // The source is back, and the same: nothing is transformed, and it is fresh again.
    fails.store(false, Ordering::Relaxed);
    let renewed = edge.get(target)?;
    let timing = renewed.header("server-timing").unwrap_or_default();
    ensure!(renewed.body == fresh.body && !timing.contains("decode"), "{renewed:?}");
    until(&edge, target, "hit")?;
    // It changes.
    version.store(1, Ordering::Relaxed);
    thread::sleep(Duration::from_millis(1_100));
    let changed = until(&edge, target, "miss")?;
    ensure!(changed.header("etag") != fresh.header("etag"), "{changed:?}");
    Ok(())
}

#[test]
fn a_source_that_is_gone_is_not_stale() -> Result<()> {
    let photo = Jpeg::default().encode(&landscape(90, 60))?;
    let gone = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&gone);
    let upstream = Upstream::start(move |_| {
        if seen.load(Ordering::Relaxed) {
            return Reply::Status(404);
        }
        Reply::Full(vec![("cache-control", "max-age=1".to_owned())], photo.clone())
    })?;
    let edge = edge::start(&[&format!("SOURCE={}/", upstream.url())], None)?;
    is_picture(&edge.get("/image/width=50/a.jpg")?, "edge")?;
    gone.store(true, Ordering::Relaxed);
    thread::sleep(Duration::from_millis(1_100));
    is_problem(&edge.get("/image/width=50/a.jpg")?, 404, "source-not-found")
}

#[test]
fn what_was_made_once_is_taken_from_the_store() -> Result<()> {
    let photo = Jpeg::default().encode(&landscape(90, 60))?;
    let upstream = Upstream::start(move |asked| {
        // One that tells its version, one that does not; no cache may keep either.
        let mut headers = vec![("cache-control", "no-store".to_owned())];
        if asked.target == "/told.jpg" {
            headers.push(("etag", "\"v1\"".to_owned()));
        }
        Reply::Full(headers, photo.clone())
    })?;
    let source = format!("SOURCE={}/", upstream.url());
    let edge = edge::start_with(&[&source], None, &["--results"])?;
    for file in ["told.jpg", "untold.jpg"] {
        let target = format!("/image/width=50,format=webp/{file}");
        let first = edge.get(&target)?;
        is_picture(&first, "edge")?;
        let mut again = edge.get(&target)?;
        for _ in 0..100 {
            if !again.header("server-timing").unwrap_or_default().contains("decode") {
                break;
            }
            thread::sleep(Duration::from_millis(20));
            again = edge.get(&target)?;
        }
        let timing = again.header("server-timing").unwrap_or_default();
        ensure!(!timing.contains("decode"), "{file} is made again and again: {again:?}");
        ensure!(again.body == first.body, "{file}: another picture");
        for name in ["etag", "content-type", "content-length", "cache-control"] {
            ensure!(again.header(name) == first.header(name), "{name}: {again:?} {first:?}");
        }
    }
    Ok(())
}

#[test]
fn the_platforms_cache_is_asked_for_canonical_plans() -> Result<()> {
    let photo = Jpeg::default().encode(&landscape(90, 60))?;
    let upstream = Upstream::start(move |asked| match asked.target.as_str() {
        "/gone.jpg" => Reply::Status(404),
        _ => Reply::Full(vec![("cache-control", "max-age=60".to_owned())], photo.clone()),
    })?;
    let source = format!("SOURCE={}/", upstream.url());
    let (plain, front) = (edge::start(&[&source], None)?, edge::start(&[&source, FRONT], None)?);
    for options in ["w=50,dpr=2,f=auto", "width=50,download=a.jpg"] {
        let target = format!("/image/{options}/a.jpg");
        let headers = [("accept", "image/webp")];
        let expected = plain.send("GET", &target, &headers)?;
        let answer = front.send("GET", &target, &headers)?;
        is_picture(&answer, "edge")?;
        ensure!(answer.body == expected.body, "another picture");
        for name in ["etag", "cache-control", "cache-tag", "vary", "content-disposition"] {
            ensure!(answer.header(name) == expected.header(name), "{name}: {answer:?}");
        }
        // That is between the Worker and its cache.
        ensure!(answer.header("cloudflare-cdn-cache-control").is_none(), "{answer:?}");
        let known = answer.header("etag").unwrap_or_default();
        let known = front.send("GET", &target, &[headers[0], ("if-none-match", known)])?;
        ensure!(known.status == 304, "{known:?}");
    }
    is_problem(&front.get("/image/width=50/gone.jpg")?, 404, "source-not-found")?;
    // Nobody else gets past the decision.
    let looped = front.send("GET", "/image/width=50/a.jpg", &[("via", "1.1 selvedge")])?;
    is_problem(&looped, 508, "loop")
}

const FRONT: &str = "CACHE=platform";
