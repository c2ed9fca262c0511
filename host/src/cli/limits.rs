//! The flags for what one transform may use.

use std::time::Duration;

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
}

fn memory(text: &str) -> Result<u64, String> {
    let most = MEMORY_MAX as u64;
    let (digits, shift) = match text.char_indices().last() {
        Some((at, 'K' | 'k')) => (text.get(..at), 10),
        Some((at, 'M' | 'm')) => (text.get(..at), 20),
        Some((at, 'G' | 'g')) => (text.get(..at), 30),
        _ => (Some(text), 0_u32),
    };
    digits
        .and_then(|digits| digits.parse::<u64>().ok())
        .and_then(|number| number.checked_mul(1 << shift))
        .filter(|bytes| *bytes <= most)
        .ok_or_else(|| format!("expected a number of bytes up to {}M", most >> 20))
}

#[cfg(test)]
mod tests {
    use super::memory;

    #[test]
    fn sizes_have_units_and_an_end() {
        assert_eq!(memory("64M"), Ok(64 << 20));
        assert_eq!(memory("1000"), Ok(1_000));
        for bad in ["", "M", "-1", "1.5M", "257M", "99999999999G", "64MB", "ä"] {
            assert!(memory(bad).is_err(), "{bad}");
        }
    }
}
