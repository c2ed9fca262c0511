//! The log: how it is written, and the line that every request leaves.

use std::fmt;
use std::io::{IsTerminal, Write};

pub use selvedge_plan::line::loggable;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::{Event, Subscriber};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime, SystemTime};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
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
        Style::Json => log.event_format(Ecs).try_init(),
        Style::Plain => log.try_init(),
    };
}

/// `RUST_LOG` narrows or widens what is told.
fn filter(least: LevelFilter) -> EnvFilter {
    EnvFilter::builder().with_default_directive(least.into()).from_env_lossy()
}

/// The beginning of a line for machines (Elastic Common Schema 8.11).
pub fn line(level: &str, message: &str) -> Map<String, Value> {
    let mut now = String::new();
    // Writing to a string cannot fail.
    let _ = SystemTime.format_time(&mut Writer::new(&mut now));
    let fields = [
        ("@timestamp", now.as_str()),
        ("log.level", level),
        ("message", message),
        ("ecs.version", "8.11.0"),
        ("service.name", "selvedge"),
        ("service.version", env!("CARGO_PKG_VERSION")),
    ];
    fields.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect()
}

/// Writes a line for machines.
pub fn write(line: &Map<String, Value>) {
    if let Ok(text) = serde_json::to_string(line) {
        // Standard error may be closed: then nobody wants it.
        let _ = writeln!(std::io::stderr().lock(), "{text}");
    }
}

/// Events as lines for machines.
struct Ecs;

impl<S, N> FormatEvent<S, N> for Ecs
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        _: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let level = event.metadata().level().as_str().to_ascii_lowercase();
        let mut fields = Fields(line(&level, ""));
        event.record(&mut fields);
        writeln!(writer, "{}", Value::Object(fields.0))
    }
}

/// The fields of an event.
struct Fields(Map<String, Value>);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}").into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().to_owned(), value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.0.insert(field.name().to_owned(), value.into());
    }
}
