//! The line that a request leaves in the log.

use std::fmt::Write;

use serde_json::{Map, Value, json};

use super::Answered;
use crate::serve::log::{self, loggable};

/// For people.
pub fn plain(answered: &Answered<'_>) {
    let ms = format!("{:.3}", answered.took.as_secs_f64() * 1e3);
    let mut steps = String::new();
    for (name, took) in answered.course.iter().flat_map(|course| &course.steps) {
        // Writing to a string cannot fail.
        let _ = write!(steps, "{name}={:.3} ", took.as_secs_f64() * 1e3);
    }
    let (method, status, bytes) = (answered.method, answered.status, answered.bytes);
    let target = loggable(answered.target);
    let steps = steps.trim_end();
    let component = answered.component;
    tracing::info!(method, target, status, ms, bytes, component, steps, "request");
}

/// For machines, with the field names of the Elastic Common Schema 8.11; what it has no names for
/// stands under `selvedge`. Times are nanoseconds, as there.
pub fn ecs(answered: &Answered<'_>, trace: Option<&str>) -> Map<String, Value> {
    let nanos = |took: std::time::Duration| u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
    let mut line = log::line("info", "request");
    let failed = answered.status >= 500;
    for (name, value) in [
        ("http.request.id", json!(answered.id)),
        ("http.request.method", json!(answered.method)),
        ("url.path", json!(loggable(answered.target))),
        ("http.response.status_code", json!(answered.status)),
        ("http.response.body.bytes", json!(answered.bytes)),
        ("event.duration", json!(nanos(answered.took))),
        ("event.outcome", json!(if failed { "failure" } else { "success" })),
        ("selvedge.component", json!(answered.component)),
    ] {
        line.insert(name.to_owned(), value);
    }
    if let Some(code) = answered.code {
        line.insert("error.code".to_owned(), json!(code.name()));
    }
    if let Some(trace) = trace {
        line.insert("trace.id".to_owned(), json!(trace));
    }
    if !answered.plan.is_empty() {
        line.insert("selvedge.plan".to_owned(), json!(loggable(answered.plan)));
    }
    if let Some(ticket) = answered.ticket {
        line.insert("selvedge.ticket".to_owned(), json!(loggable(&ticket.to_string())));
    }
    if let Some(course) = answered.course {
        let steps = course.steps.iter().map(|(name, took)| (name.clone(), json!(nanos(*took))));
        for (name, value) in [
            ("selvedge.format", json!(course.format)),
            ("selvedge.source.bytes", json!(course.source_bytes)),
            ("selvedge.output.bytes", json!(course.output_bytes)),
            ("selvedge.memory.peak", json!(course.memory)),
            ("selvedge.work", json!(course.work)),
            ("selvedge.transform", json!(nanos(course.transform))),
            ("selvedge.steps", Value::Object(steps.collect())),
        ] {
            line.insert(name.to_owned(), value);
        }
    }
    line
}
