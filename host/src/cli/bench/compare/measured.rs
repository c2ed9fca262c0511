//! What two components took for the same pictures, plan by plan.

use std::collections::BTreeMap;
use std::fmt;
use std::time::{Duration, Instant};

use super::super::super::Failure;
use crate::shadow::Run;
use crate::transform::{Limits, Transformer};

/// The quantities, with what they are counted in.
pub const NAMES: [&str; 5] =
    ["latency, ms", "CPU time, ms", "bytes", "peak of memory, KiB", "SSIMULACRA2"];

/// Shares of the numbers, as columns.
const SHARES: [(&str, usize); 5] =
    [("least", 0), ("5 % below", 5), ("median", 50), ("95 % below", 95), ("most", 100)];

/// Milliseconds of one transform: from its beginning to its end, and of a core.
#[derive(Clone, Copy, Debug)]
pub struct Took {
    /// From its beginning to its end.
    pub latency: f64,
    /// Of a core.
    pub cpu: f64,
}

/// All that was measured.
#[derive(Debug, Default)]
pub struct Measured {
    plans: BTreeMap<String, Quantities>,
}

/// The numbers of each of [`NAMES`].
pub type Quantities = [Numbers; 5];

/// The stable component's numbers, and the candidate's. A score is the candidate's alone: of its picture, if
/// the stable component's were the original.
#[derive(Clone, Debug, Default)]
pub struct Numbers {
    /// The stable component's.
    pub stable: Vec<f64>,
    /// The candidate's.
    pub candidate: Vec<f64>,
}

impl Took {
    /// Of a transform of `source` by `component`.
    ///
    /// # Errors
    /// If there is no picture.
    pub fn of(
        component: &Transformer,
        source: &[u8],
        plan: &str,
        limits: &Limits,
    ) -> Result<Self, Failure> {
        let (source, began) = (source.to_vec(), Instant::now());
        let cpu = component.transform(source, &[], plan, limits)?.cpu;
        let millis = |took: Duration| took.as_secs_f64() * 1e3;
        Ok(Self { latency: millis(began.elapsed()), cpu: millis(cpu) })
    }
}

impl Numbers {
    fn add(&mut self, stable: f64, candidate: f64) {
        self.stable.push(stable);
        self.candidate.push(candidate);
    }

    fn sort(&mut self) {
        self.stable.sort_by(f64::total_cmp);
        self.candidate.sort_by(f64::total_cmp);
    }
}

impl Measured {
    /// Adds what the same took both.
    pub fn took(&mut self, plan: &str, stable: Took, candidate: Took) {
        let [latency, cpu, ..] = self.plans.entry(plan.to_owned()).or_default();
        latency.add(stable.latency, candidate.latency);
        cpu.add(stable.cpu, candidate.cpu);
    }

    /// Adds what came of it.
    pub fn judged(&mut self, run: &Run) {
        let [.., bytes, memory, score] = self.plans.entry(run.plan.clone()).or_default();
        if let Some((stable, candidate)) = run.efforts() {
            bytes.add(stable.bytes as f64, candidate.bytes as f64);
            memory.add((stable.memory >> 10) as f64, (candidate.memory >> 10) as f64);
        }
        score.candidate.extend(run.outcome.score());
    }

    /// The numbers of all plans together, from the least on.
    pub fn pooled(&self) -> Quantities {
        let mut all = Quantities::default();
        for plan in self.plans.values() {
            for (sum, part) in all.iter_mut().zip(plan) {
                sum.stable.extend(&part.stable);
                sum.candidate.extend(&part.candidate);
            }
        }
        all.iter_mut().for_each(Numbers::sort);
        all
    }
}

/// A table in Markdown.
impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let columns = SHARES.map(|(name, _)| name).join(" | ");
        writeln!(f, "| plan | of each picture | component | {columns} |")?;
        writeln!(f, "|---|---|---|{}", "---:|".repeat(SHARES.len()))?;
        for (plan, quantities) in &self.plans {
            for (name, numbers) in NAMES.iter().zip(quantities) {
                let mut numbers = numbers.clone();
                numbers.sort();
                for (component, sorted) in
                    [("stable", &numbers.stable), ("candidate", &numbers.candidate)]
                {
                    if sorted.is_empty() {
                        continue;
                    }
                    let cells = SHARES.map(|(_, share)| cell(at(sorted, share))).join(" | ");
                    writeln!(f, "| `{plan}` | {name} | {component} | {cells} |")?;
                }
            }
        }
        Ok(())
    }
}

/// The number that so many percent of the others are below.
pub fn at(sorted: &[f64], percent: usize) -> f64 {
    let last = sorted.len().saturating_sub(1);
    sorted.get(last * percent / 100).copied().unwrap_or(0.0)
}

fn cell(number: f64) -> String {
    let digits = if number.fract() == 0.0 { 0 } else { 2 };
    format!("{number:.digits$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_a_row_for_each_component_and_quantity() {
        let mut measured = Measured::default();
        for number in [3.0, 1.0, 2.0] {
            let took = |cpu| Took { latency: number, cpu };
            measured.took("width=8", took(0.5), took(number * 4.0));
        }
        let text = measured.to_string();
        for row in [
            "| `width=8` | latency, ms | stable | 1 | 1 | 2 | 2 | 3 |",
            "| `width=8` | CPU time, ms | stable | 0.50 | 0.50 | 0.50 | 0.50 | 0.50 |",
            "| `width=8` | CPU time, ms | candidate | 4 | 4 | 8 | 8 | 12 |",
        ] {
            assert!(text.lines().any(|line| line == row), "{row} in\n{text}");
        }
        assert!(!text.contains("bytes"), "{text}");
        measured.took("width=9", Took { latency: 0.0, cpu: 9.0 }, Took { latency: 5.0, cpu: 1.0 });
        let [latency, ..] = measured.pooled();
        assert_eq!(latency.stable, [0.0, 1.0, 2.0, 3.0]);
        assert_eq!(latency.candidate, [1.0, 2.0, 3.0, 5.0]);
    }
}
