//! What of an answer is for one request alone, from both servers: a name, an end, a warning, a way out.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, ensure};
use selvedge_tests::process::Server;
use selvedge_tests::samples::{Canvas, Jpeg};
use selvedge_tests::upstream::{Reply, Upstream};
use selvedge_tests::{edge, origin};

struct Both {
    upstream: Upstream,
    servers: [(&'static str, Server); 2],
}

fn both() -> Result<Both> {
    let picture = Jpeg::default().encode(&Canvas::plain(64, 48, [200, 80, 40]))?;
    let upstream = Upstream::start(move |asked| match asked.target.as_str() {
        "/a.jpg" => Reply::Full(vec![("cache-control", "max-age=3600".into())], picture.clone()),
        _ => Reply::Status(404),
    })?;
    let (source, allow) = (format!("SOURCE={}/", upstream.url()), upstream.url());
    let servers = [
        ("edge", edge::start(&[&source, &format!("ALLOW={allow}")], None)?),
        ("origin", origin::start(&format!("{}/", upstream.url()), &["--allow", &allow])?),
    ];
    Ok(Both { upstream, servers })
}

#[test]
fn what_is_for_one_request_is_not_for_the_next() -> Result<()> {
    let both = both()?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    for (side, server) in &both.servers {
        let ends = format!("/image/width=8,expires={}/a.jpg", now + 100);
        for (target, header, value) in [
            (
                "/image/width=8,download=%C3%BC.jpg/a.jpg",
                "content-disposition",
                "attachment; filename=\"_.jpg\"",
            ),
            ("/image/width=8,fit=cover/a.jpg", "selvedge-warning", "\"`fit=cover` needs both"),
            (ends.as_str(), "cache-control", "public, max-age="),
        ] {
            let answer = server.get(target)?;
            let got = answer.header(header).unwrap_or_default();
            ensure!(answer.status == 200 && got.starts_with(value), "{side} {target}: {answer:?}");
        }
        let age = server.get(&ends)?;
        let age = age.header("cache-control").and_then(|it| it.rsplit('=').next());
        let age: u64 = age.context("no age")?.parse()?;
        ensure!(age <= 100, "{side}: {age} seconds");
        let plain = server.get("/image/width=8/a.jpg")?;
        ensure!(plain.header("content-disposition").is_none(), "{side}: {plain:?}");
        ensure!(plain.header("selvedge-warning").is_none(), "{side}: {plain:?}");
        ensure!(plain.header("cache-control") == Some("public, max-age=3600"), "{side}: {plain:?}");
        let over = server.get(&format!("/image/width=8,expires={}/a.jpg", now - 1_000))?;
        ensure!(over.status == 410, "{side}: {over:?}");
    }
    Ok(())
}

#[test]
fn a_failure_is_a_redirect_where_that_is_asked_for() -> Result<()> {
    let both = both()?;
    let missing = format!("{}/missing.jpg", both.upstream.url());
    for (side, server) in &both.servers {
        let answer = server.get(&format!("/image/width=8,onerror=redirect/{missing}"))?;
        ensure!(answer.status == 302 && answer.body.is_empty(), "{side}: {answer:?}");
        ensure!(answer.header("location") == Some(&missing), "{side}: {answer:?}");
        ensure!(answer.header("cache-control") == Some("no-store"), "{side}: {answer:?}");
        let warning = answer.header("selvedge-warning").unwrap_or_default();
        ensure!(warning.starts_with("\"source-not-found: "), "{side}: {answer:?}");
        let plain = server.get(&format!("/image/width=8/{missing}"))?;
        ensure!(plain.status == 404, "{side}: {plain:?}");
    }
    Ok(())
}
