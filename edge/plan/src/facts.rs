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
    /// Bytes.
    pub length: Option<u64>,
}

impl Facts {
    /// What the head of an answer with status 200 says, of whose body so many bytes are announced.
    ///
    /// # Errors
    /// As [`check_coding`].
    pub fn read(
        header: impl Fn(&str) -> Option<String>,
        length: Option<u64>,
    ) -> Result<Self, Problem> {
        check_coding(header("content-encoding").as_deref())?;
        let (tag, modified) = (header("etag"), header("last-modified"));
        Ok(Self {
            validator: freshness::validator(tag.as_deref(), modified.as_deref(), length),
            cache_control: header("cache-control"),
            length,
        })
    }

    /// Whether no more than `limit` bytes are announced.
    ///
    /// # Errors
    /// [`Code::SourceTooLarge`].
    pub fn check(&self, limit: u64) -> Result<(), Problem> {
        match self.length {
            Some(length) if length > limit => Err(too_large(limit, length)),
            _ => Ok(()),
        }
    }

    /// The most bytes that there may be, where `limit` is the most that may come.
    pub fn most_bytes(&self, limit: u64) -> u64 {
        self.length.unwrap_or(limit)
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

    fn read(headers: &[(&str, &str)], length: Option<u64>) -> Result<Facts, Problem> {
        let find = |name: &str| headers.iter().find(|(known, _)| *known == name);
        Facts::read(|name| find(name).map(|(_, value)| (*value).to_owned()), length)
    }

    #[test]
    fn a_head_tells_version_length_and_caching() {
        let facts = read(&[("etag", "\"a\""), ("cache-control", "max-age=5")], Some(7)).unwrap();
        assert_eq!(facts.validator.as_deref(), Some("etag \"a\""));
        assert_eq!(facts.cache_control.as_deref(), Some("max-age=5"));
        assert_eq!((facts.most_bytes(9), Facts::default().most_bytes(9)), (7, 9));
    }

    #[test]
    fn coded_and_large_bodies_are_refused() {
        let code = |coding| read(&[("content-encoding", coding)], None).map_err(|it| it.code);
        assert_eq!(code("gzip"), Err(Code::SourceFailed));
        assert_eq!(code("Identity"), Ok(Facts::default()));
        let of = |length| Facts { length, ..Facts::default() }.check(5).map_err(|it| it.code);
        assert_eq!(
            [of(None), of(Some(5)), of(Some(6))],
            [Ok(()), Ok(()), Err(Code::SourceTooLarge)]
        );
    }
}
