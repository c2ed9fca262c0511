//! imgproxy: `/<signature>/<options>/plain/<url>@<extension>` and the same with the source in
//! Base64; the options of the open edition.

mod address;
mod crop;
mod size;

use base64ct::{Base64UrlUnpadded, Encoding};

use super::Dialect;
use super::draft::{Draft, Wish, source};
use crate::options::escape::percent_decoded;
use crate::problem::Problem;
use crate::request::{Signature, Target};
use address::address;
use crop::{crop, gravity};
use size::{Size, side, sides};

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

fn is_true(draft: &Draft, name: &str, value: &str) -> Result<bool, Problem> {
    match value {
        "1" | "t" | "true" => Ok(true),
        "0" | "f" | "false" => Ok(false),
        other => Err(draft.refuse(name, "expected 1 or 0", other)),
    }
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
