//! Edge against origin, byte by byte: the generated set, and the corpus where there is one.

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

fn is_clean(tally: &Tally) -> Result<()> {
    note(&tally.line());
    ensure!(tally.is_clean(), "{}\n{}", tally.line(), tally.differences.join("\n"));
    ensure!(tally.broken_alike == 0, "{} failures of both servers", tally.broken_alike);
    if tally.handed_over > 0 {
        note(&format!("{} were for the origin: too large, or HEIF", tally.handed_over));
    }
    Ok(())
}
