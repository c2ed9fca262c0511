//! The path grammar: `/image/[sig=<id>.<tag>/]<options>/<source>`, with `/cdn-cgi/image/` as another
//! spelling of the prefix. Everything after the options, the query included, is the source.

use crate::problem::{Code, Problem};
use crate::signature;
use crate::{limits, options::Options, source::Source};

/// Path prefixes under which pictures are served.
pub const PREFIXES: &[&str] = &["/image/", "/cdn-cgi/image/"];

/// A target cut into its parts, none of them looked into yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts<'a> {
    /// The signature segment.
    pub signature: Option<&'a str>,
    /// What a signature covers: `/<options>/<source>`.
    pub signed: &'a str,
}

impl<'a> Parts<'a> {
    /// Cuts a request target (path and query, as received).
    ///
    /// # Errors
    /// [`Code::TargetTooLong`], or [`Code::NoSuchPath`] for another prefix.
    pub fn cut(target: &'a str) -> Result<Self, Problem> {
        if target.len() > limits::TARGET_BYTES {
            let (got, limit) = (target.len(), limits::TARGET_BYTES);
            return Err(Problem::new(
                Code::TargetTooLong,
                format!("expected at most {limit} bytes, got {got}"),
            ));
        }
        // The slash that ends the prefix begins what is signed.
        let rest = PREFIXES
            .iter()
            .find_map(|prefix| target.strip_prefix(prefix.trim_end_matches('/')))
            .filter(|rest| rest.starts_with('/'))
            .ok_or_else(|| {
                Problem::new(Code::NoSuchPath, "pictures are at /image/<options>/<source>")
            })?;
        let first = rest.trim_start_matches('/').split('/').next().unwrap_or_default();
        if !first.starts_with(signature::PREFIX) {
            return Ok(Self { signature: None, signed: rest });
        }
        let after = rest.get(first.len().saturating_add(1)..).unwrap_or_default();
        Ok(Self { signature: Some(first), signed: after })
    }

    /// Reads options and source.
    ///
    /// # Errors
    /// [`Code::BadPath`] or [`Code::BadOption`].
    pub fn read(&self) -> Result<(Options, Source), Problem> {
        let shape = || {
            Problem::new(
                Code::BadPath,
                format!(
                    "expected /<options>/<source> with at least one option, got `{}`",
                    self.signed
                ),
            )
        };
        let rest = self.signed.strip_prefix('/').ok_or_else(shape)?;
        let (options, source) = rest.split_once('/').ok_or_else(shape)?;
        if options.is_empty() {
            return Err(shape());
        }
        Ok((Options::parse(options)?, Source::parse(source)?))
    }
}

/// The part of a target that a signature covers, for a canonical plan and a source. The plan that
/// changes nothing has an empty text, which no path can hold; it is written as the default quality.
pub fn canonical_rest(plan: &str, source: &str) -> String {
    let plan = if plan.is_empty() { "quality=85" } else { plan };
    format!("/{}/{source}", plan.replace('#', "%23"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_cut_at_the_right_slashes() {
        let parts = Parts::cut("/image/width=80/https://a.test/b.jpg?c=d/e").unwrap();
        assert_eq!(parts.signature, None);
        assert_eq!(parts.read().unwrap().1.text(), "https://a.test/b.jpg?c=d/e");

        let parts = Parts::cut("/cdn-cgi/image/sig=k.abc/width=80/a.jpg").unwrap();
        assert_eq!(parts.signature, Some("sig=k.abc"));
        assert_eq!(parts.signed, "/width=80/a.jpg");
    }

    #[test]
    fn other_shapes_are_refused() {
        for (target, code) in [
            ("/", Code::NoSuchPath),
            ("/image", Code::NoSuchPath),
            ("/images/width=1/a", Code::NoSuchPath),
            ("/image/", Code::BadPath),
            ("/image/width=1", Code::BadPath),
            ("/image//a.jpg", Code::BadPath),
            ("/image/width=1/", Code::BadPath),
            ("/image/sig=k.abc", Code::BadPath),
            ("/image/photo.jpg/x", Code::BadOption),
        ] {
            let problem = Parts::cut(target).and_then(|parts| parts.read()).unwrap_err();
            assert_eq!(problem.code, code, "{target}");
        }
        let long = format!("/image/width=1/{}", "a".repeat(limits::TARGET_BYTES));
        assert_eq!(Parts::cut(&long).unwrap_err().code, Code::TargetTooLong);
    }
}
