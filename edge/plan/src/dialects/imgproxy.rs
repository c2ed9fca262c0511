//! imgproxy: `/<signature>/<options>/plain/<url>@<extension>` and the same with the source in
//! Base64; the options of the open edition.

use base64ct::{Base64UrlUnpadded, Encoding};

use super::Dialect;
use super::draft::{Draft, Wish, source};
use crate::options::escape::percent_decoded;
use crate::problem::{Code, Problem};
use crate::request::{Signature, Target};

/// What is taken if there is no quality.
const QUALITY: &str = "80";

/// What stands in place of a signature where none is checked.
const UNSIGNED: &[&str] = &["insecure", "unsafe", "_", "-"];

fn cut(target: &str) -> Option<Target<'_>> {
    let rest = target.strip_prefix('/')?;
    let (first, after) = rest.split_once('/').filter(|(first, _)| !first.is_empty())?;
    let signature =
        if UNSIGNED.contains(&first) { Signature::None } else { Signature::Imgproxy(first) };
    // Options and `plain` tell it from a path; a source in Base64 alone does not.
    let begins = after.split('/').next().unwrap_or_default();
    let looks = begins == "plain" || begins.contains(':') || signature == Signature::None;
    let signed = target.get(first.len().saturating_add(1)..)?;
    looks.then_some(Target { dialect: &DIALECT, signature, prefix: "", signed })
}

fn read(signed: &str) -> Result<Wish, Problem> {
    // Behind an own signature the place of imgproxy's is still there.
    let unsigned = |first: &&str| UNSIGNED.contains(first);
    let mut rest = signed.strip_prefix('/').unwrap_or(signed);
    if let Some((_, after)) = rest.split_once('/').filter(|(first, _)| unsigned(first)) {
        rest = after;
    }
    let mut draft = Draft::new(DIALECT.name);
    let mut size = Size::default();
    draft.put("quality", "quality", QUALITY)?;
    let source = loop {
        let (segment, after) = rest.split_once('/').unwrap_or((rest, ""));
        if segment == "plain" || !segment.contains(':') {
            break rest;
        }
        let mut parts = segment.split(':');
        let name = parts.next().unwrap_or_default();
        option(&mut draft, &mut size, name, &parts.collect::<Vec<_>>())?;
        rest = after;
    };
    let (address, extension) = address(source)?;
    if let Some(extension) = extension {
        format(&mut draft, "extension", &extension)?;
    }
    size.resolve(&mut draft)?;
    Ok(draft.finish(self::source(&address)?))
}

/// The source's address, and the extension behind it.
fn address(text: &str) -> Result<(String, Option<String>), Problem> {
    let broken = |what: &str| Problem::new(Code::BadPath, format!("the source is not {what}"));
    if let Some(plain) = text.strip_prefix("plain/") {
        let (url, extension) = match plain.rsplit_once('@') {
            Some((url, extension)) => (url, Some(extension.to_owned())),
            None => (plain, None),
        };
        let url = percent_decoded(url).ok_or_else(|| broken("percent-encoded"))?;
        return Ok((url, extension.filter(|extension| !extension.is_empty())));
    }
    let joined = text.replace('/', "");
    let (encoded, extension) = match joined.split_once('.') {
        Some((encoded, extension)) => (encoded, Some(extension.to_owned())),
        None => (joined.as_str(), None),
    };
    let bytes = Base64UrlUnpadded::decode_vec(encoded.trim_end_matches('='))
        .map_err(|_| broken("plain/ and an address, nor Base64 for URLs"))?;
    let url = String::from_utf8(bytes).map_err(|_| broken("an address"))?;
    Ok((url, extension))
}

/// How the picture meets its box, which several options say together.
#[derive(Default)]
struct Size {
    kind: String,
    enlarge: bool,
    extend: bool,
}

impl Size {
    fn resolve(&self, draft: &mut Draft) -> Result<(), Problem> {
        let ours = match (self.kind.as_str(), self.enlarge, self.extend) {
            ("" | "fit", true, true) => "pad",
            ("" | "fit", true, false) => "contain",
            ("" | "fit", false, false) => "scale-down",
            ("fill", true, _) => "cover",
            ("fill", false, false) => "crop",
            ("fill-down", _, false) => "aspect-crop",
            ("force", enlarge, false) => {
                if !enlarge {
                    draft.warn("`force` enlarges here, with or without `enlarge`");
                }
                "squeeze"
            }
            ("fit" | "" | "fill" | "fill-down" | "force", _, true) => {
                return Err(draft.refuse("extend", "expected `enlarge` beside it", "1"));
            }
            (other, ..) => {
                let expected = "expected fit, fill, fill-down or force";
                return Err(draft.refuse("resizing_type", expected, other));
            }
        };
        draft.put("resizing_type", "fit", ours)
    }
}

fn option(draft: &mut Draft, size: &mut Size, name: &str, args: &[&str]) -> Result<(), Problem> {
    let first = args.first().copied().unwrap_or_default();
    let arg = |at: usize| args.get(at).copied().filter(|text| !text.is_empty());
    match name {
        "resize" | "rs" => {
            if let Some(kind) = arg(0) {
                kind.clone_into(&mut size.kind);
            }
            sides(draft, size, name, args.get(1..).unwrap_or_default())
        }
        "size" | "s" => sides(draft, size, name, args),
        "resizing_type" | "rt" => {
            first.clone_into(&mut size.kind);
            Ok(())
        }
        "width" | "w" => side(draft, name, "width", first),
        "height" | "h" => side(draft, name, "height", first),
        "dpr" => draft.put(name, "dpr", first),
        "enlarge" | "el" => {
            size.enlarge = is_true(draft, name, first)?;
            Ok(())
        }
        "extend" | "ex" if args.len() == 1 => {
            size.extend = is_true(draft, name, first)?;
            Ok(())
        }
        "gravity" | "g" => gravity(draft, name, args),
        "crop" | "c" => crop(draft, name, args),
        "trim" | "t" if args.len() <= 2 => {
            draft.put(name, "trim", "border")?;
            draft.put(name, "trim.border.tolerance", first)?;
            arg(1).map_or(Ok(()), |hex| draft.put_colour(name, "trim.border.color", hex))
        }
        "padding" | "pd" => draft.put(name, "padding", &args.join(";")),
        "auto_rotate" | "ar" if is_true(draft, name, first)? => Ok(()),
        "rotate" | "rot" => draft.put_angle(name, first),
        "background" | "bg" => match args {
            [r, g, b] => draft.put(name, "background", &format!("rgb({r},{g},{b})")),
            _ => draft.put_colour(name, "background", first),
        },
        "blur" | "bl" => draft.put(name, "blur", first),
        "sharpen" | "sh" => draft.put(name, "sharpen", first),
        "pixelate" | "pix" => draft.put(name, "pixelate", first),
        "strip_metadata" | "sm" => {
            let strip = is_true(draft, name, first)?;
            let kept = draft.options().metadata.is_some();
            if strip && kept {
                Ok(())
            } else {
                draft.put(name, "metadata", if strip { "none" } else { "keep" })
            }
        }
        "keep_copyright" | "kcr" => {
            let keep = is_true(draft, name, first)?;
            draft.put(name, "metadata", if keep { "copyright" } else { "none" })
        }
        "strip_color_profile" | "scp" if is_true(draft, name, first)? => Ok(()),
        "quality" | "q" => {
            if first == "0" {
                Ok(())
            } else {
                draft.put(name, "quality", first)
            }
        }
        "format_quality" | "fq" => args.chunks(2).try_for_each(|pair| match pair {
            ["jpg", quality] => draft.put(name, "quality.jpeg", quality),
            [kind, quality] => draft.put(name, &format!("quality.{kind}"), quality),
            _ => Err(draft.refuse(name, "expected pairs of format and quality", first)),
        }),
        "max_bytes" | "mb" => draft.put(name, "max-bytes", first),
        "format" | "f" | "ext" => format(draft, name, first),
        "page" | "pg" => draft.put(name, "page", first),
        // The key of our caches holds the version of the source.
        "cachebuster" | "cb" => Ok(()),
        "expires" | "exp" => draft.put(name, "expires", first),
        "filename" | "fn" => {
            let file = match arg(1) {
                Some(flag) if is_true(draft, name, flag)? => Base64UrlUnpadded::decode_vec(first)
                    .ok()
                    .and_then(|bytes| String::from_utf8(bytes).ok()),
                _ => percent_decoded(first),
            };
            let file = file.ok_or_else(|| draft.refuse(name, "expected a file name", first))?;
            draft.put(name, "download.inline", &file)
        }
        "preset" | "pr" => draft.put(name, "preset", &args.join(";")),
        _ => Err(draft.unmapped(name)),
    }
}

/// `<width>:<height>:<enlarge>:<extend>`, each of which may be missing.
fn sides(draft: &mut Draft, size: &mut Size, name: &str, args: &[&str]) -> Result<(), Problem> {
    for (at, value) in args.iter().enumerate().filter(|(_, value)| !value.is_empty()) {
        match at {
            0 => side(draft, name, "width", value)?,
            1 => side(draft, name, "height", value)?,
            2 => size.enlarge = is_true(draft, name, value)?,
            3 => size.extend = is_true(draft, name, value)?,
            _ => return Err(draft.refuse(name, "expected fewer arguments", value)),
        }
    }
    Ok(())
}

/// 0 follows from the other side.
fn side(draft: &mut Draft, name: &str, ours: &str, value: &str) -> Result<(), Problem> {
    if value == "0" { Ok(()) } else { draft.put(name, ours, value) }
}

fn is_true(draft: &Draft, name: &str, value: &str) -> Result<bool, Problem> {
    match value {
        "1" | "t" | "true" => Ok(true),
        "0" | "f" | "false" => Ok(false),
        other => Err(draft.refuse(name, "expected 1 or 0", other)),
    }
}

fn gravity(draft: &mut Draft, name: &str, args: &[&str]) -> Result<(), Problem> {
    let place = match args {
        ["fp", x, y] => {
            draft.put(name, "gravity", &format!("{x}x{y}"))?;
            return draft.put(name, "gravity.mode", "box-center");
        }
        [kind] | [kind, "0", "0"] => compass(kind),
        _ => None,
    };
    match place {
        Some(place) => draft.put(name, "gravity", place),
        None => {
            let expected = "expected no, so, ea, we, noea, nowe, soea, sowe, ce or sm without \
                            offsets, or fp:<x>:<y>";
            Err(draft.refuse(name, expected, &args.join(":")))
        }
    }
}

fn compass(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "no" => "top",
        "so" => "bottom",
        "ea" => "right",
        "we" => "left",
        "noea" => "top-right",
        "nowe" => "top-left",
        "soea" => "bottom-right",
        "sowe" => "bottom-left",
        "ce" => "center",
        "sm" => "auto",
        _ => return None,
    })
}

/// A rectangle before the resize: from the top left in whole pixels, since another place would need
/// the source's size.
fn crop(draft: &mut Draft, name: &str, args: &[&str]) -> Result<(), Problem> {
    let [width, height, "nowe", offsets @ ..] = args else {
        let expected = "expected <width>:<height>:nowe:<x>:<y> in pixels";
        return Err(draft.refuse(name, expected, &args.join(":")));
    };
    for (ours, value) in ["trim.left", "trim.top"].iter().zip(offsets) {
        draft.put(name, ours, value)?;
    }
    side(draft, name, "trim.width", width)?;
    side(draft, name, "trim.height", height)
}

fn format(draft: &mut Draft, name: &str, value: &str) -> Result<(), Problem> {
    match value {
        "jpg" | "jpeg" | "png" | "webp" | "avif" | "gif" | "heic" => {
            draft.put(name, "format", value)
        }
        other => Err(draft.refuse(name, "expected jpg, png, webp, avif, gif or heic", other)),
    }
}

/// The dialect.
pub const DIALECT: Dialect =
    Dialect { name: "imgproxy", grammar: "/<signature>/<options>/plain/<source>", cut, read };

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_plain_or_in_base64() {
        for (rest, source, format) in [
            ("/w:5/plain/https://a.test/b.jpg", "https://a.test/b.jpg", ""),
            ("/w:5/plain/https://a.test/b.jpg@png", "https://a.test/b.jpg", "png"),
            (
                "/w:5/plain/https%3A%2F%2Fa.test%2Fb.jpg%3Fx%3D%40@webp",
                "https://a.test/b.jpg?x=@",
                "webp",
            ),
            ("/w:5/plain/local:///dir/b%20c.jpg", "dir/b%20c.jpg", ""),
            // printf 'https://a.test/b.jpg' | base64
            ("/w:5/aHR0cHM6Ly9hLnRlc3QvYi5qcGc", "https://a.test/b.jpg", ""),
            ("/w:5/aHR0cHM6Ly9h/LnRlc3QvYi5qcGc.png", "https://a.test/b.jpg", "png"),
            ("/aHR0cHM6Ly9hLnRlc3QvYi5qcGc=", "https://a.test/b.jpg", ""),
        ] {
            let wish = read(rest).unwrap();
            assert_eq!(wish.source.text(), source, "{rest}");
            let name = wish.options.format.map_or("", |format| format.name());
            assert_eq!(name, format, "{rest}");
        }
        for bad in [
            "/w:5/!!",
            "/w:5/plain/",
            "/w:5/plain/s3://a/b",
            "/w:5/enc/abcd",
            "/w:5",
            "/w:5/plain/%zz",
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
