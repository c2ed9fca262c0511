//! Many runs as a table: a row for each candidate and format.

use std::collections::BTreeMap;
use std::fmt;

use super::run::{Effort, Outcome, Run};
use crate::observe::short;

/// The table. Its text is Markdown.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    rows: BTreeMap<[String; 3], Row>,
    failures: BTreeMap<String, u64>,
}

/// The columns, after those that name the row.
pub const COLUMNS: [&str; 14] = [
    "runs",
    "equal",
    "same pixels",
    "differ",
    "resized",
    "failed",
    "worst score",
    "5 % below",
    "median",
    "worst PSNR",
    "bytes ×",
    "work ×",
    "CPU ×",
    "peak ×",
];

#[derive(Clone, Debug, Default)]
struct Row {
    equal: u64,
    same_pixels: u64,
    differ: u64,
    resized: u64,
    failed: u64,
    scores: Vec<f64>,
    psnr: Option<f64>,
    stable: Sum,
    candidate: Sum,
}

#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    bytes: u64,
    work: u64,
    cpu: u64,
    memory: u64,
}

impl Summary {
    /// Of these runs.
    pub fn of<'a>(runs: impl IntoIterator<Item = &'a Run>) -> Self {
        let mut all = Self::default();
        for run in runs {
            let format = run.sent.format.clone();
            let names = [&run.stable, &run.candidate].map(|digest| short(digest).to_owned());
            let [stable, candidate] = names;
            all.rows.entry([stable, candidate, format]).or_default().add(run);
            if let Outcome::Failed { why, .. } = &run.outcome {
                let name = format!("{}: {why}", run.in_shadow().name());
                *all.failures.entry(name).or_default() += 1;
            }
        }
        for row in all.rows.values_mut() {
            row.scores.sort_by(f64::total_cmp);
        }
        all
    }

    /// The rows: stable component, candidate and format, then [`COLUMNS`].
    pub fn rows(&self) -> impl Iterator<Item = (&[String; 3], [String; 14])> {
        self.rows.iter().map(|(names, row)| (names, row.cells()))
    }

    /// How often there was no picture, by which component and why.
    pub fn failures(&self) -> String {
        let all = self.failures.iter().map(|(name, count)| format!("{name} {count}"));
        all.collect::<Vec<_>>().join(", ")
    }
}

impl Row {
    fn add(&mut self, run: &Run) {
        match &run.outcome {
            Outcome::Differs { psnr, .. } => {
                self.differ += 1;
                self.psnr = [self.psnr, *psnr].into_iter().flatten().reduce(f64::min);
            }
            Outcome::Equal => self.equal += 1,
            Outcome::Failed { .. } => self.failed += 1,
            Outcome::Resized => self.resized += 1,
            Outcome::SamePixels => self.same_pixels += 1,
        }
        self.scores.extend(run.outcome.score());
        if let Some((stable, candidate)) = run.efforts() {
            self.stable.add(stable);
            self.candidate.add(candidate);
        }
    }

    fn cells(&self) -> [String; 14] {
        let Self { equal, same_pixels, differ, resized, failed, stable, candidate, .. } = self;
        let score = |percent| number(self.at(percent), 1);
        let ratio = |part: fn(&Sum) -> u64| {
            let (new, old) = (part(candidate), part(stable));
            number((old > 0).then(|| new as f64 / old as f64), 3)
        };
        [
            (equal + same_pixels + differ + resized + failed).to_string(),
            equal.to_string(),
            same_pixels.to_string(),
            differ.to_string(),
            resized.to_string(),
            failed.to_string(),
            score(0),
            score(5),
            score(50),
            number(self.psnr, 1),
            ratio(|sum| sum.bytes),
            ratio(|sum| sum.work),
            ratio(|sum| sum.cpu),
            ratio(|sum| sum.memory),
        ]
    }

    /// The score that so many percent of the pictures are below.
    fn at(&self, percent: usize) -> Option<f64> {
        let last = self.scores.len().checked_sub(1)?;
        self.scores.get(last * percent / 100).copied()
    }
}

impl Sum {
    fn add(&mut self, effort: &Effort) {
        self.bytes += effort.bytes as u64;
        self.work += effort.work;
        self.cpu += effort.cpu;
        self.memory = self.memory.max(effort.memory);
    }
}

fn number(value: Option<f64>, digits: usize) -> String {
    value.map_or("–".to_owned(), |value| format!("{value:.digits$}"))
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| stable | candidate | format | {} |", COLUMNS.join(" | "))?;
        writeln!(f, "|---|---|---|{}", "---:|".repeat(COLUMNS.len()))?;
        for (names, cells) in self.rows() {
            writeln!(f, "| {} | {} |", names.join(" | "), cells.join(" | "))?;
        }
        if !self.failures.is_empty() {
            writeln!(f, "\nNo picture: {}", self.failures())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::run::sample;
    use super::*;

    #[test]
    fn a_row_has_all_runs_of_a_candidate() {
        let differs = |score| Outcome::Differs { score: Some(score), psnr: Some(score / 2.0) };
        let failed = Outcome::Failed { why: "trap".to_owned(), detail: String::new() };
        let mut runs =
            vec![sample(1, failed), sample(1, Outcome::Resized), sample(1, differs(60.0))];
        runs.extend((0..19).map(|_| sample(1, Outcome::Equal)));
        runs.push(sample(1, differs(80.0)));
        runs.push(sample(2, Outcome::SamePixels));
        let text = Summary::of(&runs).to_string();
        let row = "| aaaaaaaaaaaaaaaa | 0000000000000001 | png | 23 | 19 | 0 | 2 | 1 | 1 | 60.0 | 80.0 | 100.0 | 30.0 | \
             0.500 | 1.000 | 3.000 | 1.000 |";
        assert!(text.contains(row), "{row} in\n{text}");
        assert_eq!(text.lines().filter(|line| line.starts_with("| a")).count(), 2);
        assert!(text.ends_with("\nNo picture: candidate: trap 1\n"), "{text}");
    }
}
