//! Showmax: `/<path>?width=…&height=…` or `/<path>?800x500f`, after what its engineers have
//! published of it ("Life of Image", 2019). That text ends before it tells how a crop and an overlay are
//! written: both are here in the manner of the rest.

use super::Dialect;
use super::draft::{Draft, Wish, source};
use super::query::Query;
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
            "crop" => crop(&mut draft, value)?,
            // A badge is one of the server's, and never in an address.
            "overlay" => draft.put(name, "preset", value)?,
            token if value.is_empty() => size(&mut draft, token)?,
            _ => return Err(draft.unmapped(name)),
        }
    }
    let path = percent_decoded(path)
        .ok_or_else(|| Problem::new(Code::BadPath, "the path has a broken escape"))?;
    Ok(draft.finish(source(&path)?))
}

/// `800x500`, or with a letter behind it exactly that: `f` distorts, `c` cuts.
fn size(draft: &mut Draft, token: &str) -> Result<(), Problem> {
    let (sides, fit) = match (token.strip_suffix('f'), token.strip_suffix('c')) {
        (Some(sides), _) => (sides, Some("squeeze")),
        (_, Some(sides)) => (sides, Some("cover")),
        (None, None) => (token, None),
    };
    let Some((width, height)) = sides.split_once('x') else {
        return Err(draft.unmapped(token));
    };
    draft.put(token, "width", width)?;
    draft.put(token, "height", height)?;
    fit.map_or(Ok(()), |fit| draft.put(token, "fit", fit))
}

/// `10,20,300,200`: left, top, width and height, in pixels of the original.
fn crop(draft: &mut Draft, value: &str) -> Result<(), Problem> {
    let numbers: Vec<&str> = value.split(',').collect();
    let ours = ["trim.left", "trim.top", "trim.width", "trim.height"];
    if numbers.len() != ours.len() {
        return Err(draft.refuse("crop", "expected <left>,<top>,<width>,<height>", value));
    }
    ours.iter().zip(numbers).try_for_each(|(ours, number)| draft.put("crop", ours, number))
}

/// The dialect.
pub const DIALECT: Dialect =
    Dialect { name: "showmax", grammar: "/<path>?<width>x<height>", cut, read };
