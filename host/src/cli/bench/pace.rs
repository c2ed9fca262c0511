//! When requests are sent.

use std::f64::consts::TAU;
use std::time::Duration;

/// The hour at which most is asked for: television is watched in the evening.
const PEAK_HOUR: f64 = 21.0;

/// The share of the mean at the quietest hour. With three times the mean at the peak, and this form, the
/// mean is 1: 1/11 + (3 - 1/11) × 5/16.
const LEAST: f64 = 1.0 / 11.0;
const MOST: f64 = 3.0;

/// The times, from the beginning, of all requests of a load: `rate` a second for so long; of a `day` that is
/// the mean, and the seconds are 24 hours.
pub fn times(rate: f64, seconds: f64, day: bool) -> Vec<Duration> {
    if !day {
        let count = (rate * seconds).round() as u32;
        return (0..count)
            .map(|number| Duration::from_secs_f64(f64::from(number) / rate))
            .collect();
    }
    let mut times = Vec::new();
    let mut now = 0.0;
    while now < seconds {
        times.push(Duration::from_secs_f64(now));
        now += 1.0 / (rate * share(24.0 * now / seconds));
    }
    times
}

/// How many times the mean there is at an hour.
pub fn share(hour: f64) -> f64 {
    let evening = (1.0 + ((hour - PEAK_HOUR) / 24.0 * TAU).cos()) / 2.0;
    LEAST + (MOST - LEAST) * evening.powi(3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_steady_load_is_sent_at_equal_distances() {
        let times = times(40.0, 1.0, false);
        assert_eq!(times.len(), 40);
        assert_eq!(times[10], Duration::from_millis(250));
    }

    #[test]
    fn a_day_has_its_mean_and_its_evening() {
        let times = times(100.0, 240.0, true);
        let count = times.len() as f64;
        assert!((count / 24_000.0 - 1.0).abs() < 0.01, "{count}");
        let at = |hour: u64| {
            let (from, to) = (Duration::from_secs(hour * 10), Duration::from_secs(hour * 10 + 10));
            times.iter().filter(|time| **time >= from && **time < to).count()
        };
        assert!(at(20) > 2_700 && at(21) > 2_700 && at(9) < 120, "{} {}", at(20), at(9));
    }
}
