//! Cloudflare Images: `/cdn-cgi/image/<options>/<source>`, and `/image/…` as a shorter spelling. The
//! dialect of this project's own, with an own signature as a segment before the options.

use super::Dialect;
use super::draft::Wish;
use crate::options::Options;
use crate::problem::{Code, Problem};
use crate::request::{Signature, Target, own_signature};
use crate::source::Source;

/// Path prefixes under which pictures are served; a slash follows.
pub const PREFIXES: &[&str] = &["/image", "/cdn-cgi/image"];

fn cut(target: &str) -> Option<Target<'_>> {
    let prefix = PREFIXES
        .iter()
        .find(|prefix| target.strip_prefix(**prefix).is_some_and(|rest| rest.starts_with('/')))?;
    let (prefix, rest) = target.split_at_checked(prefix.len())?;
    let (signature, signed) = own_signature(rest);
    let signature = signature.map_or(Signature::None, Signature::Own);
    Some(Target { dialect: &DIALECT, signature, prefix, signed })
}

fn read(signed: &str) -> Result<Wish, Problem> {
    // A prefix is still there where an own signature stands before all of the target.
    let rest = cut(signed).map_or(signed, |target| target.signed);
    let shape = || {
        let expected = "expected /<options>/<source> with at least one option";
        Problem::new(Code::BadPath, format!("{expected}, got `{rest}`"))
    };
    let (options, source) =
        rest.strip_prefix('/').and_then(|rest| rest.split_once('/')).ok_or_else(shape)?;
    if options.is_empty() {
        return Err(shape());
    }
    Ok(Wish {
        options: Options::parse(options)?,
        source: Source::parse(source)?,
        warnings: Vec::new(),
    })
}

/// The part of a target that a signature covers, for a canonical plan and a source. The plan that
/// changes nothing has an empty text, which no path can hold; it is written as the default quality.
pub fn canonical_rest(plan: &str, source: &str) -> String {
    let plan = if plan.is_empty() { "quality=85" } else { plan };
    format!("/{}/{source}", plan.replace('#', "%23"))
}

/// The dialect.
pub const DIALECT: Dialect =
    Dialect { name: "cloudflare", grammar: "/image/<options>/<source>", cut, read };
