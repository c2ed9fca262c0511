//! The command line: one file for each subcommand.

mod batch;
mod bench;
mod bundle;
mod components;
mod config;
mod door;
mod explain;
mod files;
mod limits;
mod manual;
mod options;
mod pictures;
mod probe;
mod purge;
mod rollout;
mod rules;
mod serve;
mod settings;
mod shadow;
mod sign;
mod ticket;
mod transform;
mod verify;
mod walk;

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand};
use tracing::level_filters::LevelFilter;

use crate::component::{self, ComponentFile};
use crate::engine::Settings;
use crate::heif::{self, Heif};
use crate::serve::log;
use crate::transform::{Limits, Machine, Transformer};

/// Transforms images, here or over HTTP, with one WebAssembly component.
#[derive(Debug, Parser)]
#[command(name = "selvedge", version)]
struct Cli {
    #[command(flatten)]
    shared: Shared,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Bench(bench::Args),
    Bundle(bundle::Args),
    Components(components::Args),
    Completions(manual::CompletionsArgs),
    Config(config::Args),
    Explain(explain::Args),
    Man(manual::ManArgs),
    Options(options::Args),
    Probe(probe::Args),
    Purge(purge::Args),
    Rollout(rollout::Args),
    Serve(serve::Args),
    Shadow(shadow::Args),
    Sign(sign::Args),
    Transform(transform::Args),
    Verify(verify::Args),
}

/// What every subcommand understands.
#[derive(Debug, clap::Args)]
struct Shared {
    /// The component [default: selvedge-image.wasm beside this program or one folder above]
    #[arg(long, value_name = "FILE", global = true, env = component::VARIABLE)]
    component: Option<PathBuf>,
    /// The program that runs libheif, for HEIC and AVIF [default: selvedge-heif beside this program]
    #[arg(long, value_name = "FILE", global = true, env = heif::VARIABLE)]
    heif: Option<PathBuf>,
    /// Tell what is being done, on standard error
    #[arg(long, short, global = true)]
    verbose: bool,
}

impl Shared {
    /// The component, ready to run `slots` times at once, each as long as `limits` say.
    fn transformer(&self, slots: usize, limits: &Limits) -> Result<Transformer, Failure> {
        let component = ComponentFile::open(self.component.as_deref())?;
        Ok(self.machine(slots, limits)?.load(&component)?)
    }

    /// What components run in, with room for `slots` transforms at once.
    fn machine(&self, slots: usize, limits: &Limits) -> Result<Machine, Failure> {
        let settings = Settings {
            slots: u32::try_from(slots).unwrap_or(u32::MAX),
            interruption: !limits.deadline.is_zero(),
        };
        Ok(Machine::new(settings)?.with_heif(Heif::new(self.heif.as_deref())))
    }

    /// Progress is for people who watch, or who ask for it.
    fn start_log(&self) {
        let watched = self.verbose || io::stderr().is_terminal();
        let least = if watched { LevelFilter::INFO } else { LevelFilter::WARN };
        log::start_brief(least);
    }
}

/// Why a command ends without success.
enum Failure {
    /// It could not be done. One line says why.
    Failed(String),
    /// It was asked for in a way that has no meaning.
    Usage(String),
    /// Settings are wrong. One line for each.
    Wrong(Vec<String>),
}

impl Failure {
    /// All of it on one line.
    fn line(self) -> String {
        match self {
            Self::Failed(why) | Self::Usage(why) => why,
            Self::Wrong(all) => all.join("; "),
        }
    }
}

impl<E: Display> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Failed(error.to_string())
    }
}

/// Runs the command line: status 0 for success, 1 for failure, 2 for a command that makes no sense.
pub fn main() -> ExitCode {
    let Cli { shared, command } = Cli::parse();
    let done = match command {
        Command::Bench(args) => bench::run(&shared, &args),
        Command::Bundle(args) => bundle::run(&shared, &args),
        Command::Components(args) => components::run(&args),
        Command::Completions(args) => manual::completions(&args),
        Command::Config(args) => config::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Man(args) => manual::pages(&args),
        Command::Options(args) => options::run(&args),
        Command::Probe(args) => probe::run(&shared, &args),
        Command::Purge(args) => purge::run(&shared, &args),
        Command::Rollout(args) => rollout::run(&args),
        Command::Serve(args) => serve::run(&shared, args),
        Command::Shadow(args) => shadow::run(&shared, &args),
        Command::Sign(args) => sign::run(&args),
        Command::Transform(args) => transform::run(&shared, args),
        Command::Verify(args) => verify::run(&shared, &args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Usage(why)) => {
            let error = Cli::command().error(ErrorKind::WrongNumberOfValues, why);
            let _ = error.print();
            ExitCode::from(2)
        }
        Err(Failure::Failed(why)) => failed(&[why]),
        Err(Failure::Wrong(all)) => failed(&all),
    }
}

/// Tells each reason on a line of its own.
fn failed(reasons: &[String]) -> ExitCode {
    let mut out = io::stderr().lock();
    for why in reasons {
        // Standard error may be closed: then there is nobody to tell, and no reason to panic.
        let _ = writeln!(out, "selvedge: {}", one_line(why));
    }
    ExitCode::FAILURE
}

/// Prints what is amiss with pictures that were made all the same.
fn warn(warnings: &[String]) -> io::Result<()> {
    let mut out = io::stderr().lock();
    warnings.iter().try_for_each(|why| writeln!(out, "selvedge: warning: {}", one_line(why)))
}

/// A message on one line: what it quotes may come from anywhere.
fn one_line(text: &str) -> String {
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    text.trim().chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn messages_stay_on_one_line() {
        assert_eq!(one_line("a\nb\u{1b}[31m\n"), "a b [31m");
    }
}
