//! `selvedge bench --compare`: two components over the same pictures, in turns.

mod measured;
mod plot;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use selvedge_plan::{Client, Options, Plan};

use super::super::shadow::page::page;
use super::super::{Failure, Shared, files, pictures, warn};
use crate::component::ComponentFile;
use crate::shadow::{Arm, Case, Effort, Job, Pair, Run, Summary};
use crate::source::Files;
use crate::stop::Stop;
use crate::transform::{Limits, Transformer};
use measured::{Measured, Took};

/// Pictures on the page.
const WORST: usize = 16;

/// What is compared.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Compare two components instead: what is named are pictures, or folders of them
    #[arg(long, num_args = 2, value_names = ["STABLE", "CANDIDATE"])]
    compare: Option<Vec<PathBuf>>,
    /// What is made of each picture, by both; may be given more than once
    #[arg(
        long,
        value_name = "OPTIONS",
        default_value = "width=640,format=webp",
        requires = "compare"
    )]
    plan: Vec<String>,
    /// How often each makes each picture
    #[arg(
        long,
        value_name = "N",
        default_value_t = 3,
        value_parser = clap::value_parser!(u32).range(1..=1_000),
        requires = "compare"
    )]
    turns: u32,
    /// Write a page with the worst of the pictures that differ
    #[arg(long, value_name = "HTML", requires = "compare")]
    page: Option<PathBuf>,
}

/// Does it, if it is asked for. `plot` is where the distributions go.
pub fn run(
    shared: &Shared,
    args: &Args,
    operands: &[String],
    plot: Option<&Path>,
) -> Option<Result<(), Failure>> {
    let [stable, candidate] = args.compare.as_deref()? else { return None };
    Some(compare(shared, args, [stable, candidate], operands, plot))
}

fn compare(
    shared: &Shared,
    args: &Args,
    components: [&PathBuf; 2],
    operands: &[String],
    plot: Option<&Path>,
) -> Result<(), Failure> {
    shared.start_log();
    let limits = Limits::default();
    let plan = |text: &String| -> Result<String, Failure> {
        Ok(Plan::new(&Options::parse(text)?, &Client::default())?.text())
    };
    let plans = args.plan.iter().map(plan).collect::<Result<Vec<_>, _>>()?;
    let machine = shared.machine(1, &limits)?;
    let load = |path: &PathBuf| -> Result<Arc<Transformer>, Failure> {
        Ok(Arc::new(machine.load(&ComponentFile::open(Some(path))?)?))
    };
    let [stable, candidate] = components;
    let (stable, candidate) = (load(stable)?, load(candidate)?);
    let operands: Vec<OsString> = operands.iter().map(OsString::from).collect();
    let (mut measured, mut runs, mut worst) = (Measured::default(), Vec::new(), Vec::new());
    let badness = |(run, _): &(Run, Case)| run.outcome.badness();
    for (number, picture) in (0_u32..).zip(&pictures::all(&operands, Path::new(""))?) {
        let source = files::read(&picture.path)?;
        for plan in &plans {
            let compared = |answers| {
                let (stable, candidate) = (Arc::clone(&stable), Arc::clone(&candidate));
                judged(Pair { stable, candidate, answers }, &source, plan, &limits)
            };
            let Some(done) = compared(Arm::Stable).or_else(|| compared(Arm::Candidate)) else {
                warn(&[format!("{}: no picture by either", picture.path.display())])?;
                continue;
            };
            if done.0.efforts().is_some() {
                let took = |component: &Transformer| Took::of(component, &source, plan, &limits);
                // Neither always comes first, and finds what the other has warmed up.
                for turn in 0..args.turns {
                    let early = ((number + turn) % 2 == 0).then(|| took(&stable)).transpose()?;
                    let candidate = took(&candidate)?;
                    let stable = early.map_or_else(|| took(&stable), Ok)?;
                    measured.took(plan, stable, candidate);
                }
            }
            measured.judged(&done.0);
            runs.push(done.0.clone());
            if badness(&done).is_some() {
                worst.push(done);
                worst.sort_by(|a, b| {
                    badness(b).unwrap_or(0.0).total_cmp(&badness(a).unwrap_or(0.0))
                });
                worst.truncate(WORST);
            }
        }
    }
    let summary = Summary::of(&runs);
    if let Some(path) = plot {
        files::write(path, plot::svg(&measured).as_bytes())?;
    }
    if let Some(path) = &args.page {
        files::write(path, page(&summary, &worst, &stable, &limits).as_bytes())?;
    }
    files::write(Path::new("-"), format!("{summary}\n{measured}").as_bytes())
}

/// A picture by both, and how the two compare; `None` if the one that begins gives none.
fn judged(pair: Pair, source: &[u8], plan: &str, limits: &Limits) -> Option<(Run, Case)> {
    let first = match pair.answers {
        Arm::Candidate => &pair.candidate,
        Arm::Stable => &pair.stable,
    };
    let rendered = first.transform(source.to_vec(), &[], plan, limits).ok()?;
    let sent = Effort::of(&rendered);
    let files = Files { source: source.to_vec(), overlays: Vec::new() };
    let job = Job { pair, files, plan: plan.to_owned(), picture: rendered.bytes, sent };
    job.run(limits, &Stop::default())
}
