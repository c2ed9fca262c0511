//! What is being done and how long it took, on stderr.

use std::time::Instant;

use anyhow::Result;

/// Does one step of a task.
pub fn step<T>(what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    eprintln!("\n==> {what}");
    let started = Instant::now();
    let done = work()?;
    eprintln!("    {:.1} s", started.elapsed().as_secs_f32());
    Ok(done)
}

/// Tells something that a step found out.
pub fn note(text: impl AsRef<str>) {
    eprintln!("    {}", text.as_ref());
}
