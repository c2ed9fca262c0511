//! Showmax: `/<path>?width=…&height=…` or `/<path>?800x500f`, after what its engineers have
//! published of it ("Life of Image", 2019). That text ends before it tells how a crop is written.

use super::draft::{Draft, Wish, source};
use super::query::Query;
use super::{Chapter, Dialect, maps, refused};
use crate::options::escape::percent_decoded;
use crate::problem::{Code, Problem};
use crate::request::{Signature, Target};

/// What is taken if nothing is asked for.
const QUALITY: &str = "75";

fn cut(target: &str) -> Option<Target<'_>> {
    Some(Target { dialect: &DIALECT, signature: Signature::None, prefix: "", signed: target })
}

fn read(signed: &str) -> Result<Wish, Problem> {
    let mut draft = Draft::new(DIALECT.name);
    let (path, query) = signed.split_once('?').unwrap_or((signed, ""));
    draft.put("quality", "quality", QUALITY)?;
    for (name, value) in Query::parse(query)?.rest() {
        match name {
            "width" | "height" => draft.put(name, name, value)?,
            "quality" => draft.put(name, name, value)?,
            token if value.is_empty() => size(&mut draft, token)?,
            _ => return Err(draft.unmapped(name)),
        }
    }
    let path = percent_decoded(path)
        .ok_or_else(|| Problem::new(Code::BadPath, "the path has a broken escape"))?;
    Ok(draft.finish(source(&path)?))
}

/// `800x500`, or with an `f` behind it exactly that.
fn size(draft: &mut Draft, token: &str) -> Result<(), Problem> {
    let (sides, force) = token.strip_suffix('f').map_or((token, false), |sides| (sides, true));
    let Some((width, height)) = sides.split_once('x') else {
        return Err(draft.unmapped(token));
    };
    draft.put(token, "width", width)?;
    draft.put(token, "height", height)?;
    if force { draft.put(token, "fit", "squeeze") } else { Ok(()) }
}

/// The dialect.
pub const DIALECT: Dialect =
    Dialect { name: "showmax", grammar: "/<path>?<width>x<height>", cut, read };

/// What the documentation says of it.
pub const CHAPTER: Chapter = Chapter {
    dialect: &DIALECT,
    doc: "Quality is 75 unless given, as there. It claims every path that no other dialect does.",
    sample: "/photos/a.jpg?{}",
    rows: &[
        maps("width=800&height=500", "width=800,height=500,quality=75"),
        maps("800x500", "width=800,height=500,quality=75"),
        maps("800x500f", "width=800,height=500,fit=squeeze,quality=75"),
        maps("", "quality=75"),
        refused("crop=1", "how a crop is written was never published"),
        refused("overlay=badge", "how an overlay is written was never published"),
    ],
};
