//! The processor time that one answer took.

use std::time::Duration;

use reqwest::header::HeaderMap;

/// What `server-timing` names beside the steps of the component.
const NOT_STEPS: [&str; 4] = ["fetch", "queue", "transform", "total"];

/// Processor time of one answer, in all threads of the server.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// All of it.
    pub all: Duration,
    /// Without the steps of the component, if the answer tells them.
    pub outside: Option<Duration>,
}

impl Cost {
    /// What the server's clock of processor time moved by while it gave an answer with these headers.
    pub fn new(all: Duration, headers: &HeaderMap) -> Self {
        let told = headers.get_all("server-timing").iter();
        let steps: Vec<Duration> = told
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .filter_map(step)
            .collect();
        let inside = steps.iter().sum();
        Self { all, outside: (!steps.is_empty()).then(|| all.saturating_sub(inside)) }
    }
}

/// How long a step of the component took, of one entry (Server Timing, W3C): a wall clock's time, which is
/// the processor's where it has a core to itself.
fn step(entry: &str) -> Option<Duration> {
    let mut parts = entry.split(';').map(str::trim);
    let name = parts.next()?;
    let millis: f64 = parts.find_map(|part| part.strip_prefix("dur="))?.parse().ok()?;
    let is_step = !NOT_STEPS.contains(&name);
    is_step.then(|| Duration::try_from_secs_f64(millis / 1e3).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_of_the_component_are_taken_off() {
        let millis = Duration::from_millis;
        let cost = |told: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert("server-timing", reqwest::header::HeaderValue::from_static(told));
            Cost::new(millis(10), &headers).outside
        };
        let told = "fetch;dur=3.0, queue;dur=0.1, probe;dur=0.500, decode;dur=6.5, transform;dur=8, total;dur=9";
        assert_eq!(cost(told), Some(millis(3)));
        assert_eq!(cost("cache;desc=hit"), None);
        assert_eq!(cost("decode;dur=11"), Some(Duration::ZERO));
        assert_eq!(cost("decode;dur=-1, encode;dur=x"), None);
    }
}
