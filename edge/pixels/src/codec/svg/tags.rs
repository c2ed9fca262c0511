//! The tags of a document, found without a tree of it: in one pass, with nothing held.

/// A tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tag<'a> {
    pub kind: Kind,
    /// Between its brackets, without the slash; as far as it came.
    pub text: &'a [u8],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Close,
    /// An element without content.
    Empty,
    Open,
}

/// The tags of a document in order.
pub struct Tags<'a> {
    rest: &'a [u8],
}

impl<'a> Tags<'a> {
    pub fn new(document: &'a [u8]) -> Self {
        Self { rest: document }
    }

    /// What comes before `end`; the rest goes on behind it, or nothing is left.
    fn until(&mut self, end: &[u8]) -> &'a [u8] {
        let rest = self.rest;
        let at = memchr::memmem::find(rest, end).unwrap_or(rest.len());
        self.rest = rest.get(at + end.len()..).unwrap_or_default();
        rest.get(..at).unwrap_or_default()
    }

    /// Passes over a document type, whose brackets may hold more declarations.
    fn pass_doctype(&mut self) {
        let (mut depth, mut quote) = (0_u32, None);
        while let Some((byte, rest)) = self.rest.split_first() {
            self.rest = rest;
            match (quote, *byte) {
                (Some(end), byte) => quote = (byte != end).then_some(end),
                (None, b'"' | b'\'') => quote = Some(*byte),
                (None, b'[') => depth += 1,
                (None, b']') => depth = depth.saturating_sub(1),
                (None, b'>') if depth == 0 => return,
                (None, _) => {}
            }
        }
    }

    /// What comes before the bracket that ends a tag; those in values end none.
    fn tag(&mut self) -> &'a [u8] {
        let (rest, mut quote) = (self.rest, None);
        for (at, byte) in rest.iter().enumerate() {
            match (quote, *byte) {
                (Some(end), byte) => quote = (byte != end).then_some(end),
                (None, b'"' | b'\'') => quote = Some(*byte),
                (None, b'>') => {
                    self.rest = rest.get(at + 1..).unwrap_or_default();
                    return rest.get(..at).unwrap_or_default();
                }
                (None, _) => {}
            }
        }
        self.rest = &[];
        rest
    }
}

impl<'a> Iterator for Tags<'a> {
    type Item = Tag<'a>;

    fn next(&mut self) -> Option<Tag<'a>> {
        loop {
            let at = memchr::memchr(b'<', self.rest)?;
            self.rest = self.rest.get(at + 1..)?;
            match self.rest {
                [b'?', ..] => drop(self.until(b"?>")),
                [b'!', b'-', b'-', ..] => drop(self.until(b"-->")),
                [b'!', b'[', ..] => drop(self.until(b"]]>")),
                [b'!', ..] => self.pass_doctype(),
                [] => return None,
                [b'/', ..] => return Some(Tag { kind: Kind::Close, text: self.tag() }),
                _ => {
                    let text = self.tag();
                    return Some(match text.strip_suffix(b"/") {
                        Some(text) => Tag { kind: Kind::Empty, text },
                        None => Tag { kind: Kind::Open, text },
                    });
                }
            }
        }
    }
}

impl<'a> Tag<'a> {
    /// The name of the element without its prefix.
    pub fn name(&self) -> &'a [u8] {
        let end = self.text.iter().position(u8::is_ascii_whitespace).unwrap_or(self.text.len());
        let name = self.text.get(..end).unwrap_or_default();
        let local = name.iter().rposition(|byte| *byte == b':').map_or(0, |at| at + 1);
        name.get(local..).unwrap_or_default()
    }

    /// The value of an attribute, if it is given.
    pub fn value(&self, wanted: &str) -> Option<&'a str> {
        let mut rest = self.text.trim_ascii_start();
        loop {
            let equals = memchr::memchr(b'=', rest)?;
            let (before, behind) = rest.split_at_checked(equals)?;
            let behind = behind.get(1..)?.trim_ascii_start();
            let (quote, behind) = behind.split_first()?;
            let end = memchr::memchr(*quote, behind)?;
            let name = before.trim_ascii_end();
            let start = name.iter().rposition(u8::is_ascii_whitespace).map_or(0, |at| at + 1);
            if name.get(start..) == Some(wanted.as_bytes()) {
                return str::from_utf8(behind.get(..end)?).ok();
            }
            rest = behind.get(end + 1..)?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_elements_count() {
        let document = br#"<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "<b>">]><!-- <c> -->
            <s:svg a = 'x>y' width="3"><g/><![CDATA[<h>]]></s:svg >"#;
        let tags: Vec<_> = Tags::new(document).map(|tag| (tag.kind, tag.name())).collect();
        let expected =
            [(Kind::Open, b"svg".as_slice()), (Kind::Empty, b"g"), (Kind::Close, b"svg")];
        assert_eq!(tags[..2], expected[..2]);
        assert_eq!((tags.len(), tags[2].0), (3, Kind::Close));
        let first = Tags::new(document).next().unwrap();
        assert_eq!((first.value("a"), first.value("width")), (Some("x>y"), Some("3")));
        assert_eq!((first.value("b"), first.value("x")), (None, None));
    }

    #[test]
    fn whatever_is_cut_off_ends() {
        let document = br#"<!DOCTYPE a [<!ELEMENT b>]><svg a="<" ><g b='"'/></svg><!-- x -->"#;
        for end in 0..document.len() {
            assert!(Tags::new(&document[..end]).count() <= 3, "{end}");
        }
    }
}
