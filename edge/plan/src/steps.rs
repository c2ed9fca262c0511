//! The steps of a request and how long each took, as headers and logs tell them.

use serde_json::Value;

use crate::outcome::{self, Header};

/// Most steps that are kept apart. The component is not trusted with the memory of its host; its own
/// pipeline has about ten.
pub const STEPS_MAX: usize = 64;

/// Longest name of a step that is kept.
pub const NAME_MAX: usize = 32;

/// A step's name so that it is safe in a header and in a log: letters, digits and hyphens.
pub fn plain(name: &str) -> String {
    let safe = |c: char| {
        if c.is_ascii_alphanumeric() { c } else { '-' }
    };
    name.chars().take(NAME_MAX).map(safe).collect()
}

/// The steps of a request at the edge.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Steps {
    /// Name and microseconds of each, in the order in which they first began.
    steps: Vec<(String, u64)>,
    /// Microseconds of the whole.
    total: u64,
}

impl Steps {
    /// Reads what a stopwatch in JavaScript says: `{"steps":[["decode",1250]],"total":2500}`, microseconds. What
    /// cannot be read is left out.
    pub fn read(text: &str) -> Self {
        let said: Value = serde_json::from_str(text).unwrap_or_default();
        let all = said.get("steps").and_then(Value::as_array).map(Vec::as_slice);
        let step = |step: &Value| {
            let (name, micros) = (step.get(0)?.as_str()?, step.get(1)?.as_u64()?);
            Some((plain(name), micros))
        };
        let steps = all.unwrap_or_default().iter().take(STEPS_MAX).filter_map(step).collect();
        Self { steps, total: said.get("total").and_then(Value::as_u64).unwrap_or_default() }
    }

    /// The header that tells them.
    pub fn timing(&self) -> Header {
        let steps = self.steps.iter().map(|(name, micros)| (name.as_str(), *micros));
        outcome::server_timing(steps.chain([("total", self.total)]))
    }

    /// Nanoseconds of the whole.
    pub fn nanos(&self) -> u64 {
        self.total.saturating_mul(1_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_told_in_milliseconds() {
        let steps = Steps::read(r#"{"steps":[["fetch",12005],["a;b\r\nc",1]],"total":20000}"#);
        let (_, value) = steps.timing();
        assert_eq!(value, "fetch;dur=12.005, a-b--c;dur=0.001, total;dur=20.000");
        assert_eq!(steps.nanos(), 20_000_000);
    }

    #[test]
    fn what_is_no_step_is_left_out() {
        let steps = Steps::read(r#"{"steps":[["a"],7,["b",-1],["c",1]]}"#);
        assert_eq!(steps.timing().1, "c;dur=0.001, total;dur=0.000");
        assert_eq!(Steps::read("nothing"), Steps::default());
    }

    #[test]
    fn a_talkative_component_does_not_fill_headers() {
        let all: Vec<_> = (0..1_000).map(|i| (format!("{i}{}", "x".repeat(1_000)), i)).collect();
        let text = serde_json::json!({ "steps": all, "total": 1 }).to_string();
        let value = Steps::read(&text).timing().1;
        assert_eq!(value.split(", ").count(), STEPS_MAX + 1);
        assert!(value.len() < (STEPS_MAX + 1) * (NAME_MAX + 20));
    }
}
