//! IPX: `/_ipx/<modifiers>/<id>`, as Nuxt Image writes it.

use super::Dialect;
use super::draft::{Draft, Wish, source};
use crate::options::escape::percent_decoded;
use crate::problem::{Code, Problem};
use crate::request::{Signature, Target};

const PREFIX: &str = "/_ipx/";

/// What is taken if there is no quality: that of sharp.
const QUALITY: &str = "80";

fn cut(target: &str) -> Option<Target<'_>> {
    target.starts_with(PREFIX).then_some(Target {
        dialect: &DIALECT,
        signature: Signature::None,
        prefix: "",
        signed: target,
    })
}

/// What is known of the size once all modifiers are read.
#[derive(Default)]
struct Size<'a> {
    boxed: bool,
    sides: u8,
    fit: Option<&'a str>,
    enlarge: bool,
    flip: bool,
    flop: bool,
}

fn read(signed: &str) -> Result<Wish, Problem> {
    let shape = || Problem::new(Code::BadPath, "expected /_ipx/<modifiers>/<id>");
    let rest = signed.strip_prefix(PREFIX).ok_or_else(shape)?;
    let (modifiers, id) = rest.split_once('/').ok_or_else(shape)?;
    let decoded = percent_decoded(modifiers).ok_or_else(shape)?;
    let id = percent_decoded(id).filter(|id| !id.is_empty()).ok_or_else(shape)?;
    let mut draft = Draft::new(DIALECT.name);
    let mut size = Size::default();
    draft.put("quality", "quality", QUALITY)?;
    for modifier in decoded.split(['&', ',']).filter(|modifier| *modifier != "_") {
        let (name, value) = modifier.split_once([':', '=', '_']).unwrap_or((modifier, ""));
        one(&mut draft, &mut size, name, value)?;
    }
    size.resolve(&mut draft)?;
    Ok(draft.finish(source(&id)?))
}

impl Size<'_> {
    fn resolve(&self, draft: &mut Draft) -> Result<(), Problem> {
        match (self.flip, self.flop) {
            (true, true) => draft.put("flip", "flip", "hv")?,
            (true, false) => draft.put("flip", "flip", "v")?,
            (false, true) => draft.put("flop", "flip", "h")?,
            (false, false) => {}
        }
        // `w` and `h` ignore `fit`, as there; only `s` heeds it, and cuts to its ratio first.
        let ours = match (self.boxed, self.fit.unwrap_or("cover"), self.enlarge) {
            (false, _, true) if self.sides < 2 => "contain",
            (false, _, false) if self.sides < 2 => "scale-down",
            (false, _, true) | (true, "cover", true) => "cover",
            (false, _, false) => "crop",
            (true, "cover", false) => "aspect-crop",
            (true, "contain", true) => "pad",
            (true, "fill", true) => "squeeze",
            (true, "inside", true) => "contain",
            (true, "inside", false) => {
                draft.warn("`inside` shrinks to the box here, not to a box of its ratio");
                "scale-down"
            }
            (true, other, _) => {
                let expected = "expected cover or inside, or with `enlarge` contain or fill";
                return Err(draft.refuse("fit", expected, other));
            }
        };
        draft.put("fit", "fit", ours)
    }
}

fn one<'a>(
    draft: &mut Draft,
    size: &mut Size<'a>,
    name: &str,
    value: &'a str,
) -> Result<(), Problem> {
    let args: Vec<&str> = value.split(['_', ':', '=']).collect();
    match name {
        "w" | "width" | "h" | "height" => {
            size.sides = size.sides.saturating_add(1);
            draft.put(name, name, value)
        }
        "s" | "resize" => {
            size.boxed = true;
            let (width, height) = value
                .split_once('x')
                .ok_or_else(|| draft.refuse(name, "expected <width>x<height>", value))?;
            draft.put(name, "width", width)?;
            draft.put(name, "height", height)
        }
        "enlarge" => {
            size.enlarge = true;
            Ok(())
        }
        "fit" => {
            size.fit = Some(value);
            Ok(())
        }
        "pos" | "position" => draft.put(name, "gravity", place(value)),
        "q" | "quality" => draft.put(name, "quality", value),
        "f" | "format" => draft.put(name, "format", if value == "heif" { "heic" } else { value }),
        "b" | "background" => draft.put_colour(name, "background", value),
        "flatten" if draft.options().background.is_none() => draft.put(name, "background", "black"),
        "flatten" => Ok(()),
        "flip" => {
            size.flip = true;
            Ok(())
        }
        "flop" => {
            size.flop = true;
            Ok(())
        }
        "rotate" => draft.put_angle(name, value),
        "extract" | "crop" => {
            let ours = ["trim.left", "trim.top", "trim.width", "trim.height"];
            if args.len() != ours.len() {
                return Err(draft.refuse(name, "expected <left>_<top>_<width>_<height>", value));
            }
            ours.iter().zip(&args).try_for_each(|(ours, value)| draft.put(name, ours, value))
        }
        "trim" => {
            draft.put(name, "trim", "border")?;
            draft.put(name, "trim.border.tolerance", value)
        }
        "extend" if args.len() == 4 => draft.put(name, "padding", &args.join(";")),
        "blur" => draft.put(name, "blur", value),
        "sharpen" if args.len() == 1 => {
            draft.put(name, "sharpen", if value.is_empty() { "1" } else { value })
        }
        "tint" => draft.put_colour(name, "tint", value),
        "grayscale" => draft.put(name, "filter", "greyscale"),
        "negate" => draft.put(name, "filter", "invert"),
        "modulate" if args.len() <= 3 => {
            let ours = ["brightness", "saturation", "hue"];
            ours.iter().zip(&args).try_for_each(|(ours, value)| draft.put(name, ours, value))
        }
        "a" | "animated" => draft.put(name, "anim", "true"),
        _ => Err(draft.unmapped(name)),
    }
}

/// A place of sharp as ours.
fn place(value: &str) -> &str {
    match value {
        "north" => "top",
        "east" => "right",
        "south" => "bottom",
        "west" => "left",
        "northeast" | "right top" | "right-top" => "top-right",
        "southeast" | "right bottom" | "right-bottom" => "bottom-right",
        "southwest" | "left bottom" | "left-bottom" => "bottom-left",
        "northwest" | "left top" | "left-top" => "top-left",
        "attention" => "auto",
        other => other,
    }
}

/// The dialect.
pub const DIALECT: Dialect = Dialect { name: "ipx", grammar: "/_ipx/<modifiers>/<id>", cut, read };

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_paths_or_addresses() {
        for (id, source) in [
            ("a/b.jpg", "a/b.jpg"),
            ("https://a.test/b.jpg", "https://a.test/b.jpg"),
            ("https%3A%2F%2Fa.test%2Fb%20c.jpg", "https://a.test/b%20c.jpg"),
        ] {
            assert_eq!(read(&format!("/_ipx/w_5/{id}")).unwrap().source.text(), source);
        }
        for bad in ["/_ipx/w_5", "/_ipx/w_5/", "/_ipx/w_5/../a", "/_ipx//a.jpg", "/_ipx/w/a.jpg"] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
