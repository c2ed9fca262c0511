//! The log line of a request, with the same fields from edge and origin, by the names of the Elastic Common
//! Schema where it has one.

use serde_json::{Map, Value};

use crate::outcome::Maker;
use crate::problem::Problem;

/// What is told of a request that has ended.
#[derive(Clone, Debug, Default)]
pub struct Line<'a> {
    /// The version of what serves, where its platform names one.
    pub version: Option<&'a str>,
    /// The method, in capitals.
    pub method: &'a str,
    /// Path and query as received.
    pub target: &'a str,
    /// The status of the answer.
    pub status: u16,
    /// Nanoseconds from the request to its answer.
    pub nanos: u64,
    /// Bytes of the answer's body.
    pub bytes: Option<u64>,
    /// `hit`, `miss` or `stale`, where there is a cache.
    pub cache: Option<&'a str>,
    /// Why there is no picture.
    pub problem: Option<&'a Problem>,
    /// What a transform used.
    pub used: Option<Used>,
}

/// What a transform used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Used {
    /// Work units.
    pub work: u64,
    /// Bytes of linear memory of its instance.
    pub linear: u64,
    /// Bytes of its files, beside those.
    pub files: u64,
    /// Bytes of the picture, beside those.
    pub picture: u64,
}

impl Line<'_> {
    /// The line as a JSON object.
    pub fn json(&self, maker: Maker<'_>) -> Value {
        let mut fields = Map::new();
        let mut tell = |name: &str, value: Value| _ = fields.insert(name.to_owned(), value);
        tell("ecs.version", "8.11.0".into());
        tell("event.outcome", if self.status >= 500 { "failure" } else { "success" }.into());
        tell("log.level", "info".into());
        tell("message", "request".into());
        tell("service.name", "selvedge".into());
        tell("http.request.method", self.method.into());
        tell("url.path", loggable(self.target).into());
        tell("http.response.status_code", self.status.into());
        tell("event.duration", self.nanos.into());
        tell("selvedge.made_by", maker.side.into());
        tell("selvedge.component", maker.short().into());
        if let Some(version) = self.version {
            tell("faas.version", version.into());
        }
        if let Some(bytes) = self.bytes {
            tell("http.response.body.bytes", bytes.into());
        }
        if let Some(cache) = self.cache {
            tell("selvedge.cache", cache.into());
        }
        if let Some(problem) = self.problem {
            tell("error.code", problem.code.name().into());
            tell("error.message", problem.detail.as_str().into());
        }
        if let Some(used) = self.used {
            tell("selvedge.work", used.work.into());
            tell("selvedge.memory.linear", used.linear.into());
            tell("selvedge.source.bytes", used.files.into());
            tell("selvedge.output.bytes", used.picture.into());
        }
        Value::Object(fields)
    }
}

/// A target without what opens doors: the tag of a signature, and a query, where tokens are.
pub fn loggable(target: &str) -> String {
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
    use super::*;
    use crate::problem::Code;

    #[test]
    fn the_log_holds_no_tokens() {
        assert_eq!(
            loggable("/image/sig=k1.c2VjcmV0/width=1/https://a.test/b.jpg?token=x"),
            "/image/sig=k1.***/width=1/https://a.test/b.jpg"
        );
    }

    #[test]
    fn what_is_not_known_is_not_told() {
        let maker = Maker { component: "0123456789abcdef0123", side: "edge" };
        let problem = Problem::new(Code::Busy, "full");
        let line = Line { method: "GET", target: "/a", status: 503, nanos: 5, ..Line::default() };
        let told = Line { problem: Some(&problem), ..line.clone() }.json(maker);
        assert_eq!(told["error.code"], "busy");
        assert_eq!(told["event.outcome"], "failure");
        assert_eq!(told["selvedge.component"], "0123456789abcdef");
        assert!(told.get("http.response.body.bytes").is_none());
        assert!(told.get("faas.version").is_none());
        let versioned = Line { version: Some("5"), ..line.clone() }.json(maker);
        assert_eq!(versioned["faas.version"], "5");
        assert!(line.json(maker).get("error.code").is_none());
        let used = Used { linear: 7, ..Used::default() };
        let told = Line { used: Some(used), cache: Some("miss"), ..line }.json(maker);
        assert_eq!(
            (&told["selvedge.memory.linear"], &told["selvedge.cache"]),
            (&7.into(), &"miss".into())
        );
    }
}
