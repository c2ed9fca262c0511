//! What came of a load.

use std::fmt::Write;
use std::time::Duration;

use serde::Serialize;

use super::cost::Cost;
use super::watched::Sample;

/// What came of one request.
#[derive(Clone, Copy, Debug)]
pub struct Outcome {
    /// Of the answer, if it came whole.
    pub status: Option<u16>,
    /// Whether it was sent again, since its connection ended.
    pub again: bool,
    /// When it was due, from the beginning.
    pub due: Duration,
    /// From when it was due.
    pub took: Duration,
    /// Processor time of the server, where it is known.
    pub cost: Option<Cost>,
}

/// What came of all.
#[derive(Debug)]
pub struct Report {
    rate: f64,
    took: Duration,
    /// Latencies of answers with 200, in order.
    pub good: Vec<Duration>,
    /// Of those that were sent away: 429 and 503.
    pub sent_away: Vec<Duration>,
    other: usize,
    lost: usize,
    again: usize,
    /// Processor time of answers with 200, in order: all of it, and that outside the component's steps.
    processor: Vec<Duration>,
    outside: Vec<Duration>,
    memory: Option<Memory>,
}

/// Bytes that the watched process had.
#[derive(Clone, Copy, Debug, Serialize)]
struct Memory {
    /// In memory, after a tenth of the time: what a start needs is behind it.
    resident_early: u64,
    resident_end: u64,
    resident_most: u64,
    /// Of its control group, page cache included.
    group_most: u64,
}

impl Memory {
    fn of(samples: &[Sample]) -> Option<Self> {
        let most = |of: fn(&Sample) -> u64| samples.iter().map(of).max();
        Some(Self {
            resident_early: samples.get(samples.len() / 10)?.resident,
            resident_end: samples.last()?.resident,
            resident_most: most(|sample| sample.resident)?,
            group_most: most(|sample| sample.group)?,
        })
    }
}

/// Latencies in milliseconds.
#[derive(Debug, Serialize)]
struct Latency {
    count: usize,
    p50: f64,
    p90: f64,
    p99: f64,
    p999: f64,
    max: f64,
}

#[derive(Debug, Serialize)]
struct Numbers {
    asked_per_second: f64,
    good_per_second: f64,
    good: Latency,
    sent_away: Latency,
    other: usize,
    lost: usize,
    /// Sent once more, since an open connection had ended.
    again: usize,
    /// Milliseconds of the server's processor for each answer, as those of latency.
    processor: Option<Latency>,
    /// The same outside the component's steps.
    outside: Option<Latency>,
    memory: Option<Memory>,
}

impl Report {
    /// Sorts what came.
    pub fn new(outcomes: &[Outcome], samples: &[Sample], rate: f64, took: Duration) -> Self {
        let memory = Memory::of(samples);
        let again = outcomes.iter().filter(|outcome| outcome.again).count();
        let mut report = Self {
            rate,
            took,
            good: Vec::new(),
            sent_away: Vec::new(),
            other: 0,
            lost: 0,
            again,
            processor: Vec::new(),
            outside: Vec::new(),
            memory,
        };
        for Outcome { status, took, cost, .. } in outcomes.iter().copied() {
            match status {
                Some(200) => {
                    report.good.push(took);
                    report.processor.extend(cost.map(|cost| cost.all));
                    report.outside.extend(cost.and_then(|cost| cost.outside));
                }
                Some(429 | 503) => report.sent_away.push(took),
                Some(_) => report.other += 1,
                None => report.lost += 1,
            }
        }
        report.good.sort_unstable();
        report.sent_away.sort_unstable();
        report.processor.sort_unstable();
        report.outside.sort_unstable();
        report
    }

    /// For programs.
    ///
    /// # Errors
    /// None that such numbers give.
    pub fn json(&self) -> serde_json::Result<String> {
        serde_json::to_string(&self.numbers()).map(|text| text + "\n")
    }

    /// For people.
    pub fn text(&self) -> String {
        let numbers = self.numbers();
        let mut text = format!(
            "asked {:.1}/s, answered {:.1}/s; {} other answers, {} lost, {} sent again\n",
            numbers.asked_per_second,
            numbers.good_per_second,
            numbers.other,
            numbers.lost,
            numbers.again
        );
        let rows = [
            ("answered", Some(&numbers.good)),
            ("sent away", Some(&numbers.sent_away)),
            ("processor", numbers.processor.as_ref()),
            ("outside", numbers.outside.as_ref()),
        ];
        let rows = rows.into_iter().filter_map(|(name, row)| row.map(|row| (name, row)));
        for (name, Latency { count, p50, p90, p99, p999, max }) in rows {
            // Writing to a string cannot fail.
            let _ = writeln!(
                text,
                "{name:<10} {count:>8}  p50 {p50:.1}  p90 {p90:.1}  p99 {p99:.1}  p99.9 {p999:.1}  \
                 max {max:.1} ms"
            );
        }
        if let Some(Memory { resident_early, resident_end, resident_most, group_most }) =
            self.memory
        {
            let mib = |bytes: u64| bytes as f64 / f64::from(1 << 20);
            let _ = writeln!(
                text,
                "memory     process {:.1} MiB after a tenth, {:.1} at the end, at most {:.1}; its control \
                 group at most {:.1} MiB",
                mib(resident_early),
                mib(resident_end),
                mib(resident_most),
                mib(group_most)
            );
        }
        text
    }

    fn numbers(&self) -> Numbers {
        Numbers {
            asked_per_second: self.rate,
            good_per_second: self.good.len() as f64 / self.took.as_secs_f64().max(1e-9),
            good: latency(&self.good),
            sent_away: latency(&self.sent_away),
            other: self.other,
            lost: self.lost,
            again: self.again,
            processor: some(&self.processor),
            outside: some(&self.outside),
            memory: self.memory,
        }
    }
}

fn some(sorted: &[Duration]) -> Option<Latency> {
    (!sorted.is_empty()).then(|| latency(sorted))
}

fn latency(sorted: &[Duration]) -> Latency {
    let at = |share| percentile(sorted, share).as_secs_f64() * 1e3;
    Latency {
        count: sorted.len(),
        p50: at(0.5),
        p90: at(0.9),
        p99: at(0.99),
        p999: at(0.999),
        max: at(1.0),
    }
}

/// The latency that this share of the answers did not pass (nearest rank).
pub fn percentile(sorted: &[Duration], share: f64) -> Duration {
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_told_apart() {
        let outcome = |status, millis| Outcome {
            status,
            again: false,
            due: Duration::ZERO,
            took: Duration::from_millis(millis),
            cost: None,
        };
        let mut outcomes: Vec<Outcome> = (1..=100).map(|n| outcome(Some(200), n)).collect();
        outcomes.extend([outcome(Some(503), 2), outcome(Some(404), 3), outcome(None, 4)]);
        let report = Report::new(&outcomes, &[], 50.0, Duration::from_secs(2));
        let numbers = report.numbers();
        assert_eq!((numbers.good.p50, numbers.good.p99, numbers.good.max), (50.0, 99.0, 100.0));
        assert_eq!((numbers.sent_away.count, numbers.other, numbers.lost), (1, 1, 1));
        assert!((numbers.good_per_second - 50.0).abs() < 1e-9);
        assert_eq!(percentile(&[], 0.5), Duration::ZERO);
        assert!(report.json().unwrap().contains("\"p999\":"));
    }
}
