//! Every check and test.

use anyhow::Result;
use selvedge_tests::tools;

use crate::step::step;
use crate::tools::{WASI_TARGET, WASM_TARGET};
use crate::{component, heif, host, process, workspace};

/// The crates that run on the machine at hand.
const NATIVE: [&str; 10] = [
    "selvedge",
    "selvedge-decisions",
    "selvedge-fuzz",
    "selvedge-heic",
    "selvedge-heif",
    "selvedge-pixels",
    "selvedge-plan",
    "selvedge-tests",
    "selvedge-url",
    "xtask",
];

/// The crates that run as WebAssembly alone.
const WASM: [&str; 4] =
    ["selvedge-component", "selvedge-heic-component", "selvedge-quiet", "selvedge-worker"];

/// The crates that have tests.
const TESTED: [&str; 9] = [
    "selvedge",
    "selvedge-decisions",
    "selvedge-fuzz",
    "selvedge-heic",
    "selvedge-heif",
    "selvedge-pixels",
    "selvedge-plan",
    "selvedge-tests",
    "selvedge-url",
];

/// Builds all, then runs them.
pub fn run() -> Result<()> {
    crate::build_edge()?;
    crate::build_drill()?;
    heif::build()?;
    heif::reference()?;
    step("Looking for programs that tests compare with", || {
        tools::program("exiftool", "libimage-exiftool-perl")?;
        tools::program("dav1d", "dav1d")?;
        tools::pillow()?;
        Ok(())
    })?;
    // With its tests, and not by itself: these turn on features of crates below the engine, which
    // would then be built twice.
    let test = [&["test", "--release"], packages(&TESTED).as_slice(), heif::features()].concat();
    host::build_by(&[test.as_slice(), &["--no-run"]].concat())?;
    step("Building what decides in WebAssembly", || {
        let module = workspace::read(&component::core_module("selvedge-decisions")?)?;
        workspace::write(&workspace::decisions(), module)
    })?;
    cargo("Checking the format", &["fmt", "--all", "--check"], &[])?;
    let strict = ["--", "-D", "warnings"];
    let native = ["clippy", "--release", "--all-targets"];
    let native = [native.as_slice(), &packages(&NATIVE), heif::features()].concat();
    cargo("Checking the native crates", &native, &strict)?;
    let wasm = ["clippy", "--profile=wasm", "--target", WASM_TARGET];
    let wasm = [wasm.as_slice(), &packages(&WASM)].concat();
    cargo("Checking what runs as WebAssembly", &wasm, &strict)?;
    let wasi = ["clippy", "--profile=wasm", "--target", WASI_TARGET, "-p", "selvedge-command"];
    cargo("Checking what runs as a command", &wasi, &strict)?;
    // All failures of a run are worth more than the first.
    cargo("Testing", &[test.as_slice(), &["--no-fail-fast"]].concat(), &[])
}

fn packages<'a>(names: &[&'a str]) -> Vec<&'a str> {
    names.iter().flat_map(|name| ["--package", name]).collect()
}

fn cargo(what: &str, args: &[&str], rest: &[&str]) -> Result<()> {
    step(what, || {
        let mut cargo = workspace::cargo();
        // The tests of the host would look beside its program, which CARGO_TARGET_DIR moves.
        cargo.env("SELVEDGE_COMPONENT", workspace::component());
        cargo.env("SELVEDGE_HEIF", heif::product());
        process::run(cargo.args(args).args(rest))
    })
}
