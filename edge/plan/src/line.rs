//! The log line of a request, with the same fields from edge and origin, by the names of the Elastic Common
//! Schema where it has one.

use serde_json::{Map, Value};

use crate::decide::Decision;
use crate::outcome::{self, Maker};
use crate::problem::Problem;
use crate::reply::{self, Reply};
use crate::signature::Keys;
use crate::steps::Steps;

/// What is told of a request that has ended.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// The version of what serves, where its platform names one.
    pub version: Option<String>,
    /// The method, in capitals.
    pub method: String,
    /// Path and query as received.
    pub target: String,
    /// The status of the answer.
    pub status: u16,
    /// Nanoseconds from the request to its answer.
    pub nanos: u64,
    /// Bytes of the answer's body.
    pub bytes: Option<u64>,
    /// `hit`, `miss` or `stale`, where there is a cache.
    pub cache: Option<String>,
    /// The component that the answer names, which may be one elsewhere.
    pub component: Option<String>,
    /// Why there is no picture, or no new one.
    pub problem: Option<Problem>,
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

impl Line {
    /// The line of what is made behind an answer, for a later request.
    #[must_use]
    pub fn behind(&self, decision: &Decision) -> Self {
        let (method, target) = ("GET".to_owned(), decision.target(&Keys::default()));
        Self { method, target, version: self.version.clone(), ..Self::default() }
    }

    /// Takes down why there is no picture, and gives the answer that says so.
    pub fn fail(&mut self, maker: Maker<'_>, problem: Problem) -> Reply {
        Reply::problem(maker, self.problem.insert(problem), self.method == "HEAD")
    }

    /// Takes down the answer that went out, and when: what [`Steps::read`] reads.
    pub fn end(&mut self, status: u16, header: impl Fn(&str) -> Option<String>, steps: &str) {
        let bytes = header("content-length").and_then(|length| length.parse().ok());
        (self.status, self.nanos, self.bytes) = (status, Steps::read(steps).nanos(), bytes);
        (self.cache, self.component) = (header(reply::CACHE), header(outcome::COMPONENT));
    }

    /// The line as a JSON object.
    pub fn json(&self, maker: Maker<'_>) -> Value {
        let mut fields = Map::new();
        let mut tell = |name: &str, value: Value| _ = fields.insert(name.to_owned(), value);
        tell("ecs.version", "8.11.0".into());
        tell("event.outcome", if self.status >= 500 { "failure" } else { "success" }.into());
        tell("log.level", "info".into());
        tell("message", "request".into());
        tell("service.name", "selvedge".into());
        tell("http.request.method", self.method.as_str().into());
        tell("url.path", loggable(&self.target).into());
        tell("http.response.status_code", self.status.into());
        tell("event.duration", self.nanos.into());
        tell("selvedge.made_by", maker.side.into());
        tell("selvedge.component", self.component.as_deref().unwrap_or(maker.short()).into());
        if let Some(version) = self.version.as_deref() {
            tell("faas.version", version.into());
        }
        if let Some(bytes) = self.bytes {
            tell("http.response.body.bytes", bytes.into());
        }
        if let Some(cache) = self.cache.as_deref() {
            tell("selvedge.cache", cache.into());
        }
        if let Some(problem) = &self.problem {
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
    use crate::arrival::Arrival;
    use crate::problem::Code;
    use crate::unsigned::Unsigned;
    use crate::{Asked, Fields, Rules, decide};

    fn begun(method: &str, version: Option<String>) -> Line {
        Arrival::read(method.to_owned(), "https://a.test/a?b", 0, |_| None).line(version)
    }

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
        let line = Line { status: 503, nanos: 5, ..begun("GET", None) };
        let (mut failed, problem) = (line.clone(), Problem::new(Code::Busy, "full"));
        assert_eq!(failed.fail(maker, problem.clone()), Reply::problem(maker, &problem, false));
        let told = failed.json(maker);
        assert_eq!(told["error.code"], "busy");
        assert_eq!(told["event.outcome"], "failure");
        assert_eq!(told["selvedge.component"], "0123456789abcdef");
        for name in ["http.response.body.bytes", "faas.version", "selvedge.cache"] {
            assert!(told.get(name).is_none(), "{name}");
        }
        assert!(line.json(maker).get("error.code").is_none());
        let used = Used { linear: 7, ..Used::default() };
        let told = Line { used: Some(used), ..line }.json(maker);
        assert_eq!(told["selvedge.memory.linear"], 7);
    }

    #[test]
    fn an_answer_is_taken_down() {
        let maker = Maker { component: "0123456789abcdef0123", side: "edge" };
        let mut line = begun("HEAD", Some("v".to_owned()));
        let steps = r#"{"steps":[],"total":3}"#;
        let header = |name: &str| match name {
            "content-length" => Some("9".to_owned()),
            "selvedge-cache" => Some("hit".to_owned()),
            outcome::COMPONENT => Some("fedcba9876543210".to_owned()),
            _ => None,
        };
        line.end(200, header, steps);
        let told = line.json(maker);
        for (name, value) in [
            ("http.request.method", Value::from("HEAD")),
            ("url.path", "/a".into()),
            ("http.response.status_code", 200.into()),
            ("http.response.body.bytes", 9.into()),
            ("event.duration", 3_000.into()),
            ("selvedge.cache", "hit".into()),
            ("selvedge.component", "fedcba9876543210".into()),
            ("faas.version", "v".into()),
        ] {
            assert_eq!(told[name], value, "{name}");
        }
        // What is made behind it is a request of its own, by the same version.
        let rules = Rules { unsigned: Unsigned::All, paths: true, ..Rules::default() };
        let (target, fields) = ("/cdn-cgi/image/w=50,dpr=2/c", &Fields::default());
        let asked = Asked { method: "GET", target, authority: "a.test", fields, now: 0 };
        let behind = line.behind(&decide(&asked, &rules).unwrap()).json(maker);
        assert_eq!(
            (&behind["http.request.method"], &behind["url.path"]),
            (&"GET".into(), &"/image/width=100/c".into())
        );
        assert_eq!(behind["faas.version"], "v");
        assert!(behind.get("selvedge.cache").is_none());
    }
}
