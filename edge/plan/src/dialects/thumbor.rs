//! thumbor and imagor: `/<signature>/fit-in/300x200/smart/filters:quality(80)/<image>`.

use base64ct::{Base64UrlUnpadded, Encoding};

use super::Dialect;
use super::draft::{Draft, Wish, source};
use crate::options::escape::percent_decoded;
use crate::problem::{Code, Problem};
use crate::request::{Signature, Target};

/// What is taken if there is no quality.
const QUALITY: &str = "80";

/// What stands in place of a signature where none is checked.
const UNSIGNED: &str = "unsafe";

/// Characters of an HMAC-SHA1 in Base64 with its padding.
const TAG_CHARACTERS: usize = 28;

fn cut(target: &str) -> Option<Target<'_>> {
    let rest = target.strip_prefix('/')?;
    let (first, signed) = rest.split_once('/')?;
    let signature = match first {
        UNSIGNED => Signature::None,
        tag if tag.len() == TAG_CHARACTERS && tag.ends_with('=') => Signature::Thumbor(tag),
        _ => return None,
    };
    Some(Target { dialect: &DIALECT, signature, prefix: "", signed })
}

/// What several parts say together.
#[derive(Default)]
struct Size {
    fit_in: bool,
    stretch: bool,
    fill: bool,
    upscale: Option<bool>,
    sides: u8,
    flip: String,
}

fn read(signed: &str) -> Result<Wish, Problem> {
    let rest = signed.trim_start_matches('/');
    let mut rest = rest.strip_prefix("unsafe/").unwrap_or(rest);
    let mut draft = Draft::new(DIALECT.name);
    let mut size = Size::default();
    let mut align = (None, None);
    draft.put("quality", "quality", QUALITY)?;
    while let Some((segment, after)) = rest.split_once('/') {
        let (name, value) = segment.split_once(':').unwrap_or((segment, ""));
        match (segment, name) {
            ("fit-in", _) => size.fit_in = true,
            ("stretch", _) => size.stretch = true,
            ("smart", _) => draft.put(segment, "gravity", "auto")?,
            ("left" | "right" | "center", _) if align.0.is_none() => align.0 = Some(segment),
            ("top" | "bottom" | "middle", _) if align.1.is_none() => align.1 = Some(segment),
            (_, "trim") => trim(&mut draft, value)?,
            ("meta" | "debug" | "adaptive-fit-in" | "full-fit-in" | "adaptive-full-fit-in", _) => {
                return Err(draft.unmapped(segment));
            }
            (_, "filters") => {
                rest = filters(&mut draft, &mut size, rest)?;
                break;
            }
            // Behind the size imagor means padding by it, which depends on the source.
            _ if is_rectangle(segment) && size.sides > 0 => {
                return Err(draft.unmapped(segment));
            }
            _ if is_rectangle(segment) => crop(&mut draft, segment)?,
            _ if is_sides(segment) => sides(&mut draft, &mut size, segment)?,
            _ => break,
        }
        rest = after;
    }
    place(&mut draft, align)?;
    size.resolve(&mut draft)?;
    Ok(draft.finish(image(rest)?))
}

/// A path, an address, or with `b64:` an address in Base64.
fn image(text: &str) -> Result<crate::Source, Problem> {
    let broken = || Problem::new(Code::BadPath, "the image is neither escaped nor in Base64");
    let decoded = match text.strip_prefix("b64:") {
        Some(encoded) => Base64UrlUnpadded::decode_vec(encoded)
            .ok()
            .and_then(|bytes| String::from_utf8(bytes).ok()),
        None => percent_decoded(text),
    };
    source(&decoded.ok_or_else(broken)?)
}

impl Size {
    fn resolve(&self, draft: &mut Draft) -> Result<(), Problem> {
        if !self.flip.is_empty() {
            draft.put("-", "flip", &self.flip)?;
        }
        let boxed = self.sides == 2;
        let ours = match (self.fit_in, self.upscale) {
            _ if self.stretch && boxed => "squeeze",
            (true, upscale) if self.fill && boxed => {
                if upscale != Some(true) {
                    draft.warn("`fit-in` with `fill` enlarges here, with or without `upscale`");
                }
                "pad"
            }
            (true, Some(true)) => "contain",
            (true, _) => "scale-down",
            (false, Some(false)) if boxed => "crop",
            (false, Some(false)) => "scale-down",
            (false, _) if boxed => "cover",
            (false, _) => "contain",
        };
        draft.put("fit-in", "fit", ours)
    }
}

fn is_sides(segment: &str) -> bool {
    let digits = |side: &str| {
        let side = side.strip_prefix('-').unwrap_or(side);
        side == "orig" || side.bytes().all(|b| b.is_ascii_digit())
    };
    segment.split_once('x').is_some_and(|(width, height)| digits(width) && digits(height))
}

/// `300x200`; a minus mirrors, and 0 or nothing follows from the other side.
fn sides(draft: &mut Draft, size: &mut Size, segment: &str) -> Result<(), Problem> {
    let (width, height) = segment.split_once('x').unwrap_or_default();
    for (ours, axis, side) in [("width", 'h', width), ("height", 'v', height)] {
        let pixels = side.strip_prefix('-').unwrap_or(side);
        if pixels != side {
            size.flip.push(axis);
        }
        if !matches!(pixels, "" | "0") {
            size.sides = size.sides.saturating_add(1);
            draft.put(segment, ours, pixels)?;
        }
    }
    Ok(())
}

fn is_rectangle(segment: &str) -> bool {
    segment.split_once(':').is_some_and(|(from, to)| is_point(from) && is_point(to))
}

fn is_point(text: &str) -> bool {
    let number = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    text.split_once('x').is_some_and(|(x, y)| number(x) && number(y))
}

/// `10x20:110x220`: from one corner to the other.
fn crop(draft: &mut Draft, segment: &str) -> Result<(), Problem> {
    let mut numbers = segment.split([':', 'x']).map(|number| number.parse::<u32>().ok());
    let mut next = || numbers.next().flatten();
    let (Some(left), Some(top), Some(right), Some(bottom)) = (next(), next(), next(), next())
    else {
        return Err(draft.refuse(segment, "expected whole pixels", segment));
    };
    let (width, height) = (right.checked_sub(left), bottom.checked_sub(top));
    let (Some(width), Some(height)) = (width, height) else {
        return Err(draft.refuse(segment, "expected <left>x<top>:<right>x<bottom>", segment));
    };
    let ours = ["trim.left", "trim.top", "trim.width", "trim.height"];
    for (ours, value) in ours.iter().zip([left, top, width, height]) {
        draft.put(segment, ours, &value.to_string())?;
    }
    Ok(())
}

/// `trim`, `trim:10`, `trim:top-left:10`: the surround has the colour of a corner.
fn trim(draft: &mut Draft, value: &str) -> Result<(), Problem> {
    draft.put("trim", "trim", "border")?;
    let tolerance = value.strip_prefix("top-left").map(|rest| rest.trim_start_matches(':'));
    match tolerance.unwrap_or(value) {
        "" => Ok(()),
        tolerance => draft.put("trim", "trim.border.tolerance", tolerance),
    }
}

fn place(draft: &mut Draft, align: (Option<&str>, Option<&str>)) -> Result<(), Problem> {
    let across = align.0.filter(|across| *across != "center");
    let down = align.1.filter(|down| *down != "middle");
    match (across, down) {
        (None, None) => Ok(()),
        (Some(side), None) | (None, Some(side)) => draft.put(side, "gravity", side),
        (Some(across), Some(down)) => draft.put(across, "gravity", &format!("{down}-{across}")),
    }
}

/// `filters:quality(80):format(webp)/<image>`. Gives the image.
fn filters<'a>(draft: &mut Draft, size: &mut Size, text: &'a str) -> Result<&'a str, Problem> {
    let mut rest = text.strip_prefix("filters").unwrap_or(text);
    while let Some(filter) = rest.strip_prefix(':') {
        let shape = || draft.refuse("filters", "expected name(arguments)", filter);
        let (name, after) = filter.split_once('(').ok_or_else(shape)?;
        let (args, after) = after.split_once(')').ok_or_else(shape)?;
        let args: Vec<&str> = args.split(',').map(str::trim).collect();
        one(draft, size, name, &args)?;
        rest = after;
    }
    let shape = || draft.refuse("filters", "expected a slash behind the filters", rest);
    rest.strip_prefix('/').ok_or_else(shape)
}

fn one(draft: &mut Draft, size: &mut Size, name: &str, args: &[&str]) -> Result<(), Problem> {
    let first = args.first().copied().unwrap_or_default();
    match name {
        "quality" => draft.put(name, "quality", first),
        "format" => draft.put(name, "format", first),
        "fill" => {
            size.fill = true;
            draft.put_colour(name, "background", first)
        }
        "background_color" => draft.put_colour(name, "background", first),
        "blur" => draft.put(name, "blur", first),
        "brightness" | "contrast" => draft.put_percent(name, name, first),
        "grayscale" => draft.put(name, "filter", "greyscale"),
        "round_corner" if args.len() == 1 => draft.put(name, "radius", first),
        "no_upscale" => {
            size.upscale = Some(false);
            Ok(())
        }
        "upscale" => {
            size.upscale = Some(true);
            Ok(())
        }
        "max_bytes" => draft.put(name, "max-bytes", first),
        // imagor counts from 1.
        "page" => {
            let page = first.parse::<u32>().ok().and_then(|page| page.checked_sub(1));
            let page =
                page.ok_or_else(|| draft.refuse(name, "expected a number from 1 on", first))?;
            draft.put(name, "page", &page.to_string())
        }
        "hue" => draft.put(name, "hue", first),
        "pixelate" => draft.put(name, "pixelate", if first.is_empty() { "10" } else { first }),
        "crop" => draft.put(name, "crop", &args.join(";")),
        "strip_exif" | "strip_icc" | "strip_metadata" => Ok(()),
        "attachment" if !first.is_empty() => draft.put(name, "download", first),
        "expire" => {
            let seconds = first.parse::<u64>().ok().map(|milliseconds| milliseconds / 1_000);
            let seconds =
                seconds.ok_or_else(|| draft.refuse(name, "expected milliseconds", first))?;
            draft.put(name, "expires", &seconds.to_string())
        }
        _ => Err(draft.unmapped(name)),
    }
}

/// The dialect.
pub const DIALECT: Dialect =
    Dialect { name: "thumbor", grammar: "/unsafe/<options>/<source>", cut, read };

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_paths_or_addresses() {
        for (rest, source) in [
            ("300x200/photos/a.jpg", "photos/a.jpg"),
            ("300x200/https%3A%2F%2Fa.test%2Fb.jpg%3Fc%3Dd", "https://a.test/b.jpg?c=d"),
            ("300x200/https://a.test/b.jpg", "https://a.test/b.jpg"),
            ("300x200/filters:quality(5)/https://a.test/b.jpg", "https://a.test/b.jpg"),
            ("300x200/b64:aHR0cHM6Ly9hLnRlc3QvYi5qcGc", "https://a.test/b.jpg"),
            ("a.jpg", "a.jpg"),
        ] {
            assert_eq!(read(rest).unwrap().source.text(), source, "{rest}");
        }
        for bad in
            ["300x200/", "300x200/../a", "300x200/b64:!!", "filters:quality(5", "filters:a/b"]
        {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
