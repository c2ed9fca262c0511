//! What the edge cannot do: handed over to the origin, whose answer says who made it.

use std::fs;

use anyhow::{Context, Result, ensure};
use selvedge_plan::key::CONTRACT_EPOCH;
use selvedge_tests::samples::{Jpeg, landscape};
use selvedge_tests::stage::{KEY, is_picture, is_problem, stage};
use selvedge_tests::upstream::{Reply, Upstream};
use selvedge_tests::{edge, origin, picture, workspace};

/// Over the edge's memory, within the origin's.
const LARGE: &str = "/image/width=200,format=png/large.png";

#[test]
fn what_needs_more_memory_is_made_by_the_origin() -> Result<()> {
    let stage = stage()?;
    is_problem(&stage.edge.get(LARGE)?, 413, "over-budget")?;
    let answer = stage.backed.get(LARGE)?;
    is_picture(&answer, "origin")?;
    ensure!(picture::size(&answer.body)? == (200, 187), "{answer:?}");
    ensure!(answer.body == stage.origin.get(LARGE)?.body, "another picture");
    ensure!(answer.header("etag").is_some(), "{answer:?}");
    // What the edge can do it still does itself.
    is_picture(&stage.backed.get("/image/width=61/strong.jpg")?, "edge")
}

#[test]
fn a_handed_over_picture_is_negotiated_at_the_edge() -> Result<()> {
    let stage = stage()?;
    let target = "/image/width=90,dpr=2,format=auto/large.png";
    let answer = stage.backed.send("GET", target, &[("accept", "image/webp")])?;
    is_picture(&answer, "origin")?;
    ensure!(answer.media_type() == "image/webp", "{answer:?}");
    ensure!(answer.header("vary") == Some("accept"), "{answer:?}");
    ensure!(picture::size(&answer.body)? == (180, 168), "{answer:?}");
    Ok(())
}

/// A still of `tests/golden/heic`.
fn still(name: &str) -> Result<Vec<u8>> {
    Ok(fs::read(workspace::root().join(format!("tests/golden/heic/{name}.heic")))?)
}

#[test]
fn what_only_the_origin_reads_is_handed_over_with_the_contract() -> Result<()> {
    // Twice the chroma of what the edge decodes.
    let photo = still("full-chroma")?;
    let base = Upstream::start(move |_| Reply::Full(vec![], photo.clone()))?;
    let origin = Upstream::start(|_| Reply::Full(vec![], b"made there".to_vec()))?;
    let vars = [format!("SOURCE={}/", base.url()), format!("ORIGIN={}", origin.url())];
    let edge = edge::start(&vars.each_ref().map(String::as_str), None)?;
    let answer = edge.get("/image/w=90,dpr=2/photo.heic")?;
    ensure!((answer.status, answer.body.as_slice()) == (200, b"made there"), "{answer:?}");
    let asked = origin.requests("/image/width=180/photo.heic");
    let asked = asked.first().context("not the canonical plan")?;
    let header = |name: &str| {
        let found = asked.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    };
    ensure!(header("via") == Some("1.1 selvedge"), "{asked:?}");
    ensure!(header("selvedge-contract") == Some(&*CONTRACT_EPOCH.to_string()), "{asked:?}");
    // With nobody to hand it over to, it is said what is the matter.
    let alone = edge::start(&[&vars[0]], None)?;
    is_problem(&alone.get("/image/w=90/photo.heic")?, 415, "unsupported")
}

#[test]
fn stills_of_phones_are_made_at_the_edge() -> Result<()> {
    let [photo, cut] = [still("grid-rotated")?, still("plain")?];
    let cut = cut.get(..cut.len() - 40).map(<[u8]>::to_vec).unwrap_or_default();
    let base = Upstream::start(move |asked| match asked.target.as_str() {
        "/cut.heic" => Reply::Full(vec![], cut.clone()),
        _ => Reply::Full(vec![], photo.clone()),
    })?;
    // Whoever is asked there hangs.
    let origin = Upstream::start(|_| Reply::Hang)?;
    let vars = [format!("SOURCE={}/", base.url()), format!("ORIGIN={}", origin.url())];
    let edge = edge::start(&vars.each_ref().map(String::as_str), None)?;
    let answer = edge.get("/image/width=50,format=png/photo.heic")?;
    is_picture(&answer, "edge")?;
    ensure!(picture::size(&answer.body)? == (50, 74), "{answer:?}");
    let timing = answer.header("server-timing").unwrap_or_default();
    ensure!(timing.contains("heic-decode;dur="), "{answer:?}");
    // What is damaged is so everywhere.
    is_problem(&edge.get("/image/width=50/cut.heic")?, 422, "truncated")
}

#[test]
fn a_plan_of_another_contract_is_not_read() -> Result<()> {
    let stage = stage()?;
    let keys = selvedge_plan::signature::Keys::parse(KEY).map_err(anyhow::Error::msg)?;
    let base = format!("{}/files/", stage.upstream.url());
    let origin = origin::start(&base, &["--keys", KEY])?;
    let rest = "/width=50/strong.jpg";
    let target = format!("/image/{}{rest}", keys.sign(rest).unwrap_or_default());
    let ask = |via: &str, epoch: &str| {
        let headers = [("via", via), ("selvedge-contract", epoch)];
        origin.send("GET", &target, &headers)
    };
    let ours = CONTRACT_EPOCH.to_string();
    is_picture(&ask("1.1 selvedge", &ours)?, "origin")?;
    is_problem(&ask("1.1 selvedge", "999")?, 421, "other-contract")?;
    // A client that plays a Selvedge hurts nobody but itself.
    is_picture(&ask("1.1 other", "999")?, "origin")
}

#[test]
fn avif_that_the_origin_writes_better_is_handed_over() -> Result<()> {
    // 2.7 megapixels: more than the component writes as AVIF.
    let photo = Jpeg::default().encode(&landscape(1_800, 1_500))?;
    let base = Upstream::start(move |_| Reply::Full(vec![], photo.clone()))?;
    let origin = Upstream::start(|_| Reply::Full(vec![], b"made there".to_vec()))?;
    let vars = [format!("SOURCE={}/", base.url()), format!("ORIGIN={}", origin.url())];
    let edge = edge::start(&vars.each_ref().map(String::as_str), None)?;
    let alone = edge::start(&[&vars[0]], None)?;
    for (options, kind) in
        [("format=avif", "image/webp"), ("format=avif,width=60,max-bytes=2000", "image/avif")]
    {
        let target = format!("/image/{options}/a.jpg");
        let answer = edge.get(&target)?;
        ensure!((answer.status, answer.body.as_slice()) == (200, b"made there"), "{answer:?}");
        let answer = alone.get(&target)?;
        is_picture(&answer, "edge")?;
        ensure!(answer.media_type() == kind, "{options}: {answer:?}");
        let warned = answer.header("selvedge-warning").is_some_and(|it| it.contains("WebP"));
        ensure!(warned == (kind == "image/webp"), "{options}: {answer:?}");
    }
    // What the edge writes as the origin does it writes itself.
    let small = edge.get("/image/format=avif,width=60/a.jpg")?;
    is_picture(&small, "edge")?;
    ensure!(small.media_type() == "image/avif", "{small:?}");
    Ok(())
}

#[test]
fn the_origins_problem_is_passed_on() -> Result<()> {
    let stage = stage()?;
    let answer = stage.backed.get("/image/width=200/layers.psd")?;
    is_problem(&answer, 415, "unsupported")?;
    ensure!(answer.header("selvedge-made-by") == Some("origin"), "{answer:?}");
    // What is wrong everywhere is not handed over.
    let answer = stage.backed.get("/image/width=200/missing.jpg")?;
    is_problem(&answer, 404, "source-not-found")?;
    ensure!(answer.header("selvedge-made-by") == Some("edge"), "{answer:?}");
    Ok(())
}

#[test]
fn an_origin_that_is_down_is_a_problem() -> Result<()> {
    let stage = stage()?;
    let source = format!("SOURCE={}/files/", stage.upstream.url());
    // Nobody listens where somebody just did.
    let nobody = Upstream::start(|_| Reply::Hang)?.url();
    let edge = edge::start(&[&source, &format!("ORIGIN={nobody}")], None)?;
    let answer = edge.get(LARGE)?;
    is_problem(&answer, 503, "origin-failed")?;
    ensure!(answer.header("retry-after") == Some("5"), "{answer:?}");
    is_picture(&edge.get("/image/width=62/strong.jpg")?, "edge")
}

#[test]
fn a_handed_over_address_is_signed() -> Result<()> {
    let stage = stage()?;
    let base = format!("{}/files/", stage.upstream.url());
    let origin = origin::start(&base, &["--keys", KEY])?;
    let vars =
        [format!("SOURCE={base}"), format!("ORIGIN={}", origin.url()), format!("KEYS={KEY}")];
    let edge = edge::start(&vars.each_ref().map(String::as_str), None)?;
    let keys = selvedge_plan::signature::Keys::parse(KEY).map_err(anyhow::Error::msg)?;
    let rest = LARGE.trim_start_matches("/image");
    let signed = format!("/image/{}{rest}", keys.sign(rest).unwrap_or_default());
    is_problem(&origin.get(LARGE)?, 403, "not-signed")?;
    is_picture(&edge.get(&signed)?, "origin")
}
