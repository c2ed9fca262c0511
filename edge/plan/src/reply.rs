//! Answers of the edge: a picture for many requests, and for one of them all of it, a part, or that the client has
//! it; a problem, and what takes its place.

use serde_json::{Map, Value, json};

use crate::decide::Decision;
use crate::edge::Caching;
use crate::freshness;
use crate::kept::Kept;
use crate::outcome::{self, Drawn, Header, Maker};
use crate::problem::Problem;
use crate::range::Part;
use crate::steps::Steps;
use crate::version::Version;

/// The header that says what the cache had to do with an answer: `hit`, `miss` or `stale`.
pub const CACHE: &str = "selvedge-cache";

/// The Cache-Control that the platform alone reads, and goes by.
const PLATFORM_CONTROL: &str = "cloudflare-cdn-cache-control";

/// What a client has, and what it wants of a picture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conditions {
    if_none_match: Option<String>,
    if_range: Option<String>,
    range: Option<String>,
}

impl Conditions {
    /// What the headers of a request say.
    pub fn read(header: impl Fn(&str) -> Option<String>) -> Self {
        let (if_none_match, if_range) = (header("if-none-match"), header("if-range"));
        Self { if_none_match, if_range, range: header("range") }
    }

    /// Whether the client has the picture of this entity tag.
    pub fn know(&self, etag: &str) -> bool {
        freshness::matches(self.if_none_match.as_deref(), etag)
    }
}

/// What is sent, made anew or of another answer: with a picture, or a problem, that may be for many requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// Headers that it does not have.
    pub less: Vec<&'static str>,
    /// Headers that it has besides, or in place of those of the same name.
    pub more: Vec<Header>,
    /// What of the other answer's body.
    pub part: Part,
    /// The body, in place of any other.
    pub body: Option<String>,
}

impl Reply {
    /// Another answer's body, or what is said to be one, with these headers besides.
    fn new(status: u16, more: Vec<Header>) -> Self {
        Self { status, less: Vec::new(), more, part: Part::Whole, body: None }
    }

    /// A picture as every client and the cache may have it; without one, its headers alone.
    pub fn picture(
        maker: Maker<'_>,
        decision: &Decision,
        version: &Version,
        drawn: Option<&Drawn>,
    ) -> Self {
        let Version { etag, cache_control } = version;
        let mut headers = outcome::picture(maker, decision, etag, cache_control);
        headers.extend(outcome::described(decision, drawn));
        Self::new(200, headers)
    }

    /// The redirect to the source in place of a problem, if the request asks for one.
    pub fn redirect(maker: Maker<'_>, decision: &Decision, problem: &Problem) -> Option<Self> {
        outcome::fallback(maker, decision, problem).map(|headers| Self::new(302, headers))
    }

    /// A problem, with a body unless the headers alone are wanted.
    pub fn problem(maker: Maker<'_>, problem: &Problem, is_head: bool) -> Self {
        let told = outcome::problem(maker, problem);
        let body = Some(told.body).filter(|_| !is_head);
        Self { body, ..Self::new(told.status, told.headers) }
    }

    /// A picture as a cache of ours keeps it.
    pub fn kept(kept: &Kept, now: u64) -> Self {
        Self::new(200, kept.headers(now).into())
    }

    /// A picture from a cache of ours, which its source says is still the one, under a new Cache-Control.
    pub fn renewed(version: &Version) -> Self {
        let more = vec![("cache-control", version.cache_control.clone())];
        Self { less: Kept::NAMES.into(), ..Self::new(200, more) }
    }

    /// Headers of the edge's own: the steps, as [`Steps::read`] reads them, and what a cache had to do with the
    /// answer.
    pub fn own(steps: &str, cache: &str) -> [Header; 2] {
        [Steps::read(steps).timing(), (CACHE, cache.to_owned())]
    }

    /// The answer to one request, from `status` and headers of one for many, with its `own` headers.
    pub fn to(
        conditions: &Conditions,
        caching: Caching,
        decision: &Decision,
        status: u16,
        told: impl Fn(&str) -> Option<String>,
        own: [Header; 2],
    ) -> Self {
        let part = if decision.head { Part::None } else { Part::Whole };
        let mut reply = Self { part, ..Self::new(status, own.into()) };
        if status != 200 {
            return reply;
        }
        let kept = Kept::read(&told).map(|kept| kept.cache_control);
        let control = kept.or_else(|| told("cache-control")).unwrap_or_default();
        reply.more.push(("cache-control", control.clone()));
        reply.more.extend(outcome::personal(decision, &control));
        // What is amiss with the picture is told beside what is odd about the request.
        if let Some(amiss) = told(outcome::WARNING) {
            let odd = reply.more.iter_mut().find(|(name, _)| *name == outcome::WARNING);
            odd.into_iter().for_each(|(_, value)| *value = format!("{amiss}, {value}"));
        }
        reply.less.extend(Kept::NAMES);
        if caching == Caching::Behind {
            reply.more.push((PLATFORM_CONTROL, freshness::for_platform(&control)));
        } else {
            reply.less.push(PLATFORM_CONTROL);
        }
        let etag = told("etag").unwrap_or_default();
        let length = told("content-length").and_then(|length| length.parse().ok());
        reply.cut(conditions, &etag, length);
        reply
    }

    /// As JavaScript reads it: of headers with one name the last, and the part as positions from where up to
    /// where, empty for the whole and missing for none.
    pub fn text(&self) -> String {
        let more = self.more.iter().map(|(name, value)| ((*name).to_owned(), json!(value)));
        let part = match self.part {
            Part::None => Value::Null,
            Part::Some { first, last } => json!([first, last.saturating_add(1)]),
            Part::Whole => json!([]),
        };
        let Self { status, less, body, .. } = self;
        let more: Map<String, Value> = more.collect();
        json!({ "status": status, "less": less, "more": more, "part": part, "body": body })
            .to_string()
    }

    /// Leaves out what the client has, or does not want.
    fn cut(&mut self, conditions: &Conditions, etag: &str, length: Option<u64>) {
        if !etag.is_empty() && conditions.know(etag) {
            (self.status, self.part) = (304, Part::None);
            self.less.extend(["content-length", "content-type"]);
        } else if let (Part::Whole, Some(length)) = (self.part, length) {
            let (range, if_range) = (&conditions.range, &conditions.if_range);
            self.part = Part::of(range.as_deref(), if_range.as_deref(), etag, length);
            self.status = self.part.status();
            self.less.extend((self.part == Part::None).then_some("content-length"));
            self.more.extend(self.part.headers(length));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unsigned::Unsigned;
    use crate::{Asked, Fields, Rules, decide};

    const ETAG: &str = "\"a\"";

    fn reply(asked: &[(&str, &str)], method: &str, picture: &[(&str, &str)]) -> Reply {
        by(Caching::Api, asked, method, picture)
    }

    fn by(
        caching: Caching,
        asked: &[(&str, &str)],
        method: &str,
        picture: &[(&str, &str)],
    ) -> Reply {
        let rules = Rules { unsigned: Unsigned::All, paths: true, ..Rules::default() };
        let target = "/image/width=5,fit=cover/a.jpg";
        let fields = Fields::default();
        let asked_for = Asked { method, target, authority: "a.test", fields: &fields, now: 0 };
        let decision = decide(&asked_for, &rules).unwrap();
        let find = |all: &[(&str, &str)], name: &str| {
            all.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        let conditions = Conditions::read(|name| find(asked, name));
        let told = |name: &str| find(picture, name);
        Reply::to(&conditions, caching, &decision, 200, told, Reply::own("{}", "hit"))
    }

    fn header<'a>(reply: &'a Reply, name: &str) -> Option<&'a str> {
        let mut all = reply.more.iter().rev();
        all.find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    #[test]
    fn what_the_client_has_is_not_sent_again() {
        let picture = [("etag", ETAG), ("content-length", "9"), ("cache-control", "no-store")];
        for (asked, status, part) in [
            (&[] as &[_], 200, Part::Whole),
            (&[("if-none-match", "W/\"a\"")], 304, Part::None),
            (&[("if-none-match", ETAG), ("range", "bytes=0-1")], 304, Part::None),
            (&[("range", "bytes=0-1")], 206, Part::Some { first: 0, last: 1 }),
            (&[("range", "bytes=0-1"), ("if-range", "\"b\"")], 200, Part::Whole),
            (&[("range", "bytes=9-")], 416, Part::None),
        ] {
            let reply = reply(asked, "GET", &picture);
            assert_eq!((reply.status, reply.part), (status, part), "{asked:?}");
            assert_eq!(reply.less.contains(&"content-length"), part == Part::None, "{asked:?}");
        }
        let head = reply(&[("range", "bytes=0-1")], "HEAD", &picture);
        assert_eq!((head.status, head.part), (200, Part::None));
        assert!(!head.less.contains(&"content-length"));
    }

    #[test]
    fn a_cache_keeps_its_own_notes() {
        let maker = Maker { component: "0123456789abcdef0123", side: "edge" };
        let told = |name: &str| (name == "cache-control").then(|| "public, max-age=60".to_owned());
        let kept = Kept::of(maker, 200, told, 5).unwrap().headers(5);
        let kept: Vec<(&str, &str)> =
            kept.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let reply = reply(&[], "GET", &kept);
        assert_eq!(header(&reply, "cache-control"), Some("public, max-age=60"));
        assert!(Kept::NAMES.iter().all(|name| reply.less.contains(name)));
    }

    #[test]
    fn only_the_platform_hears_of_what_it_may_do() {
        let picture = [("cache-control", "public, max-age=60"), (PLATFORM_CONTROL, "forged")];
        let behind = by(Caching::Behind, &[], "GET", &picture);
        let told = header(&behind, PLATFORM_CONTROL).unwrap_or_default();
        assert!(told.starts_with("public, max-age=60, stale-while-revalidate"), "{told}");
        for caching in [Caching::Api, Caching::Platform] {
            let reply = by(caching, &[], "GET", &picture);
            assert!(reply.less.contains(&PLATFORM_CONTROL), "{caching:?}");
        }
    }

    #[test]
    fn what_is_amiss_stands_beside_what_is_odd() {
        let reply = reply(&[], "GET", &[("selvedge-warning", "\"cut off\"")]);
        let warning = header(&reply, "selvedge-warning").unwrap_or_default();
        assert!(warning.starts_with("\"cut off\", \"`fit=cover`"), "{warning}");
    }

    #[test]
    fn the_headers_of_head_say_as_much() {
        let maker = Maker { component: "0123456789abcdef0123", side: "edge" };
        let problem = Problem::no_source();
        let [get, head] = [false, true].map(|is_head| Reply::problem(maker, &problem, is_head));
        assert!(get.body.is_some() && head.body.is_none());
        assert_eq!((get.status, get.more), (head.status, head.more));
    }

    #[test]
    fn replies_are_texts_for_javascript() {
        let last_counts = vec![("a", "1".to_owned()), ("a", "\"2\"".to_owned())];
        let part = Part::Some { first: 3, last: 9 };
        let reply = Reply { part, less: vec!["b"], ..Reply::new(206, last_counts) };
        let read = |reply: &Reply| -> Value { serde_json::from_str(&reply.text()).unwrap() };
        let expected = json!({
            "status": 206, "less": ["b"], "more": { "a": "\"2\"" }, "part": [3, 10], "body": null,
        });
        assert_eq!(read(&reply), expected);
        for (part, told) in [(Part::None, Value::Null), (Part::Whole, json!([]))] {
            assert_eq!(read(&Reply { part, ..reply.clone() })["part"], told);
        }
    }
}
