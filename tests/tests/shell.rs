//! The Worker's shell stays thin: what it decides belongs into `selvedge-plan`, where it is tested natively.

use std::fs;

use anyhow::{Result, ensure};
use selvedge_tests::tools::note;
use selvedge_tests::workspace;

/// Lines of Rust in `edge/worker/src`, declarations of what JavaScript does among them.
const LINES: usize = 500;

#[test]
fn the_shell_is_thin() -> Result<()> {
    let files = workspace::files_below(&workspace::root().join("edge/worker/src"))?;
    ensure!(!files.is_empty(), "no shell");
    let mut lines = 0;
    for file in files {
        lines += code(&fs::read_to_string(&file)?);
    }
    note(&format!("{lines} lines"));
    ensure!(lines <= LINES, "expected at most {LINES} lines, got {lines}");
    Ok(())
}

/// Lines that are neither blank nor comments from their first character on. The formatter has one form for
/// everything, so nothing is gained by longer lines.
fn code(text: &str) -> usize {
    let lines = text.lines().map(str::trim);
    lines.filter(|line| !line.is_empty() && !line.starts_with("//")).count()
}

#[test]
fn lines_are_counted_without_comments() {
    assert_eq!(code("//! a\n\n/// b\nfn c() { // d\n    // e\n}\n"), 2);
}
