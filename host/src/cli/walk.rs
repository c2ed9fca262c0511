//! `selvedge rollout walk`: the steps of a rollout, each taken when the evidence allows it, and taken back
//! when that speaks against the candidate.

use std::path::Path;
use std::time::Instant;

use selvedge_plan::rollout::Share;
use serde::de::DeserializeOwned;
use tokio::time;

use super::door::Door;
use super::{Failure, files, settings};
use crate::components::State;
use crate::config::units::Time;
use crate::observe::short;
use crate::purge::{self, Purger};
use crate::rollout::{Finding, Gate, Known, Verdict};

/// Let the candidate have more and more of the sources, as long as it is as good as the stable one
///
/// A step is taken when the candidate failed no more often, was no slower, and made no bad pictures, with
/// enough of it to be sure. When it is surely worse the older component makes all pictures again at once, and
/// the caches of the section [purge] are told to forget what the candidate made; that ends with status 1.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The shares, with commas between them; those up to the present one are passed over
    #[arg(long, value_name = "SHARES", value_delimiter = ',', default_value = "1/16,1/2,1")]
    steps: Vec<Share>,
    /// How long each share is kept at least
    #[arg(long, value_name = "TIME", default_value = "1440m")]
    hold: Time,
    /// How often the server is asked
    #[arg(long, value_name = "TIME", default_value = "2s")]
    every: Time,
    /// By how much more of its transforms may fail, and how much of its pictures may be bad
    #[arg(long, value_name = "RATE", default_value_t = 0.01)]
    failures: f64,
    /// How many times the time of a transform it may take
    #[arg(long, value_name = "TIMES", default_value_t = 1.25)]
    slower: f64,
    /// Go on without shadow runs, which are what compares pictures
    #[arg(long)]
    unseen: bool,
    #[command(flatten)]
    settings: settings::Base,
}

/// Where the walk is.
struct Walk<'a> {
    door: &'a Door,
    args: &'a Args,
    gate: Gate,
    /// What was known when it began.
    begun: Known,
}

/// Walks until the candidate is promoted.
pub async fn run(door: &Door, args: &Args) -> Result<(), Failure> {
    let Args { failures, slower, unseen, .. } = args;
    let gate = Gate { failures: *failures, slower: *slower, compare: !unseen };
    let purge = args.settings.load()?.config.purge;
    let begun: Known = read(&door.ask("/rollout/evidence").await?)?;
    if gate.compare && begun.pairs.is_none() {
        return Err("no pictures are compared: set shadow.sample, or go on with --unseen".into());
    }
    let before: State = read(&door.ask("/rollout").await?)?;
    let candidate = before.candidate.clone().ok_or("there is no candidate")?;
    let share: Share = before.share.parse()?;
    let mut walk = Walk { door, args, gate, begun };
    for step in args.steps.iter().filter(|step| **step >= share) {
        walk.gate.slower = slower_at(*step, args);
        let now: State = read(&door.order(&format!("/rollout/set?share={step}")).await?)?;
        say(&format!("{step} of the sources: {}", short(&candidate)))?;
        if let Some(why) = walk.step(&State { share: step.to_string(), ..now }).await? {
            door.order("/rollout/rollback").await?;
            say(&format!("rolled back: {why}"))?;
            if purge.is_set() {
                let tag = purge::of_component(&candidate);
                Purger::new(&purge)?.purge(&tag).await?;
                say(&format!("purged {tag}"))?;
            }
            return Err(format!("{} is worse: {why}", short(&candidate)).into());
        }
    }
    door.order("/rollout/promote").await?;
    say(&format!("promoted {}", short(&candidate)))
}

/// How many times the time of a transform the candidate may take. When it makes all pictures there is nothing
/// of the same hour to compare its times with.
fn slower_at(step: Share, args: &Args) -> f64 {
    if step == Share::ALL { f64::INFINITY } else { args.slower }
}

impl Walk<'_> {
    /// Waits until the evidence of one step is enough to go on, or to go back: then it tells why.
    async fn step(&mut self, expected: &State) -> Result<Option<String>, Failure> {
        let (began, mut base): (_, Known) = (Instant::now(), self.known().await?);
        let mut told = None;
        loop {
            time::sleep(self.args.every.0).await;
            let (state, now) = match self.look().await {
                Ok(seen) => seen,
                // A server that starts again goes on where it was.
                Err(failure) => {
                    say(&format!("  no answer: {}", failure.line()))?;
                    continue;
                }
            };
            if state != *expected {
                return Err("somebody else changed the rollout: it is theirs now".into());
            }
            let Some(since) = self.since(expected, &now, &base) else {
                say("the server began anew, and so does this step")?;
                (self.begun, base) = (Known::default(), Known::default());
                continue;
            };
            let verdict = self.gate.judge(&since);
            let rests = began.elapsed() >= self.args.hold.0;
            match verdict.finding {
                Finding::Worse => return Ok(Some(verdict.why())),
                Finding::Holds if rests => {
                    tell(&verdict)?;
                    return Ok(None);
                }
                finding => {
                    if told.replace(finding) != Some(finding) {
                        let waits = if finding == Finding::Holds {
                            "it holds so far"
                        } else {
                            "not sure yet"
                        };
                        say(&format!("  {waits}: {}", verdict.why()))?;
                    }
                }
            }
        }
    }

    async fn look(&self) -> Result<(State, Known), Failure> {
        Ok((read(&self.door.ask("/rollout").await?)?, self.known().await?))
    }

    async fn known(&self) -> Result<Known, Failure> {
        read(&self.door.ask("/rollout/evidence").await?)
    }

    /// What came in this step; and where the candidate makes all, of the stable component what came in the steps
    /// before.
    fn since(&self, state: &State, now: &Known, base: &Known) -> Option<Known> {
        let before = if state.share == Share::ALL.to_string() { &self.begun } else { base };
        Some(Known {
            stable: now.stable.since(&before.stable)?,
            candidate: now.candidate.since(&base.candidate)?,
            pairs: now.pairs.map(|pairs| pairs.since(base.pairs.unwrap_or_default())),
        })
    }
}

fn tell(verdict: &Verdict) -> Result<(), Failure> {
    verdict.grounds.iter().try_for_each(|(_, ground)| say(&format!("  {ground}")))
}

fn say(line: &str) -> Result<(), Failure> {
    files::write(Path::new("-"), format!("{line}\n").as_bytes())
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, Failure> {
    Ok(serde_json::from_str(text)?)
}
