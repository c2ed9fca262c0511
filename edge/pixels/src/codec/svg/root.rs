//! The root element: whether it is one of SVG, and how large the picture is by itself (SVG 1.1 §7.2, §7.7; CSS
//! Values and Units §6).

use selvedge_plan::geometry::Size;

use super::tags::{Kind, Tag, Tags};
use crate::codec::{Form, Format, Header};
use crate::colours::Colours;
use crate::failure::Failure;
use crate::raster::Channels;

/// Both sides where nothing says what they are, as `usvg` has it.
const DEFAULT: f64 = 100.0;

/// Pixels of an em.
const EM: f64 = 12.0;

/// A length as it is given.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Length {
    /// Of what there is, in hundredths.
    Part(f64),
    Pixels(f64),
}

impl Length {
    fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let bytes = text.as_bytes();
        // The e of an exponent is no unit.
        let is_exponent = |at: usize| {
            matches!(bytes.get(at..), Some([b'e' | b'E', b'0'..=b'9' | b'+' | b'-', ..]))
        };
        let is_unit = |(at, byte): &(usize, &u8)| {
            **byte == b'%' || byte.is_ascii_alphabetic() && !is_exponent(*at)
        };
        let end = bytes.iter().enumerate().find(is_unit).map_or(text.len(), |(at, _)| at);
        let (number, unit) = text.split_at_checked(end)?;
        let number: f64 = number.trim().parse().ok()?;
        Some(Self::Pixels(match unit {
            "" | "px" => number,
            "%" => return Some(Self::Part(number)),
            "pt" => number * 96.0 / 72.0,
            "pc" => number * 16.0,
            "mm" => number * 96.0 / 25.4,
            "cm" => number * 96.0 / 2.54,
            "in" => number * 96.0,
            "em" => number * EM,
            "ex" => number * EM / 2.0,
            _ => return None,
        }))
    }

    fn of(self, all: f64) -> f64 {
        match self {
            Self::Part(part) => all * part / 100.0,
            Self::Pixels(pixels) => pixels,
        }
    }
}

/// Width and height of a view box.
fn view_box(tag: &Tag<'_>) -> Option<(f64, f64)> {
    let numbers = tag.value("viewBox")?.split(|c: char| c == ',' || c.is_whitespace());
    let numbers = numbers.filter(|number| !number.is_empty()).map(|number| number.parse().ok());
    let numbers: Vec<f64> = numbers.take(5).collect::<Option<_>>()?;
    match numbers[..] {
        [_, _, width, height] if width > 0.0 && height > 0.0 => Some((width, height)),
        _ => None,
    }
}

/// The size that a root element says.
fn size(tag: &Tag<'_>) -> Size {
    let side = |name| tag.value(name).and_then(Length::read);
    let given = (side("width"), side("height"));
    let (width, height) = view_box(tag).unwrap_or((DEFAULT, DEFAULT));
    let whole = Length::Part(100.0);
    let (w, h) = match given {
        (Some(w), None) => (w.of(width), height * w.of(width) / width),
        (None, Some(h)) => (width * h.of(height) / height, h.of(height)),
        (w, h) => (w.unwrap_or(whole).of(width), h.unwrap_or(whole).of(height)),
    };
    // A cast stops at the ends of its range, and makes 0 of what is no number.
    let pixels = |side: f64| if side > 0.0 { side.ceil() as u32 } else { 0 };
    Size { width: pixels(w), height: pixels(h) }
}

/// The root element, if it is one of SVG.
fn find(file: &[u8]) -> Option<Tag<'_>> {
    let text = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    if !text.trim_ascii_start().starts_with(b"<") {
        return None;
    }
    let first = Tags::new(text).next()?;
    (first.kind != Kind::Close && first.name() == b"svg").then_some(first)
}

/// Whether the first element is one of SVG.
pub fn sniff(file: &[u8]) -> bool {
    find(file).is_some()
}

/// Reads the size.
pub fn probe(file: &[u8]) -> Result<Header, Failure> {
    let root = find(file).ok_or_else(|| Failure::truncated("root element"))?;
    let header = Header {
        format: Format::Svg,
        size: size(&root),
        orientation: 1,
        form: Form::Packed(Channels::Rgba),
        depth: 8,
        progressive: false,
        colours: Colours::SRGB,
    };
    header.checked()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_those_of_browsers() {
        for (attributes, width, height) in [
            ("", 100, 100),
            ("width='20' height='10'", 20, 10),
            ("width='1in' height='25.4mm'", 96, 96),
            ("width='1e2' height='2em'", 100, 24),
            ("viewBox='0 0 30 40'", 30, 40),
            ("viewBox='0,0,30,40' width='60'", 60, 80),
            ("viewBox='0 0 30 40' height='20.5pt'", 21, 28),
            ("viewBox='0 0 30 40' width='50%' height='100%'", 15, 40),
            ("width='what' height='7'", 7, 7),
            ("width='NaN' height='9'", 9, 9),
            ("viewBox='0 0 0 40' width='9' height='3'", 9, 3),
        ] {
            let file = format!("<!-- a --><svg xmlns='http://www.w3.org/2000/svg' {attributes}>");
            let header = probe(file.as_bytes()).unwrap();
            assert_eq!(header.size, Size { width, height }, "{attributes}");
        }
    }

    #[test]
    fn sizes_that_cannot_be_are_refused() {
        let refused = |attributes| probe(format!("<svg {attributes}>").as_bytes()).unwrap_err();
        assert!(matches!(refused("width='1e9' height='1e9'"), Failure::TooLarge(_)));
        assert!(matches!(refused("width='1e400' height='9'"), Failure::TooLarge(_)));
        assert!(matches!(refused("width='-3' height='9'"), Failure::Malformed(_)));
    }

    #[test]
    fn other_markup_is_none() {
        for other in ["<html><svg>", "svg", "<svgs>", "</svg>", " \n<?xml?><!DOCTYPE svg><rss>"] {
            assert!(!sniff(other.as_bytes()), "{other}");
        }
        assert!(sniff(b"\xef\xbb\xbf <a:svg xmlns:a='http://www.w3.org/2000/svg'"));
    }
}
