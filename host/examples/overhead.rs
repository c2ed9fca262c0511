//! Measures what the host itself costs: start, instances, and the checks that let a deadline stop
//! a transform.
//!
//! ```text
//! cargo run --release -p selvedge --example overhead -- PICTURE [OPTIONS] [ROUNDS]
//! ```

use std::env;
use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

use selvedge::component::ComponentFile;
use selvedge::engine::Settings;
use selvedge::transform::{Limits, Transformer};

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = env::args().skip(1);
    let picture = args.next().ok_or("expected PICTURE [OPTIONS] [ROUNDS]")?;
    let options = args.next().unwrap_or_else(|| "width=800".to_owned());
    let rounds: u32 = args.next().map_or(Ok(15), |rounds| rounds.parse())?;
    let named = env::var_os("SELVEDGE_COMPONENT");
    let named = named.as_deref().map(Path::new);
    let source = std::fs::read(picture)?;
    let limits = Limits { deadline: Duration::from_secs(60), ..Limits::default() };

    // Compiles and stores the code where that was not done before.
    let settings = |interruption| Settings { interruption, ..Settings::with_slots(2) };
    let mut both = Vec::new();
    for interruption in [true, false] {
        let component = ComponentFile::open(named)?;
        both.push((interruption, Transformer::new(&component, settings(interruption))?));
    }

    let (mut read, mut ready) = (Duration::MAX, Duration::MAX);
    for _ in 0..rounds {
        let began = Instant::now();
        let component = ComponentFile::open(named)?;
        read = read.min(began.elapsed());
        let began = Instant::now();
        let transformer = Transformer::new(&component, settings(true))?;
        ready = ready.min(began.elapsed());
        drop(transformer);
    }
    println!("read and hash the component  {:>9.3} ms", millis(read));
    println!("engine and code from cache   {:>9.3} ms", millis(ready));

    for (interruption, transformer) in &both {
        let best = best(rounds.max(200), || {
            // Not a picture: refused at its first bytes.
            let _ = transformer.probe(b"no picture", &limits);
            Ok(())
        })?;
        println!("instance and refusal, epoch {interruption:5} {:>9.3} ms", millis(best));
    }
    // In turns, so that a noisy neighbour hurts both alike.
    let mut fastest = [Duration::MAX; 2];
    for _ in 0..rounds {
        for ((_, transformer), fastest) in both.iter().zip(&mut fastest) {
            let once = best(1, || {
                transformer.transform(source.clone(), &[], &options, &limits)?;
                Ok(())
            })?;
            *fastest = once.min(*fastest);
        }
    }
    for ((interruption, _), fastest) in both.iter().zip(fastest) {
        println!("transform, epoch {interruption:5}       {:>9.3} ms", millis(fastest));
    }
    Ok(())
}

fn best(
    rounds: u32,
    mut work: impl FnMut() -> Result<(), Box<dyn Error>>,
) -> Result<Duration, Box<dyn Error>> {
    let mut best = Duration::MAX;
    for _ in 0..rounds {
        let began = Instant::now();
        work()?;
        best = best.min(began.elapsed());
    }
    Ok(best)
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
