//! What is sent back: status, headers and problem bodies, the same from edge and origin.

use crate::decide::Decision;
use crate::freshness;
use crate::key;
use crate::problem::{Code, Problem};
use crate::source::Source;

/// A header: name in lower case, and value.
pub type Header = (&'static str, String);

/// The header that names the component.
pub const COMPONENT: &str = "selvedge-component";

/// Who answers.
#[derive(Clone, Copy, Debug)]
pub struct Maker<'a> {
    /// SHA-256 of the component, in hexadecimal.
    pub component: &'a str,
    /// `edge` or `origin`.
    pub side: &'a str,
}

impl<'a> Maker<'a> {
    /// The short name of the component, as in headers, tags and logs.
    pub fn short(&self) -> &'a str {
        self.component.get(..16).unwrap_or(self.component)
    }

    fn headers(&self) -> [Header; 2] {
        [(COMPONENT, self.short().to_owned()), ("selvedge-made-by", self.side.to_owned())]
    }
}

/// What `cache-tag` says of every picture that a component made.
pub fn component_tag(digest: &str) -> String {
    format!("c-{}", Maker { component: digest, side: "" }.short())
}

/// What `cache-tag` says of every picture that was made with a source.
pub fn source_tag(source: &Source) -> String {
    format!("s-{}", key::digest(&source.text()).get(..16).unwrap_or_default())
}

/// The headers of a 200 with a picture, and of a 304 for it: those of the picture, which a cache may
/// keep for other requests. [`personal`] has the rest.
pub fn picture(
    maker: Maker<'_>,
    decision: &Decision,
    etag: &str,
    cache_control: &str,
) -> Vec<Header> {
    let mut tags = component_tag(maker.component);
    for source in decision.files() {
        tags.push(',');
        tags.push_str(&source_tag(source));
    }
    let mut headers = vec![
        ("cache-control", cache_control.to_owned()),
        ("cache-tag", tags),
        ("etag", etag.to_owned()),
    ];
    headers.extend(maker.headers());
    headers.extend(safety());
    headers
}

/// What is known of a picture that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawn {
    /// Its media type.
    pub media_type: String,
    /// Bytes.
    pub length: u64,
    /// What is amiss with it.
    pub warnings: Vec<String>,
}

/// The headers that describe a picture, or one that is not made.
pub fn described(decision: &Decision, drawn: Option<&Drawn>) -> Vec<Header> {
    let Some(Drawn { media_type, length, warnings }) = drawn else {
        let known = decision.plan.output.media_type();
        return known.map(|known| ("content-type", known.to_owned())).into_iter().collect();
    };
    let kind = [("content-type", media_type.clone()), ("content-length", length.to_string())];
    kind.into_iter().chain(amiss(warnings)).collect()
}

/// The headers of a 200 or 304 that goes to one client and into no cache of ours.
pub fn whole(
    maker: Maker<'_>,
    decision: &Decision,
    etag: &str,
    cache_control: &str,
) -> Vec<Header> {
    let own = personal(decision, cache_control);
    let mut headers = picture(maker, decision, etag, cache_control);
    headers.retain(|(name, _)| own.iter().all(|(known, _)| known != name));
    headers.extend(own);
    headers
}

/// The headers of an answer with a picture that are for one request alone. They go before those of
/// the picture, whose Cache-Control is given.
pub fn personal(decision: &Decision, cache_control: &str) -> Vec<Header> {
    let delivery = &decision.delivery;
    let mut headers = Vec::new();
    if delivery.trial {
        headers.push(("cache-control", "no-store".to_owned()));
    } else if let Some(seconds) = delivery.seconds_left {
        headers.push(("cache-control", freshness::at_most(cache_control, seconds)));
    }
    if let Some(download) = &delivery.download {
        headers.push(("content-disposition", download.disposition()));
    }
    if !delivery.warnings.is_empty() {
        headers.push((WARNING, warning(&delivery.warnings)));
    }
    if !decision.vary.is_empty() {
        headers.push(("vary", decision.vary.join(", ")));
    }
    headers
}

/// The header that says what was done in another way than the client may think.
pub const WARNING: &str = "selvedge-warning";

/// Warnings as a list of strings (RFC 9651 §3.1, §3.3.3).
fn warning(warnings: &[String]) -> String {
    let text = |warning: &String| {
        let plain = |c: char| if c.is_ascii_graphic() || c == ' ' { c } else { '?' };
        let plain: String = warning.chars().map(plain).collect();
        format!("\"{}\"", plain.replace('\\', "\\\\").replace('"', "\\\""))
    };
    warnings.iter().map(text).collect::<Vec<_>>().join(", ")
}

/// What the component says is amiss with a picture that it made all the same. Only so much of it is
/// told as a header may well hold.
pub fn amiss(warnings: &[String]) -> Option<Header> {
    const WARNINGS: usize = 8;
    const CHARS: usize = 200;
    let cut = |warning: &String| warning.chars().take(CHARS).collect();
    let warnings: Vec<String> = warnings.iter().take(WARNINGS).map(cut).collect();
    (!warnings.is_empty()).then(|| (WARNING, warning(&warnings)))
}

/// The redirect to the source that takes the place of a problem, where the address asks for one and
/// the problem is not the client's own. It is not kept: the next try may succeed.
pub fn fallback(maker: Maker<'_>, decision: &Decision, problem: &Problem) -> Option<Vec<Header>> {
    let location = decision.delivery.fallback.clone()?;
    let headers = [
        ("cache-control", "no-store".to_owned()),
        ("location", location),
        (WARNING, warning(&[problem.to_string()])),
    ];
    Some(headers.into_iter().chain(maker.headers()).chain(safety()).collect())
}

/// The Server-Timing header (W3C Server Timing §2) of steps, each with its microseconds. Names are
/// tokens: letters, digits and hyphens.
pub fn server_timing<'a>(steps: impl IntoIterator<Item = (&'a str, u64)>) -> Header {
    let text = |(name, micros): (&str, u64)| {
        let (whole, rest) = (micros / 1_000, micros % 1_000);
        format!("{name};dur={whole}.{rest:03}")
    };
    let steps: Vec<String> = steps.into_iter().map(text).collect();
    ("server-timing", steps.join(", "))
}

/// Headers that keep a browser from taking an answer for anything but what it is.
fn safety() -> [Header; 2] {
    [
        ("content-security-policy", "default-src 'none'; sandbox".to_owned()),
        ("x-content-type-options", "nosniff".to_owned()),
    ]
}

/// A problem as JSON.
pub fn problem_body(problem: &Problem) -> serde_json::Value {
    let code = problem.code;
    serde_json::json!({
        "type": format!("about:blank#{}", code.name()),
        "title": code.title(),
        "status": code.status(),
        "code": code.name(),
        "detail": problem.detail,
    })
}

/// A problem as an answer (RFC 9457).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProblemAnswer {
    /// HTTP status.
    pub status: u16,
    /// Headers, the content type among them.
    pub headers: Vec<Header>,
    /// The JSON body.
    pub body: String,
}

/// The answer to a request that ends in `problem`. Errors live ten seconds at most, so that one
/// odd request cannot take a picture away from everybody (CPDoS).
pub fn problem(maker: Maker<'_>, problem: &Problem) -> ProblemAnswer {
    let code = problem.code;
    let body = problem_body(problem);
    let lasting =
        code.status() < 500 && !matches!(code, Code::OtherContract | Code::SourceNotFound);
    let cache_control = if lasting { "public, max-age=10" } else { "no-store" };
    let mut headers = vec![
        ("cache-control", cache_control.to_owned()),
        ("content-type", "application/problem+json".to_owned()),
    ];
    headers.extend(maker.headers());
    headers.extend(safety());
    match code {
        Code::BadMethod => headers.push(("allow", "GET, HEAD".to_owned())),
        Code::Busy => headers.push(("retry-after", "1".to_owned())),
        // Whoever restarts it takes longer than a queue.
        Code::OriginFailed => headers.push(("retry-after", "5".to_owned())),
        _ => {}
    }
    ProblemAnswer { status: code.status(), headers, body: body.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timings_are_in_milliseconds() {
        let (_, value) = server_timing([("fetch", 12_005), ("total", 999)]);
        assert_eq!(value, "fetch;dur=12.005, total;dur=0.999");
    }

    #[test]
    fn warnings_fit_a_header_whatever_they_say() {
        assert_eq!(amiss(&[]), None);
        let told = ["the file ends", "b\r\nset-cookie: \"c\"", "\u{fc}"].map(str::to_owned);
        let (_, value) = amiss(&told).unwrap();
        assert_eq!(value, r#""the file ends", "b??set-cookie: \"c\"", "?""#);
        let (_, value) = amiss(&vec!["a".repeat(5_000); 5_000]).unwrap();
        assert!(value.len() < 2_000);
    }

    #[test]
    fn problem_bodies_are_json_whatever_the_detail() {
        let maker = Maker { component: "0123456789abcdef0123", side: "edge" };
        let detail = "got `\"\\\u{1}<b>`";
        let answer = problem(maker, &Problem::new(Code::BadOption, detail));
        assert_eq!(answer.status, 400);
        let body: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(body["detail"], detail);
        assert_eq!(body["code"], "bad-option");
        assert!(answer.headers.contains(&("selvedge-component", "0123456789abcdef".to_owned())));
    }
}
