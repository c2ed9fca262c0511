//! Whether a candidate is as good as what it is to replace, as far as samples tell. Pure: evidence in,
//! a verdict out.

use super::evidence::{Arm, Known, Pairs};
use super::interval::Interval;

/// How sure each bound is, in standard deviations: one of 740 is passed by chance. So many, since the
/// question is asked again and again.
const Z: f64 = 3.0;

/// The typical transform, and the slow ones.
const QUANTILES: [(f64, &str); 2] = [(0.5, "median"), (0.95, "95th percentile")];

/// What a candidate may be worse by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gate {
    /// By how much more of its transforms may fail, and how much of its pictures may be bad: 0.01 is one of
    /// a hundred. The less, the more samples it takes.
    pub failures: f64,
    /// How many times the time of a transform it may take; infinite where times are not compared.
    pub slower: f64,
    /// Whether there must be pictures that were compared.
    pub compare: bool,
}

/// What follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Finding {
    /// It is as good, surely.
    Holds,
    /// It may be.
    Unsure,
    /// It is worse, surely.
    Worse,
}

/// A finding, and what it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The gravest of all.
    pub finding: Finding,
    /// Each of them, with its numbers.
    pub grounds: Vec<(Finding, String)>,
}

impl Gate {
    /// Judges by all that is `known`.
    pub fn judge(&self, known: &Known) -> Verdict {
        let Known { stable, candidate, pairs } = known;
        let mut grounds = vec![self.failures(stable, candidate)];
        grounds.extend(QUANTILES.map(|quantile| self.times(stable, candidate, quantile)));
        grounds.extend(pairs.map(|pairs| self.pairs(pairs)));
        if self.compare && pairs.is_none() {
            grounds.push((Finding::Unsure, "no shadow runs".to_owned()));
        }
        let finding = grounds.iter().map(|(finding, _)| *finding).max().unwrap_or(Finding::Unsure);
        Verdict { finding, grounds }
    }

    /// Of the rate of failures it is told how much higher it can be.
    fn failures(&self, stable: &Arm, candidate: &Arm) -> (Finding, String) {
        let hits = |arm: &Arm| (arm.failed, arm.count());
        let (of, than) = (hits(candidate), hits(stable));
        let more = Interval::difference(of, than, Z);
        let finding = match more {
            Interval { low, .. } if low > 0.0 => Finding::Worse,
            Interval { high, .. } if high <= self.failures && than.1 > 0 => Finding::Holds,
            _ => Finding::Unsure,
        };
        let (low, high) = (more.low * 100.0, more.high * 100.0);
        let ((failed, count), (failed_before, count_before)) = (of, than);
        let text = format!(
            "failed {failed} of {count}, stable {failed_before} of {count_before}: \
             {low:+.2} to {high:+.2} percentage points"
        );
        (finding, text)
    }

    /// Of a quantile of the time it is told how many times as long it can be. The slow transforms may only
    /// not be surely slower: to be sure that they are not takes more samples than a step has.
    fn times(
        &self,
        stable: &Arm,
        candidate: &Arm,
        (share, name): (f64, &str),
    ) -> (Finding, String) {
        let quantile = |arm: &Arm| arm.times.quantile(share, Z);
        let ratio = quantile(candidate).ratio(quantile(stable));
        let finding = match ratio {
            Interval { low, .. } if low > self.slower => Finding::Worse,
            Interval { high, .. } if high <= self.slower || share > 0.5 => Finding::Holds,
            _ => Finding::Unsure,
        };
        let Interval { low, high } = ratio;
        let text = match self.slower.is_finite() {
            true => format!("{name} of CPU time {low:.2} to {high:.2} times stable's"),
            false => format!("{name} of CPU time not compared"),
        };
        (finding, text)
    }

    /// Of pictures that both made it is told how many of all can be bad.
    fn pairs(&self, pairs: Pairs) -> (Finding, String) {
        let rate = Interval::rate(pairs.bad, pairs.compared, Z);
        let finding = match rate {
            Interval { low, .. } if low > self.failures => Finding::Worse,
            Interval { high, .. } if high <= self.failures => Finding::Holds,
            _ => Finding::Unsure,
        };
        let Pairs { compared, bad } = pairs;
        let (low, high) = (rate.low * 100.0, rate.high * 100.0);
        (finding, format!("compared {compared}, bad {bad}: {low:.2} to {high:.2} %"))
    }
}

impl Verdict {
    /// The grounds of the finding.
    pub fn why(&self) -> String {
        let grave = self.grounds.iter().filter(|(finding, _)| *finding == self.finding);
        grave.map(|(_, text)| text.as_str()).collect::<Vec<_>>().join("; ")
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::times::Times;
    use super::*;

    const GATE: Gate = Gate { failures: 0.01, slower: 1.25, compare: false };

    /// Transforms from `fastest` milliseconds to twice that, and failures.
    fn arm(count: u64, failed: u64, fastest: u64) -> Arm {
        let mut times = Times::default();
        for number in 0..count {
            times.add(Duration::from_micros(fastest * 1_000 + number * fastest * 1_000 / count));
        }
        Arm { failed, times }
    }

    fn finding(gate: Gate, stable: Arm, candidate: Arm, pairs: Option<Pairs>) -> Finding {
        gate.judge(&Known { stable, candidate, pairs }).finding
    }

    #[test]
    fn a_good_one_holds_when_there_is_enough_of_it() {
        for (count, expected) in [
            (0, Finding::Unsure),
            (100, Finding::Unsure),
            (700, Finding::Unsure),
            (2_000, Finding::Holds),
        ] {
            assert_eq!(
                finding(GATE, arm(9_000, 3, 5), arm(count, 0, 5), None),
                expected,
                "{count}"
            );
        }
        // Without something to compare with nothing is known.
        assert_eq!(finding(GATE, arm(0, 0, 5), arm(2_000, 0, 5), None), Finding::Unsure);
        // What fails for both is the sources' matter.
        assert_eq!(finding(GATE, arm(90_000, 900, 5), arm(20_000, 200, 5), None), Finding::Holds);
    }

    #[test]
    fn one_that_fails_more_is_worse() {
        let stable = || arm(9_000, 0, 5);
        for (made, failed, expected) in [
            (19, 1, Finding::Worse),
            (495, 5, Finding::Worse),
            (1_999, 1, Finding::Holds),
            (0, 3, Finding::Worse),
        ] {
            let found = finding(GATE, stable(), arm(made, failed, 5), None);
            assert_eq!(found, expected, "{failed} of {}", made + failed);
        }
    }

    #[test]
    fn one_that_takes_longer_is_worse() {
        let stable = || arm(9_000, 0, 20);
        for (fastest, expected) in [
            (18, Finding::Holds),
            (21, Finding::Holds),
            (25, Finding::Unsure),
            (60, Finding::Worse),
        ] {
            assert_eq!(
                finding(GATE, stable(), arm(1_500, 0, fastest), None),
                expected,
                "{fastest}"
            );
        }
        let any = Gate { slower: f64::INFINITY, ..GATE };
        assert_eq!(finding(any, stable(), arm(1_500, 0, 60), None), Finding::Holds);
        // A tenth that takes three times as long is in no median.
        let mut slow = arm(1_500, 0, 20);
        for _ in 0..150 {
            slow.times.add(Duration::from_millis(120));
        }
        assert_eq!(finding(GATE, stable(), slow, None), Finding::Worse);
    }

    #[test]
    fn one_whose_pictures_are_others_is_worse() {
        let judged = |compared, bad| {
            let pairs = Some(Pairs { compared, bad });
            finding(GATE, arm(9_000, 0, 5), arm(2_000, 0, 5), pairs)
        };
        assert_eq!(judged(5, 5), Finding::Worse);
        assert_eq!(judged(100, 0), Finding::Unsure);
        assert_eq!(judged(1_000, 0), Finding::Holds);
        assert_eq!(judged(1_000, 40), Finding::Worse);
        let compare = Gate { compare: true, ..GATE };
        let verdict = |pairs| {
            compare.judge(&Known { stable: arm(9_000, 0, 5), candidate: arm(2_000, 0, 5), pairs })
        };
        assert_eq!(verdict(None).why(), "no shadow runs");
        assert_eq!(verdict(Some(Pairs { compared: 1_000, bad: 0 })).finding, Finding::Holds);
    }
}
