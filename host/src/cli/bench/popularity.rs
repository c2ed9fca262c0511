//! How often each of many pictures is asked for, on a day of a video service: by the counts that Showmax's
//! engineers published ("How We Stopped Being an Image Processing Company", 2019).

/// Ranks, and how often the pictures of these ranks are asked for among two million requests.
const COUNTS: [(f64, f64); 3] = [(1.0, 2_500.0), (100.0, 750.0), (1_000.0, 275.0)];

/// Pictures by their ranks, of which the first ones are asked for most.
#[derive(Debug)]
pub struct Popularity {
    /// Requests for each rank and all before it.
    sums: Vec<f64>,
}

impl Popularity {
    /// Of so many pictures. With 12 573 the requests are two million.
    pub fn new(pictures: u32) -> Self {
        let add = |sum: &mut f64, rank: u32| {
            *sum += requests(rank);
            Some(*sum)
        };
        Self { sums: (1..=pictures).scan(0.0, add).collect() }
    }

    /// The rank, from 0, of the picture that the next request is for.
    pub fn draw(&self, random: &mut fastrand::Rng) -> usize {
        let all = self.sums.last().copied().unwrap_or_default();
        let at = random.f64() * all;
        self.sums.partition_point(|sum| *sum <= at).min(self.sums.len().saturating_sub(1))
    }
}

/// Between two of the counts, and beyond the last, a power of the rank.
fn requests(rank: u32) -> f64 {
    let [first, second, third] = COUNTS;
    let rank = f64::from(rank);
    let (a, b) = if rank <= second.0 { (first, second) } else { (second, third) };
    a.1 * (rank / a.0).powf((b.1 / a.1).ln() / (b.0 / a.0).ln())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counts_are_those_of_the_day() {
        for (rank, count) in [(1, 2_500.0), (100, 750.0), (1_000, 275.0)] {
            assert!((requests(rank) - count).abs() < 1e-6, "{rank}");
        }
        let all = Popularity::new(12_573).sums.last().copied().unwrap();
        assert!((all - 2e6).abs() < 100.0, "{all}");
    }

    #[test]
    fn each_is_drawn_as_often() {
        let popularity = Popularity::new(12_573);
        let mut random = fastrand::Rng::with_seed(1);
        let mut drawn = vec![0_u32; 12_573];
        for _ in 0..2_000_000 {
            drawn[popularity.draw(&mut random)] += 1;
        }
        // Within five standard deviations.
        for (rank, count) in [(1, 2_500.0_f64), (100, 750.0), (1_000, 275.0)] {
            let got = f64::from(drawn[rank - 1]);
            assert!((got - count).abs() < 5.0 * count.sqrt(), "{rank}: {got}");
        }
        assert!(drawn.iter().all(|count| *count > 0));
    }
}
