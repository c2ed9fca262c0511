//! The log: how it is written, and the line that every request leaves.

use std::io::IsTerminal;
use std::time::Duration;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::EnvFilter;

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Style {
    /// One JSON object a line.
    Json,
    /// For people.
    Plain,
}

/// Tells a person at a terminal what a command does.
pub fn start_brief(least: LevelFilter) {
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter(least))
        .with_target(false)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .without_time();
    // A second start, as in tests, changes nothing.
    let _ = log.try_init();
}

/// Sends the log of a server to standard error.
pub fn start(style: Style) {
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter(LevelFilter::INFO))
        .with_target(false)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    let _ = match style {
        Style::Json => log.json().flatten_event(true).try_init(),
        Style::Plain => log.try_init(),
    };
}

/// `RUST_LOG` narrows or widens what is told.
fn filter(least: LevelFilter) -> EnvFilter {
    EnvFilter::builder().with_default_directive(least.into()).from_env_lossy()
}

/// Writes the line of a finished request.
pub fn request(method: &str, target: &str, status: u16, took: Duration, bytes: usize) {
    let millis = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    let ms = format!("{}.{:03}", millis / 1_000, millis % 1_000);
    tracing::info!(method, target = loggable(target), status, ms, bytes, "request");
}

/// A target without what opens doors: the tag of a signature, and a query, where tokens are.
fn loggable(target: &str) -> String {
    let path = target.split('?').next().unwrap_or_default();
    let masked = |segment: &str| match segment.split_once('.') {
        Some((key, _)) if key.starts_with("sig=") => format!("{key}.***"),
        _ => segment.to_owned(),
    };
    let segments: Vec<String> = path.split('/').map(masked).collect();
    segments.join("/")
}

#[cfg(test)]
mod tests {
    use super::loggable;

    #[test]
    fn the_log_holds_no_tokens() {
        assert_eq!(
            loggable("/image/sig=k1.c2VjcmV0/width=1/https://a.test/b.jpg?token=x"),
            "/image/sig=k1.***/width=1/https://a.test/b.jpg"
        );
    }
}
