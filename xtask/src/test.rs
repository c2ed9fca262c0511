//! Every check and test.

use anyhow::Result;

use crate::step::step;
use crate::tools::WASM_TARGET;
use crate::{process, workspace};

/// The crates that are built for the machine at hand; the Worker's shell is not.
const NATIVE: [&str; 6] = [
    "selvedge",
    "selvedge-component",
    "selvedge-pixels",
    "selvedge-plan",
    "selvedge-tests",
    "xtask",
];

/// The crates that have tests.
const TESTED: [&str; 4] = [
    "selvedge",
    "selvedge-pixels",
    "selvedge-plan",
    "selvedge-tests",
];

/// Builds all, then runs them.
pub fn run() -> Result<()> {
    crate::build()?;
    cargo("Checking the format", &["fmt", "--all", "--check"], &[])?;
    let strict = ["--all-targets", "--", "-D", "warnings"];
    let clippy = [&["clippy", "--release"], packages(&NATIVE).as_slice()].concat();
    cargo("Checking the native crates", &clippy, &strict)?;
    let clippy = [
        "clippy",
        "--profile=wasm",
        "--target",
        WASM_TARGET,
        "-pselvedge-worker",
    ];
    cargo(
        "Checking the Worker's shell",
        &clippy,
        &["--", "-D", "warnings"],
    )?;
    let test = [&["test", "--release"], packages(&TESTED).as_slice()].concat();
    cargo("Testing", &test, &[])
}

fn packages<'a>(names: &[&'a str]) -> Vec<&'a str> {
    names.iter().flat_map(|name| ["--package", name]).collect()
}

fn cargo(what: &str, args: &[&str], rest: &[&str]) -> Result<()> {
    step(what, || {
        process::run(workspace::cargo().args(args).args(rest))
    })
}
