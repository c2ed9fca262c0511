//! XMP, as far as it is looked at: a text whose usual spellings are searched for (ISO 16684-1 §7, §8.3).

use memchr::memmem;

use crate::exif::{Rights, tidy};

/// Names of what a file is said to have beside its picture: a gain map (ISO 21496-1 and its
/// predecessors), and other pictures behind the first.
const PARTS: [&[u8]; 3] = [
    b"http://ns.adobe.com/hdr-gain-map/",
    b"http://ns.apple.com/HDRGainMap/",
    b"http://ns.google.com/photos/1.0/container/",
];

/// Whether it tells of parts that the output will not have.
pub fn tells_of_parts(xmp: &[u8]) -> bool {
    PARTS.iter().any(|name| memmem::find(xmp, name).is_some())
}

/// Whose the picture is: Dublin Core's `rights` and `creator`.
pub fn rights(xmp: &[u8]) -> Rights {
    Rights { artist: property(xmp, "dc:creator"), copyright: property(xmp, "dc:rights") }
}

/// Makes it say that the picture is upright: one digit for another.
pub fn settle(xmp: &mut [u8]) {
    for before in [&b"tiff:Orientation=\""[..], b"tiff:Orientation='", b"<tiff:Orientation>"] {
        if let Some(at) = memmem::find(xmp, before)
            && let Some(digit @ b'1'..=b'8') = xmp.get_mut(at + before.len())
        {
            *digit = b'1';
        }
    }
}

/// The text of a property: an attribute, or an element with the text itself or a list in it, of which
/// all are taken, or of several languages the first.
fn property(xmp: &[u8], name: &str) -> Option<Vec<u8>> {
    let inside = match between(xmp, &format!("<{name}"), &format!("</{name}>")) {
        Some(inside) => inside,
        None => {
            let rest = after(xmp, &format!("{name}="))?;
            let (quote, rest) = rest.split_first()?;
            let end = memchr::memchr(*quote, rest).filter(|_| matches!(quote, b'"' | b'\''))?;
            return tidy(&plain(rest.get(..end)?));
        }
    };
    let mut list = inside;
    let mut text = Vec::new();
    let alternatives = memmem::find(inside, b"<rdf:Alt").is_some();
    while let Some(item) = between(list, "<rdf:li", "</rdf:li>") {
        if !text.is_empty() {
            text.extend_from_slice(b"; ");
        }
        text.extend_from_slice(&plain(text_of(item)?));
        list = after(list, "</rdf:li>")?;
        if alternatives {
            break;
        }
    }
    if text.is_empty() {
        let direct = text_of(inside)?;
        // Anything with elements in it is of a shape that is not known.
        text = if direct.contains(&b'<') { Vec::new() } else { plain(direct) };
    }
    tidy(&text)
}

/// What is behind the end of a tag whose name was just read.
fn text_of(element: &[u8]) -> Option<&[u8]> {
    let end = memchr::memchr(b'>', element)?;
    element.get(end + 1..)
}

fn between<'a>(text: &'a [u8], start: &str, end: &str) -> Option<&'a [u8]> {
    let inside = after(text, start)?;
    inside.get(..memmem::find(inside, end.as_bytes())?)
}

fn after<'a>(text: &'a [u8], start: &str) -> Option<&'a [u8]> {
    text.get(memmem::find(text, start.as_bytes())? + start.len()..)
}

/// Text with its references to characters resolved (XML 1.0 §4.1, §4.6).
fn plain(text: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'&', rest) {
        let (before, reference) = rest.split_at(at);
        plain.extend_from_slice(before);
        let end = memchr::memchr(b';', reference).unwrap_or(0);
        let character = reference.get(1..end).and_then(character);
        match character {
            Some(character) => {
                plain.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                rest = reference.get(end + 1..).unwrap_or_default();
            }
            None => {
                plain.push(b'&');
                rest = reference.get(1..).unwrap_or_default();
            }
        }
    }
    plain.extend_from_slice(rest);
    plain
}

/// The character that a reference is to.
fn character(name: &[u8]) -> Option<char> {
    match name {
        b"amp" => Some('&'),
        b"apos" => Some('\''),
        b"gt" => Some('>'),
        b"lt" => Some('<'),
        b"quot" => Some('"'),
        _ => {
            let number = core::str::from_utf8(name).ok()?.strip_prefix('#')?;
            let code = match number.strip_prefix('x') {
                Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rights_in_their_usual_spellings() {
        for (xmp, artist, copyright) in [
            (
                "<dc:creator><rdf:Seq><rdf:li>A &amp; B</rdf:li> <rdf:li>C</rdf:li></rdf:Seq>\
                 </dc:creator><dc:rights><rdf:Alt><rdf:li xml:lang=\"x-default\">&#169; D</rdf:li>\
                 <rdf:li xml:lang='de'>E</rdf:li></rdf:Alt></dc:rights>",
                "A & B; C",
                "© D",
            ),
            ("<rdf:Description dc:creator='F' dc:rights=\"G &lt;H&gt;\"/>", "F", "G <H>"),
            (
                "<dc:rights> I </dc:rights><dc:creator x='y'>J &nbsp; K&</dc:creator>",
                "J &nbsp; K&",
                "I",
            ),
        ] {
            let found = rights(xmp.as_bytes());
            let text = |bytes: Option<Vec<u8>>| String::from_utf8(bytes.unwrap()).unwrap();
            assert_eq!(
                (text(found.artist), text(found.copyright)),
                (artist.into(), copyright.into())
            );
        }
        for nothing in [
            "",
            "<dc:rights",
            "<dc:rights/>",
            "dc:rights=",
            "<dc:rights></dc:rights>",
            "<dc:rights><x>y</x></dc:rights>",
        ] {
            assert_eq!(rights(nothing.as_bytes()), Rights::default(), "{nothing}");
        }
    }

    #[test]
    fn only_the_orientation_is_changed() {
        for (before, settled) in [
            ("<a tiff:Orientation=\"6\">", "<a tiff:Orientation=\"1\">"),
            ("<tiff:Orientation>8</tiff:Orientation>", "<tiff:Orientation>1</tiff:Orientation>"),
            (
                "<a tiff:Orientation=\"x\" tiff:Make='6'>",
                "<a tiff:Orientation=\"x\" tiff:Make='6'>",
            ),
        ] {
            let mut xmp = before.as_bytes().to_vec();
            settle(&mut xmp);
            assert_eq!(xmp, settled.as_bytes());
        }
    }
}
