//! `cargo xtask`: sets up, builds, runs and tests Selvedge. Rust and Node are all it needs.

mod bench;
mod bindings;
mod bundle;
mod command;
mod component;
mod conformance;
mod formats;
mod fuzz;
mod heif;
mod host;
mod npm;
mod process;
mod run;
mod samples;
mod step;
mod test;
mod tools;
mod worker;
mod workspace;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Measure against libvips, libjpeg-turbo and libwebp, and write `docs/bench`.
    Bench(bench::Options),
    /// Build the component, the host and the Worker.
    Build,
    /// Compare edge and origin, byte by byte, on every image below DIR (or on generated ones).
    Conformance {
        /// A folder with images.
        dir: Option<PathBuf>,
    },
    /// Build the component that goes wrong in the way that a test says, for drills of a rollout.
    Drill,
    /// Build all, then make every format of every other at both sides, and write the tables of it.
    Formats,
    /// Look for inputs that break what holds for all (fuzz/), as long as it is told to.
    Fuzz(fuzz::Options),
    /// Build all, then serve sample images from the edge and from the origin, on loopback.
    Run(run::Ports),
    /// Build all, then run every check and test.
    Test,
    /// Build the Worker, then check that it could be deployed, or serve it.
    Worker {
        #[command(subcommand)]
        what: Option<worker::Task>,
    },
}

fn main() -> ExitCode {
    match perform(Cli::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn perform(task: Task) -> Result<()> {
    match task {
        Task::Bench(options) => bench::run(&options),
        Task::Build => build(),
        Task::Conformance { dir } => conformance::run(dir.as_deref()),
        Task::Drill => build_drill(),
        Task::Formats => formats::run(),
        Task::Fuzz(options) => fuzz::run(&options),
        Task::Run(ports) => run::run(&ports),
        Task::Test => test::run(),
        Task::Worker { what: None } => {
            build_edge()?;
            worker::rehearse()
        }
        Task::Worker { what: Some(worker::Task::Dev { port }) } => worker::dev(port),
    }
}

/// Everything that is shipped, and the tools that it takes.
fn build() -> Result<()> {
    build_edge()?;
    heif::build()?;
    host::build()
}

/// What goes wrong as a test says, as a component and in a Worker.
fn build_drill() -> Result<()> {
    component::build_drill()?;
    bundle::build_drill()
}

/// What runs as WebAssembly.
fn build_edge() -> Result<()> {
    tools::ensure()?;
    component::build()?;
    bundle::build()?;
    npm::build()?;
    command::build()
}
