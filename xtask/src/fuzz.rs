//! libFuzzer, which looks for inputs by what they reach in the code, on the stable compiler.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};

use crate::step::{note, step};
use crate::{process, workspace};

/// What makes the compiler count the edges that an input takes, as libFuzzer reads them. Overflows
/// of numbers panic, which in what is shipped they do not.
const FLAGS: [&str; 8] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Ccodegen-units=1",
    "-Cdebug-assertions",
    "-Coverflow-checks",
];

/// Longer files than this tell little that shorter ones do not, and take their time.
const LARGEST: u64 = 110_000;

/// For what is looked.
#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Target {
    /// Pictures to write as AVIF.
    Avif,
    /// Damaged pictures.
    Decode,
    /// Options and sizes.
    Geometry,
    /// Damaged stills of HEIC.
    Heic,
    /// Damaged PNG whose checksums do not tell.
    Png,
    /// Requests.
    Requests,
    /// Damaged WebP, and pictures to write as WebP.
    Webp,
}

impl Target {
    fn name(self) -> &'static str {
        match self {
            Self::Avif => "avif",
            Self::Decode => "decode",
            Self::Geometry => "geometry",
            Self::Heic => "heic",
            Self::Png => "png",
            Self::Requests => "requests",
            Self::Webp => "webp",
        }
    }
}

/// How long to look, and for what.
#[derive(Args)]
pub struct Options {
    /// For what to look.
    #[arg(long, value_enum, default_value_t = Target::Decode)]
    target: Target,
    /// Seconds to look for.
    #[arg(long, default_value_t = 600)]
    seconds: u32,
}

/// Builds the fuzzer and runs it on the sample images, on what earlier runs kept, and on the corpus
/// where there is one.
pub fn run(options: &Options) -> Result<()> {
    let target = step("Building the fuzzer (a C++ compiler is needed)", || build(options.target))?;
    let folder = workspace::products().join("fuzz").join(options.target.name());
    let seeds = folder.join("seeds");
    fs::create_dir_all(&seeds)?;
    seed(options.target, &seeds)?;
    let kept = folder.join("kept");
    fs::create_dir_all(&kept)?;
    note(format!("what fails is written to {}", folder.display()));
    step("Looking for inputs that break what holds for all", || {
        let mut fuzzer = Command::new(target);
        fuzzer.arg(format!("-max_total_time={}", options.seconds));
        fuzzer.arg(format!("-max_len={LARGEST}"));
        fuzzer.arg(format!("-artifact_prefix={}/", folder.display()));
        fuzzer.args(["-timeout=20", "-rss_limit_mb=2048", "-verbosity=0", "-print_final_stats=1"]);
        process::run(fuzzer.arg(&kept).arg(&seeds))
    })
}

/// Files to begin with: pictures, or the written requests.
fn seed(target: Target, seeds: &Path) -> Result<()> {
    if target == Target::Decode {
        selvedge_tests::samples::small_set(seeds)?;
        if let Some(corpus) = selvedge_tests::workspace::corpus() {
            for folder in ["bad", "gif", "jpeg", "other"] {
                copy_small(&corpus.join(folder), seeds)?;
            }
        }
        return Ok(());
    }
    if target == Target::Avif {
        // A way of writing, width, height, whether there is alpha, and samples.
        for plan in 0..8 {
            fs::write(seeds.join(plan.to_string()), [plan, 99, 70, plan / 4, 9, 99, 200, 30, 31])?;
        }
        return Ok(());
    }
    if target == Target::Png {
        samples_of("png", seeds)?;
        for folder in ["colours", "metadata"] {
            copy_small(&workspace::root().join("tests/golden").join(folder), seeds)?;
        }
        if let Some(corpus) = selvedge_tests::workspace::corpus() {
            copy_small(&corpus.join("png"), seeds)?;
            copy_small(&corpus.join("png/suite"), seeds)?;
        }
        return Ok(());
    }
    if target == Target::Webp {
        samples_of("webp", seeds)?;
        // Pictures: a way of writing, width, height, whether there is alpha, and samples.
        for plan in 0..7 {
            fs::write(seeds.join(plan.to_string()), [plan, 33, 18, plan / 2, 9, 99, 200, 30, 31])?;
        }
        if let Some(corpus) = selvedge_tests::workspace::corpus() {
            copy_small(&corpus.join("webp"), seeds)?;
        }
        return Ok(());
    }
    if target == Target::Heic {
        return copy_small(&workspace::root().join("tests/golden/heic"), seeds);
    }
    let vectors = selvedge_decisions::vectors::all().map_err(anyhow::Error::msg)?;
    for (number, vector) in vectors.iter().enumerate() {
        let options =
            vector.target.rsplit("/image/").next().and_then(|rest| rest.split('/').next());
        let text = match target {
            Target::Geometry => format!("seed{}", options.unwrap_or_default()),
            _ => vector.target.clone(),
        };
        fs::write(seeds.join(number.to_string()), text)?;
    }
    Ok(())
}

/// The small samples of one kind.
fn samples_of(ending: &str, seeds: &Path) -> Result<()> {
    for path in selvedge_tests::samples::small_set(seeds)? {
        if path.extension().is_none_or(|extension| extension != ending) {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

fn build(target: Target) -> Result<PathBuf> {
    let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    let version = String::from_utf8(process::output(rustc.arg("-vV"))?)?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    let host = host.context("rustc does not say what it runs on")?;
    // In a folder of its own: nothing else is built with these flags.
    let folder = workspace::cargo_target()?.join("fuzz");
    let mut cargo = workspace::cargo();
    cargo.env("RUSTFLAGS", FLAGS.join(" ")).env("CARGO_TARGET_DIR", &folder);
    // With a target the flags are not for build scripts.
    cargo.args(["build", "--release", "--target", host, "--package", "selvedge-fuzz"]);
    process::run(cargo.args(["--features", "libfuzzer", "--bin", target.name()]))?;
    Ok(folder.join(host).join("release").join(target.name()))
}

fn copy_small(from: &Path, to: &Path) -> Result<()> {
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let small = path.metadata().is_ok_and(|known| known.is_file() && known.len() <= LARGEST);
        if let Some(name) = path.file_name().filter(|_| small) {
            fs::copy(&path, to.join(name))?;
        }
    }
    Ok(())
}
