//! The Worker in workerd: cache, conditions, negotiation, mistakes, signatures.

use std::thread;
use std::time::Duration;

use anyhow::{Result, ensure};
use selvedge_plan::signature::Keys;
use selvedge_tests::edge;
use selvedge_tests::http::Answer;
use selvedge_tests::process::Server;
use selvedge_tests::samples::{self, Jpeg, landscape};
use selvedge_tests::stage::{KEY, is_picture, is_problem, stage};
use selvedge_tests::upstream::Upstream;
use selvedge_tests::workspace;

/// Asks until the answer comes from the cache, which is filled after the first one has gone out.
fn hit(server: &Server, target: &str) -> Result<Answer> {
    for _ in 0..100 {
        let answer = server.get(target)?;
        if answer.header("selvedge-cache") == Some("hit") {
            return Ok(answer);
        }
        thread::sleep(Duration::from_millis(20));
    }
    anyhow::bail!("{target} is never served from the cache");
}

#[test]
fn a_miss_becomes_a_hit() -> Result<()> {
    let stage = stage()?;
    let target = "/image/width=41/strong.jpg";
    let miss = stage.edge.get(target)?;
    is_picture(&miss, "edge")?;
    ensure!(miss.header("selvedge-cache") == Some("miss"), "{miss:?}");
    let hit = hit(&stage.edge, target)?;
    is_picture(&hit, "edge")?;
    ensure!(hit.body == miss.body, "another picture from the cache");
    for name in ["etag", "cache-control", "cache-tag", "content-type"] {
        ensure!(hit.header(name) == miss.header(name), "{name}: {hit:?}");
    }
    // Another spelling of the same plan is the same entry.
    let spelled = stage.edge.get("/cdn-cgi/image/w=41,q=85,fit=scale-down/strong.jpg")?;
    ensure!(spelled.header("selvedge-cache") == Some("hit"), "{spelled:?}");
    Ok(())
}

#[test]
fn what_a_source_keeps_from_caches_is_not_cached() -> Result<()> {
    let stage = stage()?;
    for _ in 0..3 {
        let answer = stage.edge.get("/image/width=42/no-store.jpg?counted")?;
        is_picture(&answer, "edge")?;
        ensure!(answer.header("selvedge-cache") == Some("miss"), "{answer:?}");
        ensure!(answer.header("cache-control") == Some("no-store"), "{answer:?}");
    }
    ensure!(stage.upstream.requests("/files/no-store.jpg?counted").len() == 3);
    Ok(())
}

#[test]
fn head_costs_no_transform() -> Result<()> {
    let stage = stage()?;
    let target = "/image/width=43,format=webp/strong.jpg";
    let head = stage.edge.send("HEAD", target, &[])?;
    ensure!(head.status == 200 && head.body.is_empty(), "{head:?}");
    ensure!(head.media_type() == "image/webp", "{head:?}");
    let timing = head.header("server-timing").unwrap_or_default();
    ensure!(!timing.contains("decode"), "{timing}");
    let get = stage.edge.get(target)?;
    ensure!(head.header("etag") == get.header("etag"), "{head:?} {get:?}");
    let missing = stage.edge.send("HEAD", "/image/width=43/missing.jpg", &[])?;
    ensure!(missing.status == 404 && missing.body.is_empty(), "{missing:?}");
    Ok(())
}

#[test]
fn who_has_it_is_told_so() -> Result<()> {
    let stage = stage()?;
    let target = "/image/width=44/strong.jpg";
    let first = stage.edge.get(target)?;
    let etag = first.header("etag").unwrap_or_default().to_owned();
    ensure!(etag.starts_with('"'), "{first:?}");
    let again = |tag: &str| stage.edge.send("GET", target, &[("if-none-match", tag)]);
    // From the cache or not, with other tags around it or as a weak one.
    for tag in [etag.clone(), format!("\"x\", W/{etag}"), "*".to_owned()] {
        let answer = again(&tag)?;
        ensure!(answer.status == 304 && answer.body.is_empty(), "{tag}: {answer:?}");
        ensure!(answer.header("etag") == Some(&etag), "{answer:?}");
    }
    hit(&stage.edge, target)?;
    ensure!(again(&etag)?.status == 304);
    ensure!(again("\"another\"")?.status == 200);
    // Before anything was cached.
    let other = "/image/width=45/no-store.jpg";
    let etag = stage.edge.get(other)?.header("etag").unwrap_or_default().to_owned();
    let answer = stage.edge.send("GET", other, &[("if-none-match", &etag)])?;
    ensure!(answer.status == 304, "{answer:?}");
    Ok(())
}

#[test]
fn tags_are_those_of_the_origin() -> Result<()> {
    let stage = stage()?;
    let mut tags = Vec::new();
    for file in ["strong.jpg", "modified.jpg", "bare.jpg", "chunked.jpg"] {
        let target = format!("/image/width=46/{file}");
        let (edge, origin) = (stage.edge.get(&target)?, stage.origin.get(&target)?);
        is_picture(&edge, "edge")?;
        is_picture(&origin, "origin")?;
        ensure!(edge.body == origin.body, "{file}: other bytes");
        ensure!(edge.header("etag").is_some(), "{edge:?}");
        ensure!(edge.header("etag") == origin.header("etag"), "{file}: {edge:?} {origin:?}");
        ensure!(
            edge.header("selvedge-component") == origin.header("selvedge-component"),
            "other components"
        );
        tags.push(edge.header("etag").map(str::to_owned));
    }
    ensure!(tags[0] != tags[1], "another validator gives another tag");
    ensure!(tags[2] == tags[3], "the same bytes without validators give the same tag");
    Ok(())
}

#[test]
fn only_auto_varies() -> Result<()> {
    let stage = stage()?;
    let get = |format: &str, accept: &str| {
        let target = format!("/image/width=47{format}/strong.jpg");
        stage.edge.send("GET", &target, &[("accept", accept)])
    };
    for server in [&stage.edge, &stage.origin] {
        for (format, accept, media_type, vary) in [
            (",format=auto", "image/webp,*/*", "image/webp", Some("accept")),
            (",format=auto", "*/*", "image/jpeg", Some("accept")),
            (",format=auto", "image/webp;q=0", "image/jpeg", Some("accept")),
            (",format=webp", "*/*", "image/webp", None),
            ("", "image/webp", "image/jpeg", None),
        ] {
            let target = format!("/image/width=47{format}/strong.jpg");
            let answer = server.send("GET", &target, &[("accept", accept)])?;
            ensure!(answer.media_type() == media_type, "{answer:?}");
            ensure!(answer.header("vary") == vary, "{answer:?}");
        }
    }
    // Once cached as well: by name, and by negotiation.
    hit(&stage.edge, "/image/width=47,format=webp/strong.jpg")?;
    ensure!(get(",format=auto", "image/webp")?.header("vary") == Some("accept"));
    ensure!(get(",format=webp", "image/webp")?.header("vary").is_none());
    Ok(())
}

#[test]
fn mistakes_are_named() -> Result<()> {
    let stage = stage()?;
    for server in [&stage.edge, &stage.origin] {
        for (target, status, code, part) in [
            ("/image/widht=1/strong.jpg", 400, "bad-option", "`widht`"),
            ("/image/width=abc/strong.jpg", 400, "bad-option", "`abc`"),
            ("/image/format=pixels/strong.jpg", 400, "bad-option", "format"),
            ("/image/width=1/missing.jpg", 404, "source-not-found", ""),
            ("/image/width=1", 400, "bad-path", ""),
            ("/image/width=1/a/%2e%2fb.jpg", 400, "bad-path", ""),
            ("/image/width=1/ftp://a.test/b.jpg", 400, "bad-path", ""),
            ("/other", 404, "no-such-path", ""),
        ] {
            let answer = server.get(target)?;
            is_problem(&answer, status, code)?;
            let body = String::from_utf8_lossy(&answer.body).into_owned();
            ensure!(body.contains(part), "{target}: {body}");
        }
        let long = format!("/image/width=1/{}", "a".repeat(5_000));
        is_problem(&server.get(&long)?, 414, "target-too-long")?;
        let post = server.send("POST", "/image/width=1/strong.jpg", &[("content-length", "0")])?;
        is_problem(&post, 405, "bad-method")?;
        ensure!(post.header("allow") == Some("GET, HEAD"), "{post:?}");
    }
    // The origin lets one Selvedge pass, the edge none.
    let via = |server: &Server, via: &str| {
        server.send("GET", "/image/width=48/strong.jpg", &[("via", via)])
    };
    is_problem(&via(&stage.edge, "1.1 selvedge")?, 508, "loop")?;
    is_problem(&via(&stage.origin, "1.1 selvedge, 1.1 selvedge")?, 508, "loop")?;
    is_picture(&via(&stage.origin, "1.1 selvedge")?, "origin")?;
    Ok(())
}

#[test]
fn steps_are_timed() -> Result<()> {
    let stage = stage()?;
    for server in [&stage.edge, &stage.origin] {
        let answer = server.get("/image/width=52/no-store.jpg")?;
        let timing = answer.header("server-timing").unwrap_or_default();
        for step in ["fetch", "decode", "compose", "encode", "total"] {
            let named = timing.split(", ").any(|item| item.starts_with(&format!("{step};dur=")));
            ensure!(named, "{step} is not in `{timing}`");
        }
    }
    Ok(())
}

#[test]
fn the_log_names_the_version_that_answers() -> Result<()> {
    let stage = stage()?;
    let target = "/image/width=53/strong.jpg";
    stage.edge.get(target)?;
    let line = stage.edge.logged(target)?;
    let version = line["faas.version"].as_str().unwrap_or_default();
    // A UUID, as the platform gives it.
    ensure!(version.len() == 36, "{line}");
    Ok(())
}

#[test]
fn only_signed_addresses_are_served() -> Result<()> {
    let folder = workspace::scratch("bucket")?;
    samples::put(&folder.join("photo.jpg"), &Jpeg::default().encode(&landscape(120, 80))?)?;
    let upstream = Upstream::folder(folder)?;
    let source = format!("SOURCE={}/", upstream.url());
    let edge = edge::start(&[&source, &format!("KEYS={KEY}")], None)?;
    is_problem(&edge.get("/image/width=60/photo.jpg")?, 403, "not-signed")?;
    let keys = Keys::parse(KEY).map_err(anyhow::Error::msg)?;
    let sign = |rest: &str| keys.sign(rest).unwrap_or_default();
    let signature = sign("/width=60/photo.jpg");
    let answer = edge.get(&format!("/image/{signature}/width=60/photo.jpg"))?;
    is_picture(&answer, "edge")?;
    for other in ["/width=61/photo.jpg", "/width=60/photo.jpg?x", "/width=60//photo.jpg"] {
        let answer = edge.get(&format!("/image/{signature}{other}"))?;
        is_problem(&answer, 403, "not-signed")?;
    }
    // An address in an address, with an escape: what was signed is what is verified.
    let rest = format!("/width=60/{}/photo.jpg?a=%20b", upstream.url());
    let answer = edge.get(&format!("/image/{}{rest}", sign(&rest)))?;
    is_problem(&answer, 403, "source-not-allowed")
}

#[test]
fn a_worker_without_keys_serves_nothing() -> Result<()> {
    let edge = edge::start(&["KEYS=", "SOURCE=http://127.0.0.1:9/"], None)?;
    is_problem(&edge.get("/image/width=60/photo.jpg")?, 500, "misconfigured")
}
