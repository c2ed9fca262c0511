//! weserv/images: `/?url=…&w=…&h=…`, as wsrv.nl takes it.

use super::Dialect;
use super::draft::{Draft, Wish, source};
use super::query::Query;
use crate::problem::Problem;
use crate::request::{Signature, Target};

/// What is taken if `q` is absent.
const QUALITY: &str = "80";

/// What `trim` without a value means.
const TOLERANCE: &str = "10";

fn cut(target: &str) -> Option<Target<'_>> {
    let query = target.strip_prefix("/?")?;
    query.split('&').any(|pair| pair.starts_with("url=")).then_some(Target {
        dialect: &DIALECT,
        signature: Signature::None,
        prefix: "",
        signed: target,
    })
}

fn read(signed: &str) -> Result<Wish, Problem> {
    let mut draft = Draft::new(DIALECT.name);
    let mut query = Query::parse(signed.strip_prefix("/?").unwrap_or_default())?;
    let url = query.need("url")?;
    draft.put("q", "quality", QUALITY)?;
    fit(&mut draft, &mut query)?;
    align(&mut draft, &mut query)?;
    rectangle(&mut draft, &mut query)?;
    duotone(&mut draft, &mut query)?;
    let flips = [("flip", "v"), ("flop", "h")].map(|(name, axis)| query.take(name).map(|_| axis));
    match flips {
        [Some(_), Some(_)] => draft.put("flip", "flip", "hv")?,
        [Some(axis), None] | [None, Some(axis)] => draft.put("flip", "flip", axis)?,
        [None, None] => {}
    }
    for (name, value) in query.rest() {
        one(&mut draft, name, value)?;
    }
    Ok(draft.finish(source(&absolute(&url))?))
}

/// An address: `ssl:` stands for HTTPS, and no scheme for HTTP.
fn absolute(url: &str) -> String {
    match url.strip_prefix("ssl:") {
        Some(rest) => format!("https://{rest}"),
        None if url.contains("://") || url.starts_with('/') && !url.starts_with("//") => {
            url.to_owned()
        }
        None => format!("http://{}", url.trim_start_matches('/')),
    }
}

/// `fit` and `we`, which names the modes that never enlarge.
fn fit(draft: &mut Draft, query: &mut Query) -> Result<(), Problem> {
    let fit = query.take("fit");
    let fit = fit.as_deref().unwrap_or("inside");
    let ours = match (fit, query.take("we").is_some()) {
        ("inside", false) => "contain",
        ("inside", true) => "scale-down",
        ("cover", false) => "cover",
        ("cover", true) => "crop",
        ("contain", false) => "pad",
        ("fill", false) => "squeeze",
        ("contain" | "fill", true) => {
            return Err(draft.refuse("we", "expected none beside fit", fit));
        }
        (other, _) => {
            return Err(draft.refuse("fit", "expected inside, cover, contain or fill", other));
        }
    };
    draft.put("fit", "fit", ours)
}

/// `a`, with `fpx` and `fpy` if it is a point.
fn align(draft: &mut Draft, query: &mut Query) -> Result<(), Problem> {
    let point = ["fpx", "fpy"].map(|name| query.take(name).unwrap_or_else(|| "0.5".to_owned()));
    match query.take("a").as_deref() {
        None => Ok(()),
        Some("focal") => {
            draft.put("a", "gravity", &point.join("x"))?;
            draft.put("a", "gravity.mode", "box-center")
        }
        Some("attention") => draft.put("a", "gravity", "auto"),
        Some(place) => draft.put("a", "gravity", place),
    }
}

/// `cx`, `cy`, `cw` and `ch`: after the resize, or before it with `precrop`.
fn rectangle(draft: &mut Draft, query: &mut Query) -> Result<(), Problem> {
    let names = ["cx", "cy", "cw", "ch"];
    let given = names.map(|name| query.take(name));
    let before = query.take("precrop").is_some();
    if given.iter().all(Option::is_none) {
        return Ok(());
    }
    if before {
        for (ours, value) in
            ["trim.left", "trim.top", "trim.width", "trim.height"].iter().zip(&given)
        {
            value.iter().try_for_each(|value| draft.put("precrop", ours, value))?;
        }
        return Ok(());
    }
    let [x, y, width, height] = given;
    let or = |value: Option<String>, default: &str| value.unwrap_or_else(|| default.to_owned());
    let rest = crate::limits::SOURCE_SIDE.to_string();
    let values = [or(x, "0"), or(y, "0"), or(width, &rest), or(height, &rest)];
    draft.put("cx, cy, cw, ch", "crop", &values.join(";"))
}

/// `filt=duotone` with `start` and `stop`.
fn duotone(draft: &mut Draft, query: &mut Query) -> Result<(), Problem> {
    let colours = [("start", "C83658"), ("stop", "D8E74F")]
        .map(|(name, default)| query.take(name).unwrap_or_else(|| default.to_owned()));
    match query.take("filt").as_deref() {
        None => Ok(()),
        Some("duotone") => draft.put("filt", "duotone", &colours.map(|c| colour(&c)).join(";")),
        Some("negate") => draft.put("filt", "filter", "invert"),
        Some(filter) => draft.put("filt", "filter", filter),
    }
}

/// A colour: a name, or digits with alpha in front.
fn colour(value: &str) -> String {
    let hex = value.bytes().all(|b| b.is_ascii_hexdigit());
    let alpha = match value.len() {
        4 => 1,
        8 => 2,
        _ => 0,
    };
    match value.split_at_checked(alpha) {
        Some((alpha, rgb)) if hex => format!("#{rgb}{alpha}"),
        _ => value.to_owned(),
    }
}

/// An option that stands for itself.
fn one(draft: &mut Draft, name: &str, value: &str) -> Result<(), Problem> {
    match name {
        "w" | "h" | "dpr" | "q" | "page" | "hue" => draft.put(name, name, value),
        "sat" => draft.put(name, "saturation", value),
        "bg" | "cbg" | "rbg" => draft.put(name, "background", &colour(value)),
        "tint" => draft.put(name, "tint", &colour(value)),
        "ro" => draft.put_angle(name, value),
        "blur" => draft.put(name, "blur", if value.is_empty() { "1" } else { value }),
        "sharp" => draft.put(name, "sharpen", if value.is_empty() { "1" } else { value }),
        "con" => draft.put_percent(name, "contrast", value),
        "mod" => {
            let ours = ["brightness", "saturation", "hue"];
            let mut parts = value.split(',');
            for (ours, part) in ours.iter().zip(parts.by_ref()) {
                draft.put(name, ours, part)?;
            }
            parts
                .next()
                .map_or(Ok(()), |_| Err(draft.refuse(name, "expected three numbers", value)))
        }
        "trim" => {
            draft.put(name, "trim", "border")?;
            let tolerance = if value.is_empty() { TOLERANCE } else { value };
            draft.put(name, "trim.border.tolerance", tolerance)
        }
        "output" if matches!(value, "jpg" | "png" | "webp" | "gif" | "json") => {
            draft.put(name, "format", value)
        }
        "encoding" if value == "base64" => draft.put(name, "format", "data-uri"),
        "filename" => draft.put(name, "download.inline", value),
        "n" if value == "-1" => draft.put(name, "anim", "true"),
        "n" if value == "1" => draft.put(name, "anim", "false"),
        // JPEG is progressive in any case.
        "il" => Ok(()),
        _ => Err(draft.unmapped(name)),
    }
}

/// The dialect.
pub const DIALECT: Dialect =
    Dialect { name: "weserv", grammar: "/?url=<source>&<options>", cut, read };

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_have_a_scheme() {
        for (url, source) in [
            ("ssl:a.test/b.jpg", "https://a.test/b.jpg"),
            ("a.test/b.jpg", "http://a.test/b.jpg"),
            ("//a.test/b.jpg", "http://a.test/b.jpg"),
            (
                "https%3A%2F%2Fa.test%2Fb%20c.jpg%3Fx%3D1%26y%3D2",
                "https://a.test/b%20c.jpg?x=1&y=2",
            ),
            ("/b/c.jpg", "b/c.jpg"),
        ] {
            let wish = read(&format!("/?url={url}&w=5")).unwrap();
            assert_eq!(wish.source.text(), source);
        }
        assert!(read("/?w=5&url=").is_err());
        assert!(read("/?url=file:///etc/passwd").is_err());
        assert!(read("/?url=a.test/b&w=1&w=2").is_err());
    }
}
