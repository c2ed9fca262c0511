//! The written requests, as both real servers answer them.

use anyhow::{Result, ensure};
use selvedge_decisions::vectors::{self, Vector};
use selvedge_tests::http::Answer;
use selvedge_tests::samples::{self, Canvas, Jpeg};
use selvedge_tests::upstream::Upstream;
use selvedge_tests::{edge, origin, workspace};

/// The files that the requests name.
const FILES: &[&str] = &["a.jpg", "a.png", "a.gif", "dir/a.jpg", "dir/a b.jpg", "logo.png"];

const DIALECTS: &str = "next,ipx,weserv,thumbor,imgproxy,showmax";
const PRESETS: &str = "thumb:width=200,height=200,fit=cover soft:quality=40";
const ALLOW: &str = "https://example.com,https://*.example.net/photos";
const KEYS: &str = "k1:000102030405060708090a0b0c0d0e0f";

/// What only a decision without a network, a URL parser on the way, or at a given time can tell.
fn is_for_servers(vector: &Vector) -> bool {
    let target = vector.target.to_ascii_lowercase();
    let sent = target.bytes().all(|b| b.is_ascii_graphic()) && !target.contains("..");
    let climbs = target.contains("%2e");
    let fetches = vector.problem().is_none() && target.contains("example.");
    // The edge has no origin here to hand it over to.
    let at_origin = vector.problem().is_none() && target.contains("format=heic");
    sent && !climbs && !fetches && !at_origin && !target.contains("expires=")
}

/// How an answer is not what a request says that must be decided.
fn difference(vector: &Vector, answer: &Answer) -> Option<String> {
    let Some(code) = vector.problem() else {
        let header = |name: &str| answer.header(name).unwrap_or_default();
        let fits = answer.status == 200
            && vector.text("vary").is_none_or(|vary| header("vary") == vary)
            && vector.text("warning").is_none_or(|part| header("selvedge-warning").contains(part))
            && vector.text("disposition").is_none_or(|it| header("content-disposition") == it);
        return (!fits).then(|| format!("{answer:?}"));
    };
    let said = String::from_utf8_lossy(&answer.body).contains(&format!("\"code\":\"{code}\""));
    (!said).then(|| format!("expected {code}: {answer:?}"))
}

#[test]
fn both_servers_answer_as_is_decided() -> Result<()> {
    let folder = workspace::scratch("vectors")?;
    let picture = Jpeg::default().encode(&Canvas::plain(160, 120, [90, 140, 120]))?;
    for file in FILES {
        samples::put(&folder.join(file), &picture)?;
    }
    let frames = [[90, 140, 120], [10, 40, 200]].map(|colour| Canvas::plain(60, 40, colour));
    samples::put(&folder.join("frames.gif"), &samples::gif(&frames)?)?;
    let upstream = Upstream::folder(folder.clone())?;
    let vars = [
        format!("SOURCE={}/", upstream.url()),
        format!("DIALECTS={DIALECTS}"),
        format!("PRESETS={PRESETS}"),
        format!("ALLOW={ALLOW}"),
        format!("KEYS={KEYS}"),
        "UNSIGNED=true".to_owned(),
    ];
    let edge = edge::start(&vars.each_ref().map(String::as_str), None)?;
    let args =
        ["--dialects", DIALECTS, "--presets", PRESETS, "--allow", ALLOW, "--keys", KEYS, "--dev"];
    let origin = origin::start(&folder.to_string_lossy(), &args)?;
    let (mut at_edge, mut at_origin) = (edge.client(), origin.client());
    let (mut wrong, mut asked) = (Vec::new(), 0);
    for vector in vectors::all().map_err(anyhow::Error::msg)?.iter().filter(|v| is_for_servers(v)) {
        let headers = vector.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let headers: Vec<(&str, &str)> = headers.collect();
        let one = at_edge.send("GET", &vector.target, &headers)?;
        let other = at_origin.send("GET", &vector.target, &headers)?;
        if one.status != other.status || one.body != other.body {
            wrong.push(format!("{}: edge {one:?}, origin {other:?}", vector.target));
        }
        for (side, answer) in [("edge", one), ("origin", other)] {
            let different = difference(vector, &answer);
            wrong.extend(different.map(|how| format!("{side} {}: {how}", vector.target)));
        }
        asked += 1;
    }
    ensure!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    ensure!(asked > 100, "only {asked} requests are for servers");
    Ok(())
}
