//! What the server of a file says of it before its bytes come.

use crate::freshness;
use crate::problem::{Code, Problem};

/// What is known of a file before its bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// What tells this version from every other.
    pub validator: Option<String>,
    /// What its server says of caching.
    pub cache_control: Option<String>,
    /// How its body is coded.
    pub coding: Option<String>,
    /// Bytes.
    pub length: Option<u64>,
    /// The most bytes that may come.
    pub limit: u64,
}

impl Facts {
    /// What the head of an answer says.
    pub fn read(header: impl Fn(&str) -> Option<String>, limit: u64) -> Self {
        let (tag, modified) = (header("etag"), header("last-modified"));
        let length = header("content-length").and_then(|length| length.parse().ok());
        Self {
            validator: freshness::validator(tag.as_deref(), modified.as_deref(), length),
            cache_control: header("cache-control"),
            coding: header("content-encoding"),
            length,
            limit,
        }
    }

    /// How long what is made of files with these facts keeps, as its Cache-Control says it.
    ///
    /// # Errors
    /// As [`freshness::check_keeping`].
    pub fn cache_control<'a>(
        all: impl Iterator<Item = &'a Self>,
        is_awaited: bool,
    ) -> Result<String, Problem> {
        let told = freshness::cache_control(all.map(|facts| facts.cache_control.as_deref()));
        freshness::check_keeping(&told, is_awaited).map(|()| told)
    }

    /// What tells the version of each, if the servers of all say.
    pub fn versions<'a>(all: impl Iterator<Item = &'a Self>) -> Option<Vec<String>> {
        all.map(|facts| facts.validator.clone()).collect()
    }

    /// What is known of an object of a bucket.
    pub fn of_object(etag: &str, cache_control: Option<String>, length: u64, limit: u64) -> Self {
        let validator = freshness::validator(Some(etag), None, None);
        Self { validator, cache_control, coding: None, length: Some(length), limit }
    }

    /// Whether the file comes as it is, and no more bytes are announced than may come.
    ///
    /// # Errors
    /// As [`check_coding`], and [`Code::SourceTooLarge`].
    pub fn check(&self) -> Result<(), Problem> {
        check_coding(self.coding.as_deref())?;
        match self.length {
            Some(length) if length > self.limit => Err(too_large(self.limit, length)),
            _ => Ok(()),
        }
    }

    /// That more bytes came than may.
    pub fn excess(&self) -> Problem {
        too_large(self.limit, self.limit.saturating_add(1))
    }

    /// The most bytes that there may be.
    pub fn most_bytes(&self) -> u64 {
        self.length.unwrap_or(self.limit)
    }
}

/// Whether a body comes as it is.
///
/// # Errors
/// If it is coded: its length would say nothing, and a small one could become a big one.
pub fn check_coding(coding: Option<&str>) -> Result<(), Problem> {
    match coding {
        Some(coding) if !coding.eq_ignore_ascii_case("identity") => {
            let detail = format!("expected no content coding from its server, got `{coding}`");
            Err(Problem::new(Code::SourceFailed, detail))
        }
        _ => Ok(()),
    }
}

/// The problem of a file that is larger than allowed.
pub fn too_large(limit: u64, got: u64) -> Problem {
    Problem::excess(Code::SourceTooLarge, "source bytes", limit, got)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(headers: &[(&str, &str)]) -> Facts {
        let find = |name: &str| headers.iter().find(|(known, _)| *known == name);
        Facts::read(|name| find(name).map(|(_, value)| (*value).to_owned()), 5)
    }

    #[test]
    fn a_head_tells_version_length_and_caching() {
        let length = ("content-length", "3");
        let facts = read(&[("etag", "\"a\""), ("cache-control", "max-age=5"), length]);
        assert_eq!(facts.validator.as_deref(), Some("etag \"a\""));
        assert_eq!(facts.cache_control.as_deref(), Some("max-age=5"));
        assert_eq!((facts.most_bytes(), read(&[]).most_bytes()), (3, 5));
        assert_eq!(read(&[("content-length", "-7")]), read(&[]));
        assert_eq!(Facts::of_object("\"a\"", facts.cache_control.clone(), 3, 5), facts);
    }

    #[test]
    fn several_files_keep_as_the_least_and_have_versions_together() {
        let all = [read(&[("etag", "\"a\"")]), read(&[("cache-control", "no-cache")])];
        let control = |is_awaited| Facts::cache_control(all.iter(), is_awaited);
        assert_eq!(control(true).as_deref(), Ok("public, no-cache"));
        assert_eq!(control(false).unwrap_err().code, Code::SourceFailed);
        assert_eq!(Facts::versions(all.iter()), None);
        assert_eq!(Facts::versions(all.iter().take(1)), Some(vec!["etag \"a\"".to_owned()]));
    }

    #[test]
    fn coded_and_large_bodies_are_refused() {
        for (header, code) in [
            (("content-encoding", "gzip"), Some(Code::SourceFailed)),
            (("content-encoding", "Identity"), None),
            (("content-length", "5"), None),
            (("content-length", "6"), Some(Code::SourceTooLarge)),
        ] {
            assert_eq!(read(&[header]).check().err().map(|it| it.code), code, "{header:?}");
        }
        assert_eq!(read(&[]).excess(), too_large(5, 6));
    }
}
