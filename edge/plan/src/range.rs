//! Which part of a picture is wanted (RFC 9110 §14).

use crate::outcome::Header;

/// What of a picture is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Nothing: the part that is wanted lies behind its end (416).
    None,
    /// These bytes, the last one included (206).
    Some {
        /// The first byte, from 0.
        first: u64,
        /// The last byte.
        last: u64,
    },
    /// All of it (200).
    Whole,
}

impl Part {
    /// What a Range header wants of `length` bytes. If-Range lets it count only as long as the picture is
    /// the one that the client has a part of. What is not one range of bytes is ignored, as a server may.
    pub fn of(range: Option<&str>, if_range: Option<&str>, etag: &str, length: u64) -> Self {
        if if_range.is_some_and(|tag| tag.trim() != etag) {
            return Self::Whole;
        }
        range.and_then(|range| Self::read(range, length)).unwrap_or(Self::Whole)
    }

    fn read(range: &str, length: u64) -> Option<Self> {
        let (first, last) = range.trim().strip_prefix("bytes=")?.split_once('-')?;
        let number = |text: &str| {
            let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| text.parse::<u64>().unwrap_or(u64::MAX))
        };
        let end = length.saturating_sub(1);
        let (first, last) = match (first.is_empty(), last.is_empty()) {
            // The last so many.
            (true, false) => match number(last)? {
                0 => return Some(Self::None),
                count => (length.saturating_sub(count), end),
            },
            (false, true) => (number(first)?, end),
            (false, false) => (number(first)?, number(last)?.min(end)),
            (true, true) => return None,
        };
        if first >= length {
            return Some(Self::None);
        }
        (first <= last).then_some(Self::Some { first, last })
    }

    /// The status of the answer.
    pub fn status(self) -> u16 {
        match self {
            Self::None => 416,
            Self::Some { .. } => 206,
            Self::Whole => 200,
        }
    }

    /// The headers that say which part of `length` bytes this is.
    pub fn headers(self, length: u64) -> Vec<Header> {
        match self {
            Self::None => vec![("content-range", format!("bytes */{length}"))],
            Self::Some { first, last } => vec![
                ("content-length", last.saturating_sub(first).saturating_add(1).to_string()),
                ("content-range", format!("bytes {first}-{last}/{length}")),
            ],
            Self::Whole => vec![("accept-ranges", "bytes".to_owned())],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_is_cut_to_what_is_there() {
        let some = |first, last| Part::Some { first, last };
        for (range, part) in [
            ("bytes=0-0", some(0, 0)),
            ("bytes=2-", some(2, 9)),
            ("bytes=2-99999999999999999999", some(2, 9)),
            ("bytes=-3", some(7, 9)),
            ("bytes=-30", some(0, 9)),
            ("bytes=-0", Part::None),
            ("bytes=10-", Part::None),
            ("bytes=99999999999999999999-", Part::None),
            ("bytes=3-2", Part::Whole),
            ("bytes=-", Part::Whole),
            ("bytes=+1-2", Part::Whole),
            ("bytes=0-1,4-5", Part::Whole),
            ("lines=1-2", Part::Whole),
            ("", Part::Whole),
        ] {
            assert_eq!(Part::of(Some(range), None, "\"a\"", 10), part, "{range}");
        }
        assert_eq!(Part::of(Some("bytes=0-0"), None, "\"a\"", 0), Part::None);
    }

    #[test]
    fn another_picture_is_sent_whole() {
        let part = |if_range| Part::of(Some("bytes=1-2"), if_range, "\"a\"", 10);
        assert_eq!(part(Some("\"a\"")).status(), 206);
        assert_eq!(part(Some("\"b\"")), Part::Whole);
        // A weak tag and a date do not say that it is the same byte by byte.
        assert_eq!(part(Some("W/\"a\"")), Part::Whole);
        assert_eq!(part(Some("Tue, 01 Sep 2026 10:00:00 GMT")), Part::Whole);
    }

    #[test]
    fn parts_say_what_they_are() {
        let part = Part::Some { first: 1, last: 2 };
        assert_eq!(
            part.headers(10),
            [("content-length", "2".to_owned()), ("content-range", "bytes 1-2/10".to_owned())]
        );
        assert_eq!(Part::None.headers(10), [("content-range", "bytes */10".to_owned())]);
        assert_eq!((Part::None.status(), Part::Whole.status()), (416, 200));
    }
}
