//! Damaged and hostile files: an answer or a problem that says what is wrong, never a failure of the
//! server, and the next good request is served.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use selvedge_tests::http::{Answer, Client};
use selvedge_tests::pair::Pair;
use selvedge_tests::samples;
use selvedge_tests::tools::note;
use selvedge_tests::upstream::encoded;
use selvedge_tests::{broken, workspace};

const PLANS: [&str; 3] =
    ["width=200", "width=64,height=64,fit=cover,rotate=90,format=webp", "quality=50,format=png"];

const GOOD: &str = "good/photo.jpg";

#[test]
fn generated_damage_is_survived() -> Result<()> {
    let folder = workspace::scratch("hostile")?;
    let files = broken::write(&folder)?;
    survive(&folder, &files)
}

#[test]
fn the_bad_corpus_is_survived() -> Result<()> {
    let Some(bad) = workspace::corpus().map(|corpus| corpus.join("bad")) else {
        note("no corpus here: only generated damage is tested");
        return Ok(());
    };
    // Beside a good picture, so in a folder of the test's own.
    let folder = workspace::scratch("hostile-corpus")?;
    samples::small_set(&folder.join("good"))?;
    let mut files = Vec::new();
    for file in workspace::files_below(&bad)? {
        let name = file.file_name().unwrap_or_default();
        files.push(samples::put(&folder.join(name), &fs::read(&file)?)?);
    }
    survive(&folder, &files)
}

fn survive(folder: &Path, files: &[PathBuf]) -> Result<()> {
    let pair = Pair::serving(folder)?;
    let mut wrong = Vec::new();
    for (name, server) in pair.sides() {
        let mut client = server.client();
        let mut outcomes: BTreeMap<String, usize> = BTreeMap::new();
        let mut good = good_pictures();
        for file in files {
            let below = file.strip_prefix(folder)?.to_string_lossy();
            for plan in PLANS {
                let target = format!("/image/{plan}/{}", encoded(&below));
                let outcome = match client.get(&target) {
                    Ok(answer) => judged(&answer),
                    Err(error) => Err(format!("{error:#}")),
                };
                match outcome {
                    Ok(outcome) => *outcomes.entry(outcome).or_default() += 1,
                    Err(why) => wrong.push(format!("{name}: {target}: {why}")),
                }
            }
            if let Err(error) = serves_a_good_one(&mut client, &mut good) {
                wrong.push(format!("{name}: after {below}: {error:#}"));
            }
        }
        note(&format!("{name}: {} files, {outcomes:?}", files.len()));
    }
    ensure!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    Ok(())
}

/// A picture, or a problem that blames the source.
fn judged(answer: &Answer) -> Result<String, String> {
    match (answer.status, answer.code()) {
        (200, None) if answer.media_type().starts_with("image/") => Ok("picture".to_owned()),
        (400..500, Some(code)) => Ok(code),
        _ => Err(format!("{answer:?}")),
    }
}

/// Every one is another picture, so that no cache has it.
fn good_pictures() -> impl Iterator<Item = String> {
    (1..=100).flat_map(|quality| {
        (50..90).map(move |width| format!("/image/width={width},quality={quality}/{GOOD}"))
    })
}

fn serves_a_good_one(
    client: &mut Client,
    targets: &mut impl Iterator<Item = String>,
) -> Result<()> {
    let answer = client.get(&targets.next().unwrap_or_default())?;
    ensure!(answer.status == 200, "{answer:?}");
    ensure!(answer.media_type() == "image/jpeg", "{answer:?}");
    Ok(())
}

#[test]
fn hostile_targets_are_refused() -> Result<()> {
    let folder = workspace::scratch("hostile")?;
    samples::small_set(&folder.join("good"))?;
    let pair = Pair::serving(&folder)?;
    for (name, server) in pair.sides() {
        let mut good = good_pictures();
        for source in [
            "../../Cargo.toml",
            "good/../../../Cargo.toml",
            "%2e%2e/%2e%2e/Cargo.toml",
            "..%2f..%2fCargo.toml",
            "..%5c..%5cCargo.toml",
            "good%2fphoto.jpg",
            "/etc/passwd",
            "//etc/passwd",
            "file:///etc/passwd",
            "good/photo.jpg%00.png",
            "good/photo.jpg%",
            "good//photo.jpg",
            "good/.photo.jpg",
            "good/photo.jpg/",
            "good",
            "http://127.0.0.1:1/photo.jpg",
            "http://169.254.169.254/latest/meta-data/",
            "http://[::1]/photo.jpg",
            "http://user@127.0.0.1/photo.jpg",
            "http:/127.0.0.1/photo.jpg",
            "javascript:alert(1)",
        ] {
            let answer = server.get(&format!("/image/width=40/{source}"))?;
            let refused = (400..500).contains(&answer.status);
            ensure!(refused && answer.code().is_some(), "{name}: {source}: {answer:?}");
        }
        for options in ["", ",", "=", "width", "width=1,,", "width=%", "%00=1", "width=1%0d%0a"] {
            let answer = server.get(&format!("/image/{options}/{GOOD}"))?;
            ensure!(answer.status == 400, "{name}: `{options}`: {answer:?}");
        }
        serves_a_good_one(&mut server.client(), &mut good)?;
    }
    Ok(())
}
