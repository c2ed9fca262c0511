//! Two components at edge and origin: who makes what, and that both sides choose alike.

use std::fs;

use anyhow::{Context, Result, ensure};
use selvedge_plan::rollout::{self, Share};
use selvedge_plan::signature::Keys;
use selvedge_plan::source::Source;
use selvedge_tests::drill::Drill;
use selvedge_tests::http::Answer;
use selvedge_tests::process::Server;
use selvedge_tests::samples::{Jpeg, landscape};
use selvedge_tests::stage::{KEY, is_picture, is_problem};
use selvedge_tests::upstream::{Reply, Upstream};
use selvedge_tests::{edge, origin, picture, workspace};

/// What the edge does not write: AVIF of more than 2.56 megapixels.
const LARGE: &str = "format=avif";

/// Both sides, each with both components.
struct Sides {
    keys: Keys,
    edge: Server,
    origin: Server,
    stable: String,
    candidate: String,
    _photos: Upstream,
}

/// The candidate has a share at each side.
fn sides(at_the_edge: &str, at_the_origin: &str) -> Result<Sides> {
    let photo = Jpeg::default().encode(&landscape(1_800, 1_500))?;
    let photos = Upstream::start(move |_| Reply::Full(vec![], photo.clone()))?;
    let stable = picture::sha256(&fs::read(workspace::component()?)?);
    let Drill { file, bundle, digest: candidate } = Drill::make("add brightness=1.5")?;
    let file = format!("components.candidate={}", file.display());
    let share = format!("components.share={at_the_origin}");
    let base = format!("{}/", photos.url());
    let origin = origin::start(&base, &["--keys", KEY, "--set", &file, "--set", &share])?;
    let vars = [
        format!("SOURCE={base}"),
        format!("ORIGIN={}", origin.url()),
        format!("KEYS={KEY}"),
        format!("SHARE={at_the_edge}"),
    ];
    let flags = ["--candidate", &bundle.to_string_lossy()];
    let edge = edge::start_with(&vars.each_ref().map(String::as_str), None, &flags)?;
    let keys = Keys::parse(KEY).map_err(anyhow::Error::msg)?;
    Ok(Sides { keys, edge, origin, stable, candidate, _photos: photos })
}

impl Sides {
    fn target(&self, options: &str, source: &str) -> String {
        let rest = format!("/{options}/{source}");
        format!("/image/{}{rest}", self.keys.sign(&rest).unwrap_or_default())
    }

    /// The short digest of whom a source belongs to.
    fn owner(&self, share: &str, source: &str) -> Result<&str> {
        let share: Share = share.parse().map_err(anyhow::Error::msg)?;
        let is = share.has(&Source::parse(source).map_err(anyhow::Error::msg)?);
        Ok(short(if is { &self.candidate } else { &self.stable }))
    }

    fn choose(&self, short: &str) -> Result<String> {
        rollout::choose(short, u64::MAX, &self.keys).context("no key")
    }
}

fn short(digest: &str) -> &str {
    digest.get(..16).unwrap_or_default()
}

fn component(answer: &Answer) -> &str {
    answer.header("selvedge-component").unwrap_or_default()
}

#[test]
fn edge_and_origin_choose_alike() -> Result<()> {
    let sides = sides("1/2", "1/2")?;
    let mut owners = Vec::new();
    for number in 0..12 {
        let source = format!("{number}.jpg");
        let owner = sides.owner("1/2", &source)?;
        let target = sides.target("width=40", &source);
        let (there, here) = (sides.origin.get(&target)?, sides.edge.get(&target)?);
        is_picture(&there, "origin")?;
        is_picture(&here, "edge")?;
        ensure!((component(&there), component(&here)) == (owner, owner), "{source}: {here:?}");
        ensure!(there.body == here.body && there.header("etag") == here.header("etag"), "{source}");
        ensure!(there.header("cache-tag") == here.header("cache-tag"), "{source}");
        // The other one makes another picture, so that it matters who it was.
        let other = if owner == short(&sides.stable) { &sides.candidate } else { &sides.stable };
        let choice = sides.choose(short(other))?;
        let other = sides.origin.send("GET", &target, &[(rollout::CHOOSE, &choice)])?;
        is_picture(&other, "origin")?;
        ensure!(component(&other) != owner && other.body != here.body, "{source}");
        let again = sides.edge.get(&target)?;
        ensure!(again.header("selvedge-cache") == Some("hit"), "{again:?}");
        ensure!(component(&again) == owner, "{again:?}");
        // Whoever logs it, the first in line too, names who made it.
        let line = sides.edge.logged(&format!("/image/sig=k1.***/width=40/{source}"))?;
        ensure!(line["selvedge.component"] == owner, "{line}");
        owners.push(owner);
    }
    owners.sort_unstable();
    owners.dedup();
    ensure!(owners.len() == 2, "{owners:?}");
    Ok(())
}

#[test]
fn what_is_handed_over_is_made_by_the_edges_component() -> Result<()> {
    // The origin by itself would have all made by the stable one.
    let sides = sides("1/2", "0")?;
    for number in 0..4 {
        let source = format!("{number}.jpg");
        let answer = sides.edge.get(&sides.target(LARGE, &source))?;
        is_picture(&answer, "origin")?;
        ensure!(component(&answer) == sides.owner("1/2", &source)?, "{source}: {answer:?}");
        ensure!(answer.header("cache-control") != Some("no-store"), "{answer:?}");
    }
    Ok(())
}

#[test]
fn a_tester_chooses_at_the_edge() -> Result<()> {
    let sides = sides("0", "0")?;
    let target = sides.target("width=41", "1.jpg");
    let short = short(&sides.candidate);
    let choice = sides.choose(short)?;
    let answer = sides.edge.send("GET", &target, &[(rollout::CHOOSE, &choice)])?;
    ensure!(component(&answer) == short, "{answer:?}");
    ensure!(answer.header("cache-control") == Some("no-store"), "{answer:?}");
    let plain = sides.edge.get(&target)?;
    ensure!(component(&plain) == sides.owner("0", "1.jpg")?, "{plain:?}");
    Ok(())
}

#[test]
fn where_the_candidate_gives_no_answer_the_stable_one_does() -> Result<()> {
    let bundle = workspace::scratch("candidate-gone")?;
    let script = "export default { fetch() { throw new Error(\"gone\"); } };";
    fs::write(bundle.join("entry.js"), script)?;
    let photo = Jpeg::default().encode(&landscape(60, 40))?;
    let photos = Upstream::start(move |_| Reply::Full(vec![], photo.clone()))?;
    let vars = [format!("SOURCE={}/", photos.url()), format!("KEYS={KEY}"), "SHARE=1".to_owned()];
    let flags = ["--candidate", &bundle.to_string_lossy()];
    let edge = edge::start_with(&vars.each_ref().map(String::as_str), None, &flags)?;
    let keys = Keys::parse(KEY).map_err(anyhow::Error::msg)?;
    let rest = "/width=40/a.jpg";
    let target = format!("/image/{}{rest}", keys.sign(rest).unwrap_or_default());
    let stable = picture::sha256(&fs::read(workspace::component()?)?);
    let answer = edge.get(&target)?;
    is_picture(&answer, "edge")?;
    ensure!(component(&answer) == short(&stable), "{answer:?}");
    // Who asks for that one by name is told.
    let choice = rollout::choose("0123456789abcdef", u64::MAX, &keys).context("no key")?;
    let answer = edge.send("GET", &target, &[(rollout::CHOOSE, &choice)])?;
    is_problem(&answer, 500, "internal")
}

#[test]
fn a_share_of_nobody_is_no_configuration() -> Result<()> {
    let edge = edge::start(&["SHARE=1/16", "SOURCE=https://photos.test/"], None)?;
    let answer = edge.get("/image/width=40/a.jpg")?;
    is_problem(&answer, 500, "misconfigured")?;
    ensure!(String::from_utf8_lossy(&answer.body).contains("CANDIDATE"), "{answer:?}");
    Ok(())
}
