//! A request target, cut into its parts: in which dialect it is, what signs it, and what is signed.
//! Nothing of it is looked into before its signature holds.

use crate::dialects::{Dialect, Dialects, Wish};
use crate::limits;
use crate::problem::{Code, Problem};
use crate::signature;

/// What signs a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signature<'a> {
    /// imgproxy's segment.
    Imgproxy(&'a str),
    /// Nothing.
    None,
    /// A segment `sig=<id>.<tag>`.
    Own(&'a str),
    /// thumbor's segment.
    Thumbor(&'a str),
}

/// A target cut into its parts.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// In which dialect it is.
    pub dialect: &'static Dialect,
    /// What signs it.
    pub signature: Signature<'a>,
    /// What of it stands before the place of an own signature.
    pub prefix: &'a str,
    /// What a signature covers, and what is read.
    pub signed: &'a str,
}

impl<'a> Target<'a> {
    /// Cuts a request target (path and query, as received).
    ///
    /// # Errors
    /// [`Code::TargetTooLong`], or [`Code::NoSuchPath`] if no dialect of `dialects` claims it.
    pub fn cut(target: &'a str, dialects: &Dialects) -> Result<Self, Problem> {
        if target.len() > limits::TARGET_BYTES {
            let (got, limit) = (target.len(), limits::TARGET_BYTES);
            return Err(Problem::new(
                Code::TargetTooLong,
                format!("expected at most {limit} bytes, got {got}"),
            ));
        }
        // Before the other dialects an own signature is the first segment of all.
        if let (Some(signature), rest) = own_signature(target) {
            let cut = dialects.cut(rest)?;
            let signature = Signature::Own(signature);
            return Ok(Self { signature, prefix: "", signed: rest, ..cut });
        }
        dialects.cut(target)
    }

    /// Reads what is wished for.
    ///
    /// # Errors
    /// [`Code::BadPath`] or [`Code::BadOption`].
    pub fn read(&self) -> Result<Wish, Problem> {
        (self.dialect.read)(self.signed)
    }
}

/// Takes a segment `sig=…` off the beginning of a path.
pub(crate) fn own_signature(path: &str) -> (Option<&str>, &str) {
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    let slashes = path.len().saturating_sub(path.trim_start_matches('/').len());
    if slashes != 1 || !first.starts_with(signature::PREFIX) {
        return (None, path);
    }
    (Some(first), path.get(first.len().saturating_add(1)..).unwrap_or_default())
}

/// Cuts an address before its path: the site, and path and query as they came. Dot segments are gone by
/// then where a platform has resolved them; everything else is untouched.
pub fn site(url: &str) -> (&str, &str) {
    let host = url.find("://").map_or(0, |scheme| scheme.saturating_add(3));
    let path = url.get(host..).and_then(|rest| rest.find('/'));
    url.split_at(path.map_or(url.len(), |path| host.saturating_add(path)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(target: &str) -> Result<Target<'_>, Problem> {
        Target::cut(target, &Dialects::default())
    }

    #[test]
    fn targets_are_cut_at_the_right_slashes() {
        let parts = cut("/image/width=80/https://a.test/b.jpg?c=d/e").unwrap();
        assert_eq!(parts.signature, Signature::None);
        assert_eq!(parts.read().unwrap().source.text(), "https://a.test/b.jpg?c=d/e");

        let parts = cut("/cdn-cgi/image/sig=k.abc/width=80/a.jpg").unwrap();
        assert_eq!(parts.signature, Signature::Own("sig=k.abc"));
        assert_eq!((parts.prefix, parts.signed), ("/cdn-cgi/image", "/width=80/a.jpg"));
    }

    #[test]
    fn other_shapes_are_refused() {
        for (target, code) in [
            ("/", Code::NoSuchPath),
            ("/image", Code::NoSuchPath),
            ("/images/width=1/a", Code::NoSuchPath),
            ("/sig=k.abc", Code::NoSuchPath),
            ("/sig=k.abc/", Code::NoSuchPath),
            ("/image/", Code::BadPath),
            ("/image/width=1", Code::BadPath),
            ("/image//a.jpg", Code::BadPath),
            ("/image/width=1/", Code::BadPath),
            ("/image/sig=k.abc", Code::BadPath),
            ("/image/photo.jpg/x", Code::BadOption),
        ] {
            let problem = cut(target).and_then(|parts| parts.read()).unwrap_err();
            assert_eq!(problem.code, code, "{target}");
        }
        let long = format!("/image/width=1/{}", "a".repeat(limits::TARGET_BYTES));
        assert_eq!(cut(&long).unwrap_err().code, Code::TargetTooLong);
    }

    #[test]
    fn sites_end_before_the_path() {
        for (url, cut) in [
            ("http://a:1/b//c?d", ("http://a:1", "/b//c?d")),
            ("http://a", ("http://a", "")),
            ("http://a/http://b/", ("http://a", "/http://b/")),
        ] {
            assert_eq!(site(url), cut);
        }
    }
}
