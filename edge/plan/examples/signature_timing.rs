//! Whether the time that a signature takes to be refused tells how much of it was right, after dudect
//! (Reparaz, Balasch and Verbauwhede, "Dude, is my code constant time?", 2017): Welch's t of two
//! classes of wrong signatures, one wrong in its first byte, one in its last, in random order.
//! |t| below 4.5 means that no difference was found.
//!
//! By construction there is none: `verify_slice` of the crate hmac compares with `subtle`, and
//! `base64ct` decodes without branches on what it decodes. This measures it:
//!
//!     cargo run --release -p selvedge-plan --example signature_timing

use std::hint::black_box;
use std::time::Instant;

use selvedge_plan::signature::Keys;

const SAMPLES: usize = 1_000_000;
const REST: &str = "/width=640,format=auto,quality=80/photos/2024/a-photo-of-a-cat.jpg";

fn main() -> Result<(), String> {
    let keys = Keys::parse("k1:000102030405060708090a0b0c0d0e0f")?;
    let right = keys.sign(REST).ok_or("no key")?;
    let start = right.find('.').map_or(0, |dot| dot + 1);
    // The last character but one is all tag; the last one also holds the bits that must be 0.
    let wrong = [changed(&right, start), changed(&right, right.len() - 2)];
    let mut chance = 0x9e37_79b9_7f4a_7c15_u64;
    let mut times: [Vec<u64>; 2] = Default::default();
    let mut accepted = 0;
    // Both classes are read from one place: where a text lies takes time too.
    let mut given = String::with_capacity(right.len());
    for _ in 0..SAMPLES {
        chance ^= chance << 13;
        chance ^= chance >> 7;
        chance ^= chance << 17;
        let class = (chance >> 32) as usize & 1;
        given.clear();
        given.push_str(&wrong[class]);
        let began = Instant::now();
        let verdict = black_box(&keys).verify(black_box(&given), black_box(REST));
        times[class].push(u64::try_from(began.elapsed().as_nanos()).unwrap_or(u64::MAX));
        accepted += u32::from(verdict.is_ok());
    }
    // What an interrupt fell into says nothing: only the faster nine tenths count.
    let mut all = times.concat();
    all.sort_unstable();
    let most = all.get(all.len() * 9 / 10).copied().unwrap_or(u64::MAX);
    let [first, last] = times.map(|times| Moments::of(times.into_iter().filter(|t| *t <= most)));
    let t = (first.mean - last.mean)
        / (first.variance / first.count + last.variance / last.count).sqrt();
    println!("wrong in the first byte: {first}");
    println!("wrong in the last byte:  {last}");
    println!("t = {t:.2} over {SAMPLES} samples; {accepted} accepted");
    if accepted == 0 && t.abs() < 4.5 { Ok(()) } else { Err("a difference".to_owned()) }
}

/// With another character in one place.
fn changed(text: &str, at: usize) -> String {
    let other = if text.as_bytes().get(at) == Some(&b'A') { "B" } else { "A" };
    let mut text = text.to_owned();
    text.replace_range(at..at + 1, other);
    text
}

struct Moments {
    count: f64,
    mean: f64,
    variance: f64,
}

impl Moments {
    fn of(times: impl Iterator<Item = u64> + Clone) -> Self {
        let count = times.clone().count() as f64;
        let mean = times.clone().sum::<u64>() as f64 / count;
        let variance = times.map(|t| (t as f64 - mean).powi(2)).sum::<f64>() / (count - 1.0);
        Self { count, mean, variance }
    }
}

impl std::fmt::Display for Moments {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{:.2} ns, deviation {:.2}, {} samples",
            self.mean,
            self.variance.sqrt(),
            self.count
        )
    }
}
