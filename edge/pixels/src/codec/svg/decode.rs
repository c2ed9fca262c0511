//! Drawing a document in the size that is wanted.

use std::sync::atomic::{AtomicBool, Ordering};

use resvg::tiny_skia::{PixmapMut, Transform};
use resvg::usvg::{ImageHrefResolver, Options, Tree};
use roxmltree::{Document, ParsingOptions};

use super::survey;
use super::weight::weigh;
use crate::budget::Job;
use crate::codec::{Header, packed};
use crate::failure::Failure;
use crate::reduce::Reduce;

/// Draws all of it to RGBA.
pub fn decode(
    file: &[u8],
    header: &Header,
    ways: &mut [Reduce],
    job: &Job<'_>,
) -> Result<(), Failure> {
    let (way, channels) = packed(header, ways)?;
    let size = way.source();
    let tree = tree(file, job)?;
    let scale = |pixels: u32, length: f32| pixels as f32 / length;
    let to_picture = Transform::from_scale(
        scale(size.width, tree.size().width()),
        scale(size.height, tree.size().height()),
    );
    let weight = weigh(&tree, to_picture, size)?;
    for (what, limit, actual) in [
        ("pixels of groups and effects", survey::apart(file, size), weight.apart),
        ("bytes of a path", survey::paths(file.len() as u64), weight.path),
    ] {
        if actual > limit {
            return Err(Failure::too_large(what, limit, actual));
        }
    }
    job.admit(0, weight.work)?;
    let mut samples = job.bytes(size.pixels() as usize * 4)?;
    let mut picture = PixmapMut::from_bytes(&mut samples, size.width, size.height)
        .ok_or_else(|| Failure::malformed("a picture without a size"))?;
    resvg::render(&tree, to_picture, &mut picture);
    drop(tree);

    way.begin(channels, job)?;
    for row in samples.chunks_exact_mut(size.width as usize * 4) {
        row.as_chunks_mut().0.iter_mut().for_each(straight);
        way.row(row);
    }
    Ok(())
}

/// The tree of shapes.
fn tree(file: &[u8], job: &Job<'_>) -> Result<Tree, Failure> {
    let text = str::from_utf8(file)
        .map_err(|_| Failure::Unsupported("SVG in another coding than UTF-8".into()))?;
    let options = ParsingOptions { allow_dtd: true, nodes_limit: 400_000, ..Default::default() };
    let document = Document::parse_with_options(text, options).map_err(Failure::malformed)?;
    survey::check(&document)?;
    let (embedded, outside) = (AtomicBool::new(false), AtomicBool::new(false));
    let note = |what: &AtomicBool| what.store(true, Ordering::Relaxed);
    let tree = {
        let image_href_resolver = ImageHrefResolver {
            resolve_data: Box::new(|_, _, _| {
                note(&embedded);
                None
            }),
            resolve_string: Box::new(|_, _| {
                note(&outside);
                None
            }),
        };
        let options = Options { image_href_resolver, ..Options::default() };
        Tree::from_xmltree(&document, &options).map_err(Failure::malformed)?
    };
    if embedded.into_inner() {
        return Err(Failure::Unsupported("SVG with pictures in it".into()));
    }
    if outside.into_inner() {
        job.warn("pictures from outside the SVG are left out");
    }
    if document.descendants().any(|node| node.tag_name().name() == "text") {
        job.warn("texts of the SVG are left out: there are no fonts");
    }
    Ok(tree)
}

/// Takes alpha out of the colours.
#[inline(always)]
fn straight(pixel: &mut [u8; 4]) {
    let [red, green, blue, alpha] = pixel;
    let divisor = u32::from(*alpha);
    for sample in [red, green, blue] {
        let wide = u32::from(*sample) * 255 + divisor / 2;
        *sample = wide.checked_div(divisor).unwrap_or(0).min(255) as u8;
    }
}

/// The picture. What the document takes is added for each file.
pub fn memory(header: &Header, _denominators: &[u32]) -> u64 {
    header.size.pixels() * 4
}
