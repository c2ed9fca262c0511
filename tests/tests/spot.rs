//! Spot checks: what the real edge tells of its pictures, and what the real origin makes of that.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use selvedge_plan::signature::Keys;
use selvedge_tests::samples::{Jpeg, landscape};
use selvedge_tests::stage::{KEY, is_picture};
use selvedge_tests::upstream::{Asked, Reply, Upstream};
use selvedge_tests::{edge, origin};

/// Waits for what comes behind an answer.
fn first(upstream: &Upstream, target: &str) -> Result<Asked> {
    let began = Instant::now();
    loop {
        if let Some(asked) = upstream.requests(target).into_iter().next() {
            return Ok(asked);
        }
        ensure!(began.elapsed() < Duration::from_secs(60), "nobody asks for {target}");
        thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn what_the_edge_made_the_origin_makes_again() -> Result<()> {
    let photo = Jpeg::default().encode(&landscape(300, 200))?;
    let base = Upstream::start(move |_| Reply::Full(vec![], photo.clone()))?;
    let relay = Upstream::start(|_| Reply::Full(vec![], vec![]))?;
    let keys = Keys::parse(KEY).map_err(anyhow::Error::msg)?;
    let source = format!("{}/", base.url());
    let vars = [
        format!("SOURCE={source}"),
        format!("ORIGIN={}", relay.url()),
        format!("KEYS={KEY}"),
        "SPOT_CHECKS=1".to_owned(),
    ];
    let edge = edge::start(&vars.each_ref().map(String::as_str), None)?;
    let origin = origin::start(&source, &["--keys", KEY])?;
    for format in ["jpeg", "webp", "png"] {
        let rest = format!("/width=90,format={format}/photo.jpg");
        let target = format!("/image/{}{rest}", keys.sign(&rest).unwrap_or_default());
        is_picture(&edge.get(&target)?, "edge")?;
        let told = first(&relay, &target)?;
        let headers: Vec<(&str, &str)> =
            told.headers.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let is_sent = |(name, _): &(&str, &str)| *name == "via" || name.starts_with("selvedge-");
        let spot: Vec<_> = headers.into_iter().filter(is_sent).collect();
        let answer = origin.send("GET", &target, &spot)?;
        ensure!(
            (answer.status, answer.header("selvedge-spot")) == (204, Some("same")),
            "{answer:?}"
        );
    }
    Ok(())
}
