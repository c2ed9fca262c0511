//! How much is tried in the shadow, as an operator says it.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::config::units::{Size, Time};

/// What the other component makes again, once the answer is sent.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Share of the pictures that are made, from 0 to 1.
    pub sample: f64,
    /// Share of one core.
    pub cpu: f64,
    /// Pictures that wait.
    pub queue: usize,
    /// Their files.
    pub memory: Size,
    /// The least score that is good enough.
    pub score: f64,
    /// Time on the clock for one transform.
    pub deadline: Time,
    /// The worst cases of each kind that are kept.
    pub keep: usize,
    /// Where they are kept, with a line for each run.
    pub folder: Option<PathBuf>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            sample: 0.0,
            cpu: 0.25,
            queue: 16,
            memory: Size::mebibytes(64),
            // A transform that all others go before may wait long for a core.
            deadline: Time::seconds(30),
            // What few people see without looking for it.
            score: 80.0,
            keep: 8,
            folder: None,
        }
    }
}

impl Config {
    /// What is wrong: settings, each with what was expected.
    pub fn wrong(&self) -> Vec<(&'static str, String)> {
        let Self { sample, cpu, .. } = self;
        let checks = [
            (
                (0.0..=1.0).contains(sample),
                "shadow.sample",
                format!("expected a number from 0 to 1, got {sample}"),
            ),
            (
                *cpu > 0.0 && *cpu <= 1.0,
                "shadow.cpu",
                format!("expected a number above 0 and up to 1, got {cpu}"),
            ),
            (
                *sample == 0.0 || self.folder.is_some(),
                "shadow.folder",
                "expected a folder, since shadow.sample is not 0".to_owned(),
            ),
            (!self.deadline.0.is_zero(), "shadow.deadline", "expected more than 0".to_owned()),
        ];
        checks.into_iter().filter(|(fine, ..)| !fine).map(|(_, key, why)| (key, why)).collect()
    }
}
