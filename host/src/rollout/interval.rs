//! Bounds of what can only be known from samples.

/// From where to where something lies, as far as samples tell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// It is no less.
    pub low: f64,
    /// It is no more.
    pub high: f64,
}

impl Interval {
    /// The rate of which `hits` of `count` are a sample, up to `z` standard deviations (Wilson, Probable
    /// Inference, 1927): right for few samples and for rates near 0, where normal approximations are not.
    pub fn rate(hits: u64, count: u64, z: f64) -> Self {
        if count == 0 {
            return Self { low: 0.0, high: 1.0 };
        }
        let (count, rate) = (count as f64, hits as f64 / count as f64);
        let square = z * z;
        let middle = (rate + square / (2.0 * count)) / (1.0 + square / count);
        let root = (rate * (1.0 - rate) / count + square / (4.0 * count * count)).sqrt();
        let half = z * root / (1.0 + square / count);
        Self { low: (middle - half).max(0.0), high: (middle + half).min(1.0) }
    }

    /// By how much one rate is above another, both as hits of a count (Newcombe, Interval Estimation for the
    /// Difference between Independent Proportions, 1998, method 10).
    pub fn difference(one: (u64, u64), other: (u64, u64), z: f64) -> Self {
        let rate =
            |(hits, count): (u64, u64)| if count == 0 { 0.0 } else { hits as f64 / count as f64 };
        let (a, b) = (rate(one), rate(other));
        let (of_a, of_b) = (Self::rate(one.0, one.1, z), Self::rate(other.0, other.1, z));
        let apart = |a: f64, b: f64| (a * a + b * b).sqrt();
        Self {
            low: a - b - apart(a - of_a.low, of_b.high - b),
            high: a - b + apart(of_a.high - a, b - of_b.low),
        }
    }

    /// How many times another this is, both above 0.
    pub fn ratio(self, other: Self) -> Self {
        let high = if other.low > 0.0 { self.high / other.low } else { f64::INFINITY };
        Self { low: self.low / other.high, high }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(interval: Interval, low: f64, high: f64) {
        let near = |a: f64, b: f64| (a - b).abs() < 5e-5;
        assert!(near(interval.low, low) && near(interval.high, high), "{interval:?}");
    }

    #[test]
    fn intervals_are_those_of_the_papers() {
        // Newcombe 1998, table II, examples (a) and (h): 56/70 − 48/80, and 10/10 − 0/20.
        is(Interval::difference((56, 70), (48, 80), 1.959_964), 0.0524, 0.3339);
        is(Interval::difference((10, 10), (0, 20), 1.959_964), 0.6791, 1.0);
        // Wilson's for 15/148 (Newcombe's paper on single proportions, table I, method 3).
        is(Interval::rate(15, 148, 1.959_964), 0.0624, 0.1605);
        is(Interval::rate(0, 0, 3.0), 0.0, 1.0);
    }

    #[test]
    fn nothing_is_many_times_nothing() {
        let unknown = Interval { low: 0.0, high: f64::INFINITY };
        assert_eq!(unknown.ratio(unknown).high, f64::INFINITY);
        let (one, other) = (Interval { low: 2.0, high: 3.0 }, Interval { low: 1.0, high: 2.0 });
        assert_eq!(one.ratio(other), Interval { low: 1.0, high: 3.0 });
    }
}
