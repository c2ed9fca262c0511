//! What is drawn over a picture, at both sides.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result, ensure};
use selvedge_tests::samples::{Canvas, Jpeg};
use selvedge_tests::stage::{is_picture, is_problem, stage};
use selvedge_tests::upstream::{Reply, Upstream};
use selvedge_tests::{edge, origin};

#[test]
fn both_sides_draw_the_same() -> Result<()> {
    let stage = stage()?;
    let friend =
        format!("{}/photo.jpg", stage.friend.url()).replace(':', "%3A").replace('/', "%2F");
    for (draw, format) in [
        ("draw.0.url=modified.jpg,draw.0.width=40,draw.0.right=3,draw.0.bottom=3", "jpeg"),
        ("draw.0.url=modified.jpg,draw.0.width=0.3,draw.0.repeat=true,draw.0.opacity=0.4", "webp"),
        (&format!("draw.0.url=bare.jpg,draw.0.composite=xor,draw.1.url={friend}"), "png"),
    ] {
        let target = format!("/image/width=120,format={format},{draw}/strong.jpg");
        let (edge, origin) = (stage.edge.get(&target)?, stage.origin.get(&target)?);
        is_picture(&edge, "edge")?;
        is_picture(&origin, "origin")?;
        ensure!(edge.body == origin.body, "{target}: other bytes");
        ensure!(edge.header("etag") == origin.header("etag"), "{target}: other tags");
        let plain = stage.origin.get(&format!("/image/width=120,format={format}/strong.jpg"))?;
        ensure!(plain.body != origin.body, "{target}: nothing was drawn");
        let timing = origin.header("server-timing").unwrap_or_default();
        ensure!(timing.contains("draw;dur="), "{timing}");
        let tag = origin.header("etag").unwrap_or_default().to_owned();
        for server in [&stage.edge, &stage.origin] {
            let known = server.send("GET", &target, &[("if-none-match", &tag)])?;
            ensure!(known.status == 304, "{known:?}");
        }
    }
    Ok(())
}

#[test]
fn an_overlay_is_a_source_like_any_other() -> Result<()> {
    let stage = stage()?;
    let stranger = format!("{}/photo.jpg", stage.stranger.url());
    let stranger = stranger.replace(':', "%3A").replace('/', "%2F");
    for server in [&stage.edge, &stage.origin] {
        for (url, status, code) in [
            ("gone.jpg", 404, "source-not-found"),
            ("broken.jpg", 502, "source-failed"),
            ("stranger.jpg", 403, "source-not-allowed"),
            ("huge.jpg", 413, "source-too-large"),
            (stranger.as_str(), 403, "source-not-allowed"),
        ] {
            let target = format!("/image/width=48,draw.0.url={url}/strong.jpg");
            let answer = server.get(&target)?;
            is_problem(&answer, status, code)?;
            ensure!(String::from_utf8_lossy(&answer.body).contains("draw.0"), "{answer:?}");
        }
    }
    ensure!(stage.stranger.requests("/photo.jpg").is_empty(), "it was asked");
    Ok(())
}

#[test]
fn a_picture_is_as_fresh_as_all_that_is_in_it() -> Result<()> {
    let plain = |colour| Jpeg::default().encode(&Canvas::plain(64, 48, colour));
    let (photo, logos) = (plain([200, 80, 40])?, [plain([0, 0, 255])?, plain([0, 255, 0])?]);
    let version = Arc::new(AtomicUsize::new(0));
    let now = Arc::clone(&version);
    let upstream = Upstream::start(move |asked| {
        let number = now.load(Ordering::Relaxed);
        let told = |etag: String, age: &str| {
            vec![("etag", format!("\"{etag}\"")), ("cache-control", age.to_owned())]
        };
        match asked.target.as_str() {
            "/photo.jpg" => Reply::Full(told("p".to_owned(), "max-age=600"), photo.clone()),
            "/logo.jpg" => {
                Reply::Full(told(format!("l{number}"), "no-store"), logos[number].clone())
            }
            _ => Reply::Status(404),
        }
    })?;
    let base = format!("{}/", upstream.url());
    for server in [edge::start(&[&format!("SOURCE={base}")], None)?, origin::start(&base, &[])?] {
        version.store(0, Ordering::Relaxed);
        let target = "/image/width=40,draw.0.url=logo.jpg,draw.0.width=9/photo.jpg";
        let first = server.get(target)?;
        ensure!(first.header("cache-control") == Some("no-store"), "{first:?}");
        let tags = first.header("cache-tag").context("no cache-tag")?;
        ensure!(tags.matches(",s-").count() == 2, "{tags}");
        version.store(1, Ordering::Relaxed);
        let second = server.get(target)?;
        ensure!(second.body != first.body, "the old overlay is drawn");
        ensure!(second.header("etag") != first.header("etag"), "the old tag for a new overlay");
    }
    Ok(())
}
