//! Durations, counted in classes of equal ratio: quantiles of any number of them, in little memory.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::interval::Interval;

/// Classes in each doubling: a class is at most 1/16 wide.
const PARTS: u32 = 16;

/// Counts of durations by class.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(transparent)]
pub struct Times(BTreeMap<u32, u64>);

impl Times {
    /// Counts one.
    pub fn add(&mut self, time: Duration) {
        let count = self.0.entry(class(time)).or_default();
        *count = count.saturating_add(1);
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.0.values().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// What came since; `None` if these did not grow out of the `earlier` ones.
    pub fn since(&self, earlier: &Self) -> Option<Self> {
        let mut since = self.clone();
        for (class, count) in &earlier.0 {
            let now = since.0.get_mut(class)?;
            *now = now.checked_sub(*count)?;
        }
        since.0.retain(|_, count| *count > 0);
        Some(since)
    }

    /// Between which microseconds the quantile `share` of all such durations lies, up to `z` standard
    /// deviations: order statistics, whose ranks are binomial whatever the distribution is (Conover,
    /// Practical Nonparametric Statistics, §3.2).
    pub fn quantile(&self, share: f64, z: f64) -> Interval {
        let count = self.count() as f64;
        let (middle, spread) = (count * share, z * (count * share * (1.0 - share)).sqrt());
        let edge = |rank: f64, up: u32| {
            let class = self.class_at(rank)?;
            Some(start(class.saturating_add(up)) as f64)
        };
        let (low, high) = ((middle - spread).floor(), (middle + spread).ceil() + 1.0);
        Interval {
            low: Some(low)
                .filter(|rank| *rank >= 1.0)
                .and_then(|rank| edge(rank, 0))
                .unwrap_or(0.0),
            high: edge(high, 1).unwrap_or(f64::INFINITY),
        }
    }

    /// The class of the duration of this rank, from 1 on; `None` if there are not so many.
    fn class_at(&self, rank: f64) -> Option<u32> {
        let mut seen = 0_u64;
        self.0.iter().find_map(|(class, count)| {
            seen = seen.saturating_add(*count);
            (seen as f64 >= rank).then_some(*class)
        })
    }
}

/// The class of a duration: its doubling, and the part of that.
fn class(time: Duration) -> u32 {
    let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX).max(u64::from(PARTS));
    let doubling = micros.ilog2();
    let part = (micros >> doubling.saturating_sub(PARTS.ilog2())) % u64::from(PARTS);
    doubling.saturating_mul(PARTS).saturating_add(u32::try_from(part).unwrap_or_default())
}

/// The microseconds with which a class begins.
fn start(class: u32) -> u64 {
    let (doubling, part) = (class / PARTS, class % PARTS);
    let whole = u64::from(PARTS.saturating_add(part));
    whole.checked_shl(doubling.saturating_sub(PARTS.ilog2())).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_follow_each_other_without_a_gap() {
        for micros in (16..5_000).chain([1 << 20, (1 << 20) + 1, 77_777_777]) {
            let class = class(Duration::from_micros(micros));
            assert!((start(class)..start(class + 1)).contains(&micros), "{micros}");
            let width = start(class + 1) - start(class);
            assert!(width * 16 <= micros.max(16), "{micros}: {width}");
        }
        assert_eq!(class(Duration::ZERO), class(Duration::from_micros(16)));
    }

    #[test]
    fn a_quantile_lies_between_its_order_statistics() {
        let mut times = Times::default();
        assert_eq!(times.quantile(0.5, 3.0), Interval { low: 0.0, high: f64::INFINITY });
        for micros in 1_000..2_000 {
            times.add(Duration::from_micros(micros));
        }
        // Ranks 500 ± 3 × √250 are 452 and 548: 1451 and 1548 microseconds, in classes of 64.
        let median = times.quantile(0.5, 3.0);
        assert!((1_387.0..=1_451.0).contains(&median.low), "{median:?}");
        assert!((1_548.0..=1_612.0).contains(&median.high), "{median:?}");
        // Too few for the last thousandth.
        assert_eq!(times.quantile(0.9999, 3.0).high, f64::INFINITY);
    }

    #[test]
    fn what_came_since_is_told_only_of_what_grew() {
        let mut times = Times::default();
        times.add(Duration::from_millis(1));
        let before = times.clone();
        times.add(Duration::from_millis(1));
        times.add(Duration::from_millis(9));
        assert_eq!(times.since(&before).map(|since| since.count()), Some(2));
        assert_eq!(before.since(&times), None);
    }
}
