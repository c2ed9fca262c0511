//! The stopwatch behind the component's only import.

use std::time::{Duration, Instant};

use selvedge_plan::steps::{STEPS_MAX, plain};

/// A finished step and how long it took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its name: letters, digits and hyphens only.
    pub name: String,
    /// Its share of the time, all its turns together.
    pub duration: Duration,
}

/// Times steps: each lasts until the next one begins.
#[derive(Debug, Default)]
pub struct Stopwatch {
    running: Option<(usize, Instant)>,
    steps: Vec<Step>,
}

impl Stopwatch {
    /// A step begins; the one before it ends. A step that comes again is added to its first turn.
    pub fn begin(&mut self, name: &str) {
        let now = Instant::now();
        self.end(now);
        let name = plain(name);
        let known = self.steps.iter().position(|step| step.name == name);
        let index = known.unwrap_or(self.steps.len());
        if index >= STEPS_MAX {
            return;
        }
        if known.is_none() {
            self.steps.push(Step { name, duration: Duration::ZERO });
        }
        self.running = Some((index, now));
    }

    /// Ends the last step and gives all of them, in the order in which they first began.
    pub fn finish(mut self) -> Vec<Step> {
        self.end(Instant::now());
        self.steps
    }

    fn end(&mut self, now: Instant) {
        if let Some((index, began)) = self.running.take()
            && let Some(step) = self.steps.get_mut(index)
        {
            step.duration += now.duration_since(began);
        }
    }
}

#[cfg(test)]
mod tests {
    use selvedge_plan::steps::NAME_MAX;

    use super::*;

    #[test]
    fn steps_follow_one_another_and_add_up() {
        let mut watch = Stopwatch::default();
        for name in ["decode", "resize", "decode", "a;b\r\nc"] {
            watch.begin(name);
        }
        let names: Vec<String> = watch.finish().into_iter().map(|step| step.name).collect();
        assert_eq!(names, ["decode", "resize", "a-b--c"]);
    }

    #[test]
    fn a_talkative_component_does_not_fill_the_memory() {
        let mut watch = Stopwatch::default();
        for i in 0..1_000 {
            watch.begin(&format!("{i}{}", "x".repeat(1_000)));
        }
        let steps = watch.finish();
        assert_eq!(steps.len(), STEPS_MAX);
        assert!(steps.iter().all(|step| step.name.len() <= NAME_MAX));
    }
}
