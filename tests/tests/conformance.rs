//! Edge against origin, byte by byte: the generated set, and the corpus where there is one.

use std::fs;

use anyhow::{Result, ensure};
use selvedge_tests::conformance::{self, Tally};
use selvedge_tests::tools::note;
use selvedge_tests::{samples, workspace};

#[test]
fn the_generated_set_is_the_same_on_both_sides() -> Result<()> {
    let folder = workspace::scratch("small")?;
    let files = samples::small_set(&folder)?;
    let tally = conformance::run(Some(&folder))?;
    is_clean(&tally)?;
    let pairs = files.len() * conformance::PLANS.len();
    ensure!(tally.equal == pairs, "something was refused: {}", tally.line());
    Ok(())
}

#[test]
fn the_corpus_is_the_same_on_both_sides() -> Result<()> {
    let Some(corpus) = workspace::corpus() else {
        note("no corpus here: only the generated set is compared");
        return Ok(());
    };
    is_clean(&conformance::run(Some(&corpus))?)
}

/// Stills of every shape: what the component reads is made at both, and what it does not at the origin.
#[test]
fn stills_are_the_same_on_both_sides() -> Result<()> {
    let folder = workspace::scratch("stills")?;
    let golden = workspace::root().join("tests/golden/heic");
    let (mut read, mut others) = (0, 0);
    for line in fs::read_to_string(golden.join("expected.tsv"))?.lines().skip(1) {
        let name = format!("{}.heic", line.split('\t').next().unwrap_or_default());
        samples::put(&folder.join(&name), &fs::read(golden.join(&name))?)?;
        *if line.ends_with("unsupported") { &mut others } else { &mut read } += 1;
    }
    let tally = conformance::run(Some(&folder))?;
    is_clean(&tally)?;
    let plans = conformance::PLANS.len();
    ensure!(tally.equal == read * plans, "of {read} stills: {}", tally.line());
    // Without libheif they are refused alike.
    ensure!(tally.handed_over + tally.refused_alike == others * plans, "{}", tally.line());
    Ok(())
}

fn is_clean(tally: &Tally) -> Result<()> {
    note(&tally.line());
    ensure!(tally.is_clean(), "{}\n{}", tally.line(), tally.differences.join("\n"));
    ensure!(tally.broken_alike == 0, "{} failures of both servers", tally.broken_alike);
    if tally.handed_over > 0 {
        note(&format!("{} were for the origin: too large, or for libheif", tally.handed_over));
    }
    Ok(())
}
