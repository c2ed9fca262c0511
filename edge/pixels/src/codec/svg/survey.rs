//! What a document takes, before it is made pictures of: elements, how deep they lie, and how many there are
//! when each copy counts by itself.

use std::collections::HashMap;

use roxmltree::{Document, Node, NodeId};
use selvedge_plan::geometry::Size;

use super::tags::{Kind, Tags};
use crate::codec::{Chosen, Header};
use crate::failure::Failure;

/// Largest document. Maps have some megabytes.
const LARGEST: u64 = 4 << 20;

/// Most elements, and most with all copies.
const ELEMENTS: u64 = 50_000;
const COPIES: u64 = 8_192;

/// How deep elements may lie, one in another or behind references: each takes some of the stack.
const DEPTH: u32 = 64;

/// Longest side that is drawn: beyond it, and 16 million pixels, a picture is enlarged.
const SIDE: u32 = 8_191;
const PIXELS: u64 = 16 << 20;

/// Bytes of an element in all trees that it is in, and of a byte of text.
const PER_ELEMENT: u64 = 2_048;
const PER_BYTE: u64 = 48;

/// What small things add up to.
const FIXED: u64 = 2 << 20;

/// Words that tell of something that is drawn apart, of which there may be so many pixels for each pixel of the
/// picture.
const APART: [(&[u8], u64); 8] = [
    (b"filter", 40),
    (b"opacity", 8),
    (b"mask", 8),
    (b"clip", 8),
    (b"pattern", 8),
    (b"blend", 8),
    (b"isol", 8),
    (b"marker", 8),
];

/// Chooses the size that is wanted, since any can be drawn, and tells what the document takes.
pub fn choose(file: &[u8], _header: &Header, wanted: Size) -> Result<Chosen, Failure> {
    let length = file.len() as u64;
    if length > LARGEST {
        return Err(Failure::too_large("bytes of SVG", LARGEST, length));
    }
    let (mut elements, mut depth) = (0_u64, 0_u32);
    for tag in Tags::new(file) {
        match tag.kind {
            Kind::Close => depth = depth.saturating_sub(1),
            Kind::Empty => elements += 1,
            Kind::Open => (elements, depth) = (elements + 1, depth + 1),
        }
        if depth > DEPTH {
            return Err(Failure::too_large("depth of elements", DEPTH.into(), depth.into()));
        }
    }
    if elements > ELEMENTS {
        return Err(Failure::too_large("elements", ELEMENTS, elements));
    }
    let size = drawn(wanted);
    let memory = FIXED + length * PER_BYTE + (elements + copies(file)) * PER_ELEMENT;
    let memory = memory + apart(file, size) + paths(length);
    Ok(Chosen { size, memory, work: length.saturating_mul(200) })
}

/// The size that is drawn where this one is wanted.
fn drawn(wanted: Size) -> Size {
    let mut size = wanted;
    while size.width > SIDE || size.height > SIDE || size.pixels() > PIXELS {
        size = Size { width: size.width.div_ceil(2), height: size.height.div_ceil(2) };
    }
    size
}

/// Elements that references may add.
fn copies(file: &[u8]) -> u64 {
    let has = |what: &[u8]| memchr::memmem::find(file, what).is_some();
    if has(b"href") || has(b"url(") { COPIES } else { 0 }
}

/// Bytes of pixels that may be held at once beside those of the picture.
pub fn apart(file: &[u8], size: Size) -> u64 {
    let has = |what: &[u8]| memchr::memmem::find(file, what).is_some();
    let most = APART.iter().filter(|(word, _)| has(word)).map(|(_, pictures)| *pictures).max();
    size.pixels() * 4 * most.unwrap_or(0)
}

/// Bytes that drawing one path may take in a document of this length.
pub fn paths(length: u64) -> u64 {
    (2 << 20) + length * 16
}

/// Counts elements with all copies.
struct Count<'a, 'd> {
    ids: HashMap<&'d str, Node<'a, 'd>>,
    /// Of each element that was counted: how many it stands for, and how deep they lie; `None` while it is
    /// being counted.
    known: HashMap<NodeId, Option<(u64, u32)>>,
    /// What a style sheet may refer to from every element.
    everywhere: u64,
}

/// Refuses documents that stand for far more than they are.
///
/// # Errors
/// [`Failure::TooLarge`] or [`Failure::Malformed`].
pub fn check(document: &Document<'_>) -> Result<(), Failure> {
    let elements = || document.descendants().filter(Node::is_element);
    let ids = elements().filter_map(|node| Some((node.attribute("id")?, node)));
    let mut count = Count { ids: ids.collect(), known: HashMap::new(), everywhere: 0 };
    let all = elements().count() as u64;
    let is = |node: &Node<'_, '_>, name| node.tag_name().name() == name;
    let sheets = elements().filter(|node| is(node, "style")).filter_map(|node| node.text());
    let (mut sheet_bytes, mut referred) = (0, 0);
    for sheet in sheets {
        sheet_bytes += sheet.len() as u64;
        for id in references(sheet) {
            referred += count.of(id, 0)?.0;
        }
    }
    // Each rule is tried on each element.
    within("style sheets times elements", 50_000_000, sheet_bytes.saturating_mul(all))?;
    count.everywhere = referred;
    let mut markers = 0;
    for node in elements().filter(|node| is(node, "marker")) {
        markers = count.element(node, 0)?.0.max(markers);
    }
    // A marker is drawn at each point, of which two bytes can make one.
    let points: u64 = elements()
        .flat_map(|node| [node.attribute("d"), node.attribute("points")])
        .map(|data| data.map_or(0, |data| data.len() as u64 / 2))
        .sum();
    let (copies, _) = count.element(document.root_element(), 0)?;
    let copies = copies.saturating_add(markers.saturating_mul(points));
    within("elements with their copies", all + COPIES, copies)
}

impl<'a, 'd> Count<'a, 'd> {
    /// What an id stands for, and how deep that is.
    fn of(&mut self, id: &str, level: u32) -> Result<(u64, u32), Failure> {
        self.ids.get(id).copied().map_or(Ok((0, 0)), |node| self.element(node, level))
    }

    /// The same of an element that lies so deep already: references lead deeper than tags.
    fn element(&mut self, node: Node<'a, 'd>, level: u32) -> Result<(u64, u32), Failure> {
        let deep = |depth: u32| within("depth of elements", DEPTH.into(), depth.into());
        deep(level)?;
        match self.known.get(&node.id()) {
            Some(Some((copies, depth))) => {
                deep(level + depth)?;
                return Ok((*copies, *depth));
            }
            Some(None) => return Err(Failure::malformed("an element that refers to itself")),
            None => drop(self.known.insert(node.id(), None)),
        }
        let (mut copies, mut deepest) = (1 + self.everywhere, 0);
        let mut add = |(more, depth): (u64, u32)| {
            copies = copies.saturating_add(more);
            deepest = deepest.max(depth);
        };
        for child in node.children().filter(Node::is_element) {
            add(self.element(child, level + 1)?);
        }
        for attribute in node.attributes() {
            let value = attribute.value();
            if attribute.name() == "href" {
                add(value.strip_prefix('#').map_or(Ok((0, 0)), |id| self.of(id, level + 1))?);
            }
            for id in references(value) {
                add(self.of(id, level + 1)?);
            }
        }
        let found = (copies, deepest + 1);
        self.known.insert(node.id(), Some(found));
        Ok(found)
    }
}

/// The ids in `url(#…)`.
fn references(value: &str) -> impl Iterator<Item = &str> {
    value.split("url(").skip(1).filter_map(|rest| {
        let rest = rest.trim_start().trim_start_matches(['"', '\'']).strip_prefix('#')?;
        rest.split([')', '"', '\'']).next().map(str::trim)
    })
}

fn within(what: &'static str, limit: u64, actual: u64) -> Result<(), Failure> {
    if actual > limit { Err(Failure::too_large(what, limit, actual)) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(content: &str) -> Result<(), Failure> {
        let text = format!("<svg xmlns='http://www.w3.org/2000/svg'>{content}</svg>");
        check(&Document::parse(&text).unwrap())
    }

    #[test]
    fn copies_of_copies_are_counted() {
        let layer = |id: usize| {
            let uses = format!("<use href='#a{}'/>", id + 1).repeat(10);
            format!("<g id='a{id}'>{uses}</g>")
        };
        let few: String = (0..2).map(layer).collect();
        checked(&format!("{few}<g id='a2'/>")).unwrap();
        let many: String = (0..9).map(layer).collect();
        let refused = checked(&format!("{many}<g id='a9'/>"));
        assert!(matches!(refused, Err(Failure::TooLarge(_))), "{refused:?}");
    }

    #[test]
    fn what_refers_to_itself_is_refused() {
        for content in [
            "<g id='a'><use href='#a'/></g>",
            "<mask id='a'><g mask='url(#b)'/></mask><mask id='b' mask=\"url( '#a' )\"/>",
        ] {
            assert!(matches!(checked(content), Err(Failure::Malformed(_))), "{content}");
        }
    }

    #[test]
    fn markers_count_at_every_point() {
        let marked = |points: usize| {
            let data = "0 ".repeat(points);
            checked(&format!("<marker id='m'><g/><g/></marker><path d='{data}'/>"))
        };
        marked(100).unwrap();
        assert!(matches!(marked(9_000), Err(Failure::TooLarge(_))));
    }
}
