//! AVIF without the wait: something else is answered at once, and AVIF when it is made, each under its own tag.

use std::thread;
use std::time::Duration;

use anyhow::{Result, ensure};
use selvedge_tests::edge;
use selvedge_tests::http::Answer;
use selvedge_tests::process::Server;
use selvedge_tests::samples::{Jpeg, landscape};
use selvedge_tests::stage::is_picture;
use selvedge_tests::upstream::{Reply, Upstream};

const ACCEPT: (&str, &str) = ("accept", "image/avif,image/webp,*/*;q=0.8");

/// A source that keeps for ten minutes, and one that no cache may keep.
fn source() -> Result<Upstream> {
    let photo = Jpeg::default().encode(&landscape(800, 533))?;
    Ok(Upstream::start(move |asked| {
        let control = if asked.target == "/unkept.jpg" { "no-store" } else { "max-age=600" };
        let headers = [("etag", "\"v1\""), ("cache-control", control)];
        let headers = headers.map(|(name, value)| (name, value.to_owned()));
        Reply::Full(headers.into(), photo.clone())
    })?)
}

fn ask(edge: &Server, target: &str, more: &[(&str, &str)]) -> Result<Answer> {
    let headers: Vec<_> = [ACCEPT].iter().chain(more).copied().collect();
    edge.send("GET", target, &headers)
}

fn told<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.header(name).unwrap_or_default()
}

#[test]
fn webp_is_answered_at_once_and_avif_once_it_is_made() -> Result<()> {
    let upstream = source()?;
    let edge = edge::start(&[&format!("SOURCE={}/", upstream.url()), "AVIF=later"], None)?;
    let target = "/image/width=500,format=auto/a.jpg";

    let first = ask(&edge, target, &[])?;
    is_picture(&first, "edge")?;
    ensure!(first.media_type() == "image/webp", "{first:?}");
    ensure!(told(&first, "cache-control") == "public, max-age=10", "{first:?}");
    ensure!(told(&first, "vary") == "accept", "{first:?}");
    // It is what clients without AVIF get, and theirs keeps.
    let webp = edge.send("GET", target, &[("accept", "image/webp")])?;
    ensure!(told(&webp, "etag") == told(&first, "etag") && webp.body == first.body, "{webp:?}");
    ensure!(told(&webp, "cache-control") == "public, max-age=600", "{webp:?}");

    let webp_tag = told(&first, "etag").to_owned();
    let mut later = first;
    for _ in 0..400 {
        later = ask(&edge, target, &[])?;
        if later.media_type() == "image/avif" {
            break;
        }
        // Until then nothing else comes under that tag.
        ensure!(told(&later, "etag") == webp_tag && later.body == webp.body, "{later:?}");
        ensure!(told(&later, "cache-control") == "public, max-age=10", "{later:?}");
        let known = ask(&edge, target, &[("if-none-match", &webp_tag)])?;
        // It may have been made between the two.
        let is_known = known.status == 304 && told(&known, "etag") == webp_tag;
        ensure!(is_known || known.media_type() == "image/avif", "{known:?}");
        thread::sleep(Duration::from_millis(25));
    }
    ensure!(later.media_type() == "image/avif", "never AVIF: {later:?}\n{}", edge.tail());
    is_picture(&later, "edge")?;
    ensure!(told(&later, "cache-control") == "public, max-age=600", "{later:?}");
    ensure!(told(&later, "selvedge-cache") == "hit", "{later:?}");
    // It was told of as a request of its own, by the version that made it.
    let line = edge.logged("/image/width=500,format=avif/a.jpg")?;
    ensure!(line["faas.version"].as_str().is_some_and(|version| version.len() == 36), "{line}");
    ensure!(line["selvedge.output.bytes"].as_u64() == Some(later.body.len() as u64), "{line}");

    let avif_tag = told(&later, "etag").to_owned();
    ensure!(avif_tag.starts_with('"') && avif_tag != webp_tag, "{avif_tag} {webp_tag}");

    // Who has the one does not have the other.
    let known = ask(&edge, target, &[("if-none-match", &avif_tag)])?;
    ensure!(known.status == 304 && told(&known, "etag") == avif_tag, "{known:?}");
    let old = ask(&edge, target, &[("if-none-match", &webp_tag)])?;
    ensure!(old.status == 200 && old.body == later.body, "{old:?}");

    // It is the picture that those get who wait for it.
    let waiting = edge::start(&[&format!("SOURCE={}/", upstream.url())], None)?;
    let waited = ask(&waiting, target, &[])?;
    ensure!(waited.media_type() == "image/avif", "off unless it is asked for: {waited:?}");
    ensure!(told(&waited, "etag") == avif_tag && waited.body == later.body, "{waited:?}");
    Ok(())
}

#[test]
fn what_is_soon_made_or_asked_for_by_name_is_waited_for() -> Result<()> {
    let upstream = source()?;
    let edge = edge::start(&[&format!("SOURCE={}/", upstream.url()), "AVIF=later"], None)?;
    for options in ["width=100,format=auto", "width=500,format=avif"] {
        let answer = ask(&edge, &format!("/image/{options}/a.jpg"), &[])?;
        ensure!(answer.media_type() == "image/avif", "{options}: {answer:?}");
        ensure!(told(&answer, "cache-control") == "public, max-age=600", "{options}: {answer:?}");
    }
    // Where no cache may keep the one, the other is the answer.
    for _ in 0..2 {
        let answer = ask(&edge, "/image/width=501,format=auto/unkept.jpg", &[])?;
        ensure!(answer.media_type() == "image/webp", "{answer:?}");
        ensure!(told(&answer, "cache-control") == "no-store", "{answer:?}");
    }
    let head = edge.send("HEAD", "/image/width=502,format=auto/a.jpg", &[ACCEPT])?;
    ensure!(head.media_type() == "image/webp" && head.body.is_empty(), "{head:?}");
    Ok(())
}
