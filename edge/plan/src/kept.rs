//! What stands beside a picture in a cache of ours.

use crate::freshness::{DEFAULT_SECONDS, Keeping, STALE_SECONDS, is_storable, keeping};
use crate::outcome::{self, Maker};

/// Under which a cache of ours keeps what the picture's own Cache-Control says, and until when it is fresh.
const KEPT_CONTROL: &str = "selvedge-kept-control";
const KEPT_UNTIL: &str = "selvedge-kept-until";

/// What stands beside a picture in a cache of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// What its own Cache-Control says.
    pub cache_control: String,
    /// Seconds since 1970 at which it is no longer fresh.
    until: u64,
}

impl Kept {
    /// The headers by which the names of [`Kept::headers`] go out of an answer again.
    pub const NAMES: [&str; 2] = [KEPT_CONTROL, KEPT_UNTIL];

    /// For an answer with this status and headers; nothing if it is no picture, or one that no shared cache may
    /// keep, or one of another component than `maker`'s, under which it would lie.
    pub fn of(
        maker: Maker<'_>,
        status: u16,
        header: impl Fn(&str) -> Option<String>,
        now: u64,
    ) -> Option<Self> {
        let is_ours = header(outcome::COMPONENT).is_none_or(|told| told == maker.short());
        let control = header("cache-control").filter(|_| status == 200 && is_ours)?;
        Self::new(&control, now)
    }

    /// For a picture with this Cache-Control; nothing if no shared cache may keep it.
    fn new(cache_control: &str, now: u64) -> Option<Self> {
        match keeping(Some(cache_control), DEFAULT_SECONDS) {
            Keeping::Seconds(seconds) if is_storable(cache_control) => Some(Self {
                cache_control: cache_control.to_owned(),
                until: now.saturating_add(seconds),
            }),
            _ => None,
        }
    }

    /// The headers that go into the cache in place of the picture's Cache-Control.
    pub fn headers(&self, now: u64) -> [(&'static str, String); 3] {
        let seconds = self.until.saturating_sub(now).saturating_add(STALE_SECONDS);
        [
            ("cache-control", format!("public, max-age={seconds}")),
            (KEPT_CONTROL, self.cache_control.clone()),
            (KEPT_UNTIL, self.until.to_string()),
        ]
    }

    /// What the headers of something in the cache say.
    pub fn read(header: impl Fn(&str) -> Option<String>) -> Option<Self> {
        let until = header(KEPT_UNTIL)?.parse().ok()?;
        Some(Self { cache_control: header(KEPT_CONTROL)?, until })
    }
}

/// Whether what a cache of ours has with these headers may be served without asking.
pub fn is_fresh(header: impl Fn(&str) -> Option<String>, now: u64) -> bool {
    Kept::read(header).is_some_and(|kept| now < kept.until)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_longer_says_when_it_is_stale() {
        let kept = Kept::new("public, max-age=60", 1_000).unwrap();
        let headers = kept.headers(1_000);
        assert_eq!(headers[0].1, "public, max-age=86460");
        let find = |name: &str| headers.iter().find(|(known, _)| *known == name);
        let header = |name: &str| find(name).map(|(_, value)| value.clone());
        let read = Kept::read(header).unwrap();
        assert_eq!(read, kept);
        assert_eq!(read.cache_control, "public, max-age=60");
        assert!(is_fresh(header, 1_059) && !is_fresh(header, 1_060) && !is_fresh(|_| None, 0));
        for control in ["no-store", "public, no-cache", "public, max-age=0", ""] {
            assert_eq!(Kept::new(control, 1_000), None, "{control}");
        }
        assert_eq!(Kept::read(|_| None), None);
        let maker = Maker { component: "0123456789abcdef0123", side: "edge" };
        let told = |name: &str, component: Option<&str>| match name {
            "cache-control" => Some("public, max-age=60".to_owned()),
            outcome::COMPONENT => component.map(str::to_owned),
            _ => None,
        };
        let of = |status, by| Kept::of(maker, status, |name| told(name, by), 1_000);
        assert_eq!((of(200, None), of(404, None)), (Some(kept.clone()), None));
        assert_eq!((of(200, Some(maker.short())), of(200, Some("f"))), (Some(kept), None));
        assert_eq!(Kept::of(maker, 200, |_| None, 1_000), None);
    }
}
