//! Requests that were written by hand with what must be decided of them.

use selvedge_plan::geometry::{Size, layout};
use selvedge_plan::{Asked, Decision, Fields, Problem, decide};
use serde_json::Value;

use crate::requests::NOW;
use crate::rules::open;

/// The tables: one JSON object a line, and lines that begin with a number sign say what follows.
const TABLES: &[(&str, &str)] = &[
    ("cloudflare.jsonl", include_str!("../../vectors/cloudflare.jsonl")),
    ("requests.jsonl", include_str!("../../vectors/requests.jsonl")),
];

/// A written request.
#[derive(Debug)]
pub struct Vector {
    /// Which table, and which line of it.
    pub place: String,
    /// The row of the reference that it is for, if there is one.
    pub row: String,
    /// Path and query.
    pub target: String,
    /// Header fields.
    pub headers: Vec<(String, String)>,
    expected: Value,
}

/// All written requests.
///
/// # Errors
/// The first line that cannot be read.
pub fn all() -> Result<Vec<Vector>, String> {
    let lines = TABLES.iter().flat_map(|(name, table)| {
        let lines = table.lines().enumerate().filter(|(_, line)| !line.starts_with('#'));
        lines.map(move |(at, line)| (format!("{name}:{}", at.saturating_add(1)), line))
    });
    lines.map(|(place, line)| Vector::read(place, line)).collect()
}

/// Those that are decided in another way than they say.
pub fn failures() -> Vec<String> {
    match all() {
        Ok(vectors) => vectors.iter().filter_map(Vector::failure).collect(),
        Err(why) => vec![why],
    }
}

impl Vector {
    fn read(place: String, line: &str) -> Result<Self, String> {
        let expected: Value =
            serde_json::from_str(line).map_err(|error| format!("{place}: {error}"))?;
        let text = |name: &str| expected.get(name).and_then(Value::as_str).map(str::to_owned);
        let headers = expected.get("headers").and_then(Value::as_object);
        let headers = headers
            .into_iter()
            .flatten()
            .map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned()));
        Ok(Self {
            row: text("row").unwrap_or_default(),
            target: text("target").ok_or_else(|| format!("{place}: no target"))?,
            headers: headers.collect(),
            place,
            expected,
        })
    }

    /// The code of the problem that must come of it, if one must.
    pub fn problem(&self) -> Option<&str> {
        self.text("problem")
    }

    /// What is expected of one part of the decision, if that is a text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.expected.get(name).and_then(Value::as_str)
    }

    /// How it is decided in another way than it says.
    pub fn failure(&self) -> Option<String> {
        let find = |name: &str| self.headers.iter().find(|(known, _)| known == name);
        let fields = Fields::collect(|name| find(name).map(|(_, value)| value.clone()));
        let asked = Asked {
            method: "GET",
            target: &self.target,
            authority: "example.com",
            fields: &fields,
            now: NOW,
        };
        let decided = decide(&asked, &open());
        let wrong: Vec<String> = self
            .expected
            .as_object()?
            .iter()
            .filter(|(name, _)| {
                !matches!(name.as_str(), "row" | "target" | "headers" | "source_size")
            })
            .filter_map(|(name, expected)| {
                let got = self.observed(name, &decided);
                (got != *expected).then(|| format!("{name}: expected {expected}, got {got}"))
            })
            .collect();
        (!wrong.is_empty()).then(|| format!("{} {}: {}", self.place, self.target, wrong.join("; ")))
    }

    fn observed(&self, name: &str, decided: &Result<Decision, Problem>) -> Value {
        let decision = match decided {
            Ok(decision) => decision,
            Err(problem) => {
                return match name {
                    "problem" => problem.code.name().into(),
                    "detail" => self.quoted(&problem.detail),
                    _ => problem.to_string().into(),
                };
            }
        };
        match name {
            "plan" => decision.plan.text().into(),
            "source" => decision.source.text().into(),
            "dialect" => decision.dialect.into(),
            "vary" => decision.vary.join(", ").into(),
            "warning" => self.quoted(&decision.delivery.warnings.join("; ")),
            "disposition" => {
                let download = decision.delivery.download.as_ref();
                download.map(|download| download.disposition()).into()
            }
            "fallback" => decision.delivery.fallback.clone().into(),
            "size" => self.size(decision).into(),
            _ => decision.plan.text().into(),
        }
    }

    /// The part of `text` that is expected of it, if it is there, else all.
    fn quoted(&self, text: &str) -> Value {
        let parts =
            ["detail", "warning"].iter().filter_map(|name| self.expected.get(*name)?.as_str());
        parts.filter(|part| text.contains(part)).map(Value::from).next().unwrap_or(text.into())
    }

    /// The size of the output for a source of `source_size`.
    fn size(&self, decision: &Decision) -> Option<String> {
        let (width, height) = self.expected.get("source_size")?.as_str()?.split_once('x')?;
        let stored = Size { width: width.parse().ok()?, height: height.parse().ok()? };
        let laid_out = layout(decision.plan.turn().size(stored), &decision.plan).ok()?;
        Some(format!("{}x{}", laid_out.canvas.width, laid_out.canvas.height))
    }
}
