//! Next.js: `/_next/image?url=…&w=…&q=…`, as its image component writes it.

use super::Dialect;
use super::draft::{Draft, Wish, source};
use super::query::Query;
use crate::problem::Problem;
use crate::request::{Signature, Target};

const PREFIX: &str = "/_next/image?";

/// What Next.js takes if `q` is absent.
const QUALITY: &str = "75";

fn cut(target: &str) -> Option<Target<'_>> {
    target.starts_with(PREFIX).then_some(Target {
        dialect: &DIALECT,
        signature: Signature::None,
        prefix: "",
        signed: target,
    })
}

fn read(signed: &str) -> Result<Wish, Problem> {
    let mut draft = Draft::new(DIALECT.name);
    let mut query = Query::parse(signed.strip_prefix(PREFIX).unwrap_or_default())?;
    let url = query.need("url")?;
    draft.put("w", "width", &query.need("w")?)?;
    draft.put("q", "quality", query.take("q").as_deref().unwrap_or(QUALITY))?;
    draft.put("f", "format", "auto")?;
    match query.rest().next() {
        Some((name, _)) => Err(draft.unmapped(name)),
        None => Ok(draft.finish(source(&url)?)),
    }
}

/// The dialect.
pub const DIALECT: Dialect =
    Dialect { name: "next", grammar: "/_next/image?url=<source>&w=<width>&q=<quality>", cut, read };
