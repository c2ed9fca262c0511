//! A picture as the answer to one request: all of it, a part, or that the client has it.

use crate::decide::Decision;
use crate::freshness::{self, Kept};
use crate::outcome::{self, Header};
use crate::range::Part;

/// The Cache-Control that the platform alone reads, and goes by.
const PLATFORM_CONTROL: &str = "cloudflare-cdn-cache-control";

/// What a client has, and what it wants of a picture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conditions {
    if_none_match: Option<String>,
    if_range: Option<String>,
    range: Option<String>,
    /// Whether the answer goes to the platform's cache, and not to a client.
    pub is_behind: bool,
}

impl Conditions {
    /// What the headers of a request say.
    pub fn read(header: impl Fn(&str) -> Option<String>, is_behind: bool) -> Self {
        let (if_none_match, if_range) = (header("if-none-match"), header("if-range"));
        Self { if_none_match, if_range, range: header("range"), is_behind }
    }

    /// Whether the client has the picture of this entity tag.
    pub fn know(&self, etag: &str) -> bool {
        freshness::matches(self.if_none_match.as_deref(), etag)
    }
}

/// What is sent in place of an answer with a picture, or a problem, that may be for many requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// Headers that it does not have.
    pub less: Vec<&'static str>,
    /// Headers that it has besides, or in place of those of the same name.
    pub more: Vec<Header>,
    /// What of the body.
    pub part: Part,
}

impl Reply {
    /// The same answer with other headers.
    pub fn with(status: u16, more: Vec<Header>) -> Self {
        Self { status, less: Vec::new(), more, part: Part::Whole }
    }

    /// A picture from a cache of ours, which its source says is still the one, under a new Cache-Control.
    pub fn renewed(cache_control: &str) -> Self {
        let more = vec![("cache-control", cache_control.to_owned())];
        Self { less: Kept::NAMES.into(), ..Self::with(200, more) }
    }

    /// The answer to one request, from `status` and headers of one for many, with its `own` headers.
    pub fn to(
        conditions: &Conditions,
        decision: &Decision,
        status: u16,
        told: impl Fn(&str) -> Option<String>,
        own: [Header; 2],
    ) -> Self {
        let part = if decision.head { Part::None } else { Part::Whole };
        let mut reply = Self { part, ..Self::with(status, own.into()) };
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
        if conditions.is_behind {
            reply.more.push((PLATFORM_CONTROL, freshness::for_platform(&control)));
        } else {
            reply.less.push(PLATFORM_CONTROL);
        }
        let etag = told("etag").unwrap_or_default();
        let length = told("content-length").and_then(|length| length.parse().ok());
        reply.cut(conditions, &etag, length);
        reply
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
        let rules = Rules { unsigned: Unsigned::All, paths: true, ..Rules::default() };
        let target = "/image/width=5,fit=cover/a.jpg";
        let fields = Fields::default();
        let asked_for = Asked { method, target, authority: "a.test", fields: &fields, now: 0 };
        let decision = decide(&asked_for, &rules).unwrap();
        let find = |all: &[(&str, &str)], name: &str| {
            all.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        let conditions = Conditions::read(|name| find(asked, name), false);
        let own = [("server-timing", String::new()), ("selvedge-cache", String::new())];
        Reply::to(&conditions, &decision, 200, |name| find(picture, name), own)
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
        let kept = Kept::new("public, max-age=60", 5).unwrap().headers(5);
        let kept: Vec<(&str, &str)> =
            kept.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let reply = reply(&[], "GET", &kept);
        assert_eq!(header(&reply, "cache-control"), Some("public, max-age=60"));
        assert!(Kept::NAMES.iter().all(|name| reply.less.contains(name)));
    }

    #[test]
    fn what_is_amiss_stands_beside_what_is_odd() {
        let reply = reply(&[], "GET", &[("selvedge-warning", "\"cut off\"")]);
        let warning = header(&reply, "selvedge-warning").unwrap_or_default();
        assert!(warning.starts_with("\"cut off\", \"`fit=cover`"), "{warning}");
    }
}
