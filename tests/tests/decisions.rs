//! What is decided of a request, natively and in WebAssembly: the same, to the letter.

use std::env;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use selvedge_decisions::{digest, vectors};
use selvedge_tests::workspace;

/// Random requests in a block. One that differs is found among so many.
const COUNT: u32 = 1_000;

/// How many blocks there are, a million requests in all, unless `SELVEDGE_BLOCKS` says another number.
const BLOCKS: u32 = 1_000;

#[test]
fn native_and_webassembly_decide_alike() -> Result<()> {
    let blocks = match env::var("SELVEDGE_BLOCKS") {
        Ok(blocks) => blocks.parse().context("SELVEDGE_BLOCKS")?,
        Err(_) => BLOCKS,
    };
    let mut node = Command::new("node");
    node.arg(workspace::root().join("tests/decisions/agree.mjs"));
    node.arg(workspace::decisions()?).args([blocks.to_string(), COUNT.to_string()]);
    let output = node.output().context("node")?;
    let said = String::from_utf8(output.stdout)?;
    let mut lines = said.lines();
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    ensure!(vectors::failures().is_empty(), "{:?}", vectors::failures());
    ensure!(lines.next() == Some("0"), "written requests are decided otherwise: {said}");
    for seed in 0..blocks {
        let native = format!("{:x}", digest(seed, COUNT));
        ensure!(lines.next() == Some(&native), "block {seed} differs: native {native}");
    }
    Ok(())
}
