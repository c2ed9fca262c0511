//! Every format that is read by every one that is written: the tables of `docs/formats.md` and of
//! `docs/formats-digests.md`.

use anyhow::Result;
use selvedge_tests::matrix::{check, kinds, rows};
use selvedge_tests::tools::note;

#[test]
fn every_format_becomes_every_format() -> Result<()> {
    let rows = rows()?;
    let missing = kinds()?.len() - rows.len();
    if missing > 0 {
        note(&format!("without libheif {missing} kinds of files are left out"));
    }
    check(&rows)
}
