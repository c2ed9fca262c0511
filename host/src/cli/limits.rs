//! The flags for what one transform may use.

use std::time::Duration;

use crate::config::units::Size;
use crate::engine::MEMORY_MAX;
use crate::transform::Limits;

/// What one transform may use.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Linear memory of one transform in bytes, with K, M or G for powers of 1024
    #[arg(long, value_name = "BYTES", value_parser = memory)]
    memory: Option<u64>,
    /// Work units of one transform, about a nanosecond each
    #[arg(long, value_name = "UNITS")]
    work: Option<u64>,
    /// Time of one transform in milliseconds; 0 is none, for commands that a person can stop
    #[arg(long, value_name = "MS")]
    deadline_ms: Option<u64>,
}

impl Args {
    /// The limits, with `default` for those that are not given.
    pub fn or(&self, default: Limits) -> Limits {
        Limits {
            memory: self.memory.unwrap_or(default.memory),
            work: self.work.unwrap_or(default.work),
            deadline: self.deadline_ms.map_or(default.deadline, Duration::from_millis),
        }
    }

    /// What is given, as settings of a server: each key, the flag and its text.
    pub fn settings(&self) -> [(&'static str, &'static str, Option<String>); 3] {
        let deadline = self.deadline_ms.map(|millis| format!("{millis}ms"));
        [
            ("transform.memory", "--memory", self.memory.map(|bytes| bytes.to_string())),
            ("transform.work", "--work", self.work.map(|units| units.to_string())),
            ("transform.deadline", "--deadline-ms", deadline),
        ]
    }
}

fn memory(text: &str) -> Result<u64, String> {
    let (Size(bytes), most) = (text.parse()?, MEMORY_MAX as u64);
    let fits = bytes <= most;
    fits.then_some(bytes).ok_or_else(|| format!("expected at most {}M", most >> 20))
}
