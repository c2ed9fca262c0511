//! The runs of one candidate, summed up.

use std::fmt;

use super::run::{Outcome, Run};

/// What came of runs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    /// The candidate's digest; empty before the first run.
    pub candidate: String,
    /// Pictures of the same bytes.
    pub equal: u64,
    /// Other bytes for the same pixels.
    pub same_pixels: u64,
    /// Other pixels, or another size.
    pub differ: u64,
    /// Runs without a picture.
    pub failed: u64,
    /// All for which the candidate is to blame.
    pub bad: u64,
    /// The lowest score.
    pub worst: Option<f64>,
    /// Microseconds of a core of the stable component, where both made a picture.
    pub stable_cpu: u64,
    /// The same of the candidate.
    pub candidate_cpu: u64,
    /// Bytes of the stable one's pictures.
    pub stable_bytes: u64,
    /// The same of the candidate's.
    pub candidate_bytes: u64,
    /// Pictures that were to be made again and were not, for want of time or memory.
    pub dropped: u64,
    /// Those that wait.
    pub waiting: usize,
}

impl Tally {
    /// Adds a run, of which a score of `least` is good enough. One of another candidate begins anew.
    pub fn add(&mut self, run: &Run, least: f64) {
        if self.candidate != run.candidate {
            let (candidate, dropped) = (run.candidate.clone(), self.dropped);
            *self = Self { candidate, dropped, ..Self::default() };
        }
        self.bad += u64::from(run.is_bad(least));
        match run.outcome {
            Outcome::Differs { .. } | Outcome::Resized => self.differ += 1,
            Outcome::Equal => self.equal += 1,
            Outcome::Failed { .. } => self.failed += 1,
            Outcome::SamePixels => self.same_pixels += 1,
        }
        let scores = [self.worst, run.outcome.score()].into_iter().flatten();
        self.worst = scores.reduce(f64::min);
        if let Some((stable, candidate)) = run.efforts() {
            self.stable_cpu += stable.cpu;
            self.candidate_cpu += candidate.cpu;
            self.stable_bytes += stable.bytes as u64;
            self.candidate_bytes += candidate.bytes as u64;
        }
    }

    /// All runs.
    pub fn runs(&self) -> u64 {
        self.equal + self.same_pixels + self.differ + self.failed
    }

    /// Time of a core that the candidate takes for each that the stable one does.
    pub fn cpu_ratio(&self) -> Option<f64> {
        (self.stable_cpu > 0).then(|| self.candidate_cpu as f64 / self.stable_cpu as f64)
    }

    /// Bytes of the candidate's pictures for each of the stable one's.
    pub fn bytes_ratio(&self) -> Option<f64> {
        (self.stable_bytes > 0).then(|| self.candidate_bytes as f64 / self.stable_bytes as f64)
    }
}

/// One line.
impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = |number: Option<f64>| number.map_or("-".to_owned(), |it| format!("{it:.2}"));
        write!(
            f,
            "{} runs: {} equal, {} other bytes, {} differ (worst score {}), {} failed, {} bad; \
             CPU × {}, bytes × {}; {} dropped, {} waiting",
            self.runs(),
            self.equal,
            self.same_pixels,
            self.differ,
            number(self.worst),
            self.failed,
            self.bad,
            number(self.cpu_ratio()),
            number(self.bytes_ratio()),
            self.dropped,
            self.waiting,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::super::run::sample;
    use super::*;

    #[test]
    fn runs_add_up_until_there_is_another_candidate() {
        let mut tally = Tally { dropped: 3, ..Tally::default() };
        let differs = Outcome::Differs { score: Some(71.25), psnr: None };
        let fine = Outcome::Differs { score: Some(90.0), psnr: None };
        let failed = Outcome::Failed { why: "trap".to_owned(), detail: String::new() };
        for outcome in [Outcome::Equal, Outcome::Equal, differs, fine, failed, Outcome::SamePixels]
        {
            tally.add(&sample(1, outcome), 80.0);
        }
        let line = "6 runs: 2 equal, 1 other bytes, 2 differ (worst score 71.25), 1 failed, 2 bad; \
                    CPU × 3.00, bytes × 0.50; 3 dropped, 0 waiting";
        assert_eq!((tally.to_string().as_str(), tally.bad), (line, 2));
        tally.add(&sample(2, Outcome::Resized), 80.0);
        assert_eq!((tally.runs(), tally.differ, tally.dropped), (1, 1, 3));
    }
}
