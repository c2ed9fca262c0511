//! What drawing takes, from the tree that is drawn: work, and pixels beside those of the picture. What passes the
//! limits is refused before anything is drawn.

use resvg::tiny_skia::{NonZeroRect, PathSegment, Rect, Transform};
use resvg::usvg::filter::{Filter, Kind};
use resvg::usvg::{ClipPath, Group, Mask, Node, Paint, Path, Stroke, Tree};
use selvedge_plan::geometry::Size;

use crate::failure::Failure;

/// Most nodes that are looked at. Masks and patterns are drawn as often as they are used.
const VISITS: u32 = 200_000;

/// Most dashes of a stroke.
const DASHES: f32 = 20_000.0;

/// Bytes that a segment of a path takes as edges, filled and stroked.
const FILLED: u64 = 160;
const STROKED: u64 = 1_200;

/// Work units of a node, of a segment, and of a pixel that is painted once.
const NODE: u64 = 2_000;
const SEGMENT: u64 = 400;
const PIXEL: u64 = 6;

/// What drawing a tree takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Weight {
    /// Bytes of pixels that are drawn apart.
    pub apart: u64,
    /// Bytes of the largest path.
    pub path: u64,
    pub work: u64,
}

/// Weighs what is drawn on a picture.
struct Scales {
    /// What can be seen of what is drawn apart: `resvg` clips it to five times the picture each way.
    seen: Rect,
    /// From the tree to the picture.
    to_picture: Transform,
    picture: Size,
    visits: u32,
    work: u64,
    path: u64,
}

/// Weighs a tree on a picture of a size.
///
/// # Errors
/// [`Failure::TooLarge`] or [`Failure::Unsupported`].
pub fn weigh(tree: &Tree, to_picture: Transform, picture: Size) -> Result<Weight, Failure> {
    let (width, height) = (picture.width as f32, picture.height as f32);
    let seen = Rect::from_xywh(-2.0 * width, -2.0 * height, 5.0 * width, 5.0 * height);
    let seen = seen.ok_or_else(|| Failure::malformed("a picture without a size"))?;
    let mut scales = Scales { seen, to_picture, picture, visits: 0, work: 0, path: 0 };
    let apart = scales.group(tree.root())?;
    Ok(Weight { apart, path: scales.path, work: scales.work })
}

impl Scales {
    /// Pixels of a box of the tree, as far as they can be seen.
    fn pixels(&self, bounds: Rect, seen: Rect) -> u64 {
        let Some(bounds) = bounds.transform(self.to_picture) else { return 0 };
        let side = |from: f32, to: f32, first: f32, last: f32| {
            // A cast makes 0 of what is no number, and of what is less.
            (to.min(last) - from.max(first)).ceil() as u64 + 2
        };
        side(bounds.left(), bounds.right(), seen.left(), seen.right()).saturating_mul(side(
            bounds.top(),
            bounds.bottom(),
            seen.top(),
            seen.bottom(),
        ))
    }

    fn apart(&self, bounds: NonZeroRect) -> u64 {
        self.pixels(bounds.to_rect(), self.seen)
    }

    fn visit(&mut self) -> Result<(), Failure> {
        self.visits += 1;
        self.work = self.work.saturating_add(NODE);
        if self.visits > VISITS {
            return Err(Failure::too_large("shapes", VISITS.into(), self.visits.into()));
        }
        Ok(())
    }

    fn paint(&mut self, pixels: u64, times: u64) {
        self.work = self.work.saturating_add(pixels.saturating_mul(times * PIXEL));
    }

    /// Bytes of pixels that a group takes at once.
    fn group(&mut self, group: &Group) -> Result<u64, Failure> {
        self.visit()?;
        let mut most = 0;
        for node in group.children() {
            most = self.node(node)?.max(most);
        }
        if !group.should_isolate() {
            return Ok(most);
        }
        let layer = self.apart(group.abs_layer_bounding_box());
        self.paint(layer, 2);
        for filter in group.filters() {
            most = self.filter(filter, layer)?.max(most);
        }
        if let Some(clip) = group.clip_path() {
            most = self.clip(clip, layer)?.max(most);
        }
        if let Some(mask) = group.mask() {
            most = self.mask(mask, layer)?.max(most);
        }
        Ok(most.saturating_add(layer * 4))
    }

    fn node(&mut self, node: &Node) -> Result<u64, Failure> {
        match node {
            Node::Group(group) => self.group(group),
            Node::Path(path) => self.shape(path),
            Node::Image(_) => Err(Failure::Unsupported("SVG with pictures in it".into())),
            Node::Text(text) => self.group(text.flattened()),
        }
    }

    fn shape(&mut self, path: &Path) -> Result<u64, Failure> {
        self.visit()?;
        let segments = path.data().len() as u64;
        let all = Rect::from_xywh(0.0, 0.0, self.picture.width as f32, self.picture.height as f32);
        let pixels = self.pixels(path.abs_stroke_bounding_box(), all.unwrap_or(self.seen));
        let mut most = 0;
        if let Some(fill) = path.fill() {
            self.paint(pixels, 1);
            self.path = self.path.max(segments * FILLED);
            self.work = self.work.saturating_add(segments * SEGMENT);
            most = self.paint_of(fill.paint(), pixels)?;
        }
        if let Some(stroke) = path.stroke() {
            let dashes = dashes(path, stroke)?;
            self.paint(pixels, 1);
            self.path = self.path.max((segments + dashes) * STROKED);
            self.work = self.work.saturating_add((segments + dashes) * SEGMENT * 4);
            most = self.paint_of(stroke.paint(), pixels)?.max(most);
        }
        Ok(most)
    }

    /// Bytes of what a shape is painted with.
    fn paint_of(&mut self, paint: &Paint, pixels: u64) -> Result<u64, Failure> {
        match paint {
            Paint::Color(_) => Ok(0),
            Paint::LinearGradient(_) | Paint::RadialGradient(_) => {
                self.paint(pixels, 3);
                Ok(0)
            }
            Paint::Pattern(pattern) => {
                self.paint(pixels, 6);
                // It is drawn in the scale of the shape, which its own box does not tell; so is the box of
                // what is in it.
                let (sx, sy) = self.to_picture.get_scale();
                let (px, py) = pattern.transform().get_scale();
                let rect = pattern.rect();
                let side = |length: f32, scale: f32| (length * scale).ceil() as u64 + 1;
                let area = side(rect.width(), sx * px).saturating_mul(side(rect.height(), sy * py));
                self.paint(area, 2);
                let inside = self.group(pattern.root())?;
                Ok(inside.saturating_add(area.saturating_mul(4)))
            }
        }
    }

    fn clip(&mut self, clip: &ClipPath, layer: u64) -> Result<u64, Failure> {
        self.paint(layer, 2);
        let inside = self.group(clip.root())?;
        let before = clip.clip_path().map_or(Ok(0), |clip| self.clip(clip, layer))?;
        Ok(inside.max(before).saturating_add(layer * 10))
    }

    fn mask(&mut self, mask: &Mask, layer: u64) -> Result<u64, Failure> {
        self.paint(layer, 4);
        let inside = self.group(mask.root())?;
        let before = mask.mask().map_or(Ok(0), |mask| self.mask(mask, layer))?;
        Ok(inside.max(before).saturating_add(layer * 10))
    }

    fn filter(&mut self, filter: &Filter, layer: u64) -> Result<u64, Failure> {
        let region = self.apart(filter.rect()).max(layer);
        let count = filter.primitives().len() as u64;
        for primitive in filter.primitives() {
            let times = match primitive.kind() {
                Kind::Blend(_)
                | Kind::ColorMatrix(_)
                | Kind::ComponentTransfer(_)
                | Kind::Composite(_)
                | Kind::Flood(_)
                | Kind::Merge(_)
                | Kind::Offset(_)
                | Kind::Tile(_) => 6,
                Kind::DropShadow(_) | Kind::GaussianBlur(_) => 40,
                Kind::Image(_) => {
                    return Err(Failure::Unsupported("SVG with pictures in a filter".into()));
                }
                Kind::ConvolveMatrix(_)
                | Kind::DiffuseLighting(_)
                | Kind::DisplacementMap(_)
                | Kind::Morphology(_)
                | Kind::SpecularLighting(_)
                | Kind::Turbulence(_) => {
                    let what = "SVG with light, noise, waves or thickening as a filter";
                    return Err(Failure::Unsupported(what.into()));
                }
            };
            self.paint(region, times);
        }
        // Each result is kept until the last one is there; a blur works on floats.
        Ok(region.saturating_mul(4 * (count + 4) + 16))
    }
}

/// How many dashes a stroke is cut into, at most.
fn dashes(path: &Path, stroke: &Stroke) -> Result<u64, Failure> {
    let Some(lengths) = stroke.dasharray() else { return Ok(0) };
    let period: f32 = lengths.iter().sum();
    let dashes = length(path) / period.max(f32::MIN_POSITIVE) * lengths.len() as f32;
    // What is no number is refused, too.
    if dashes < DASHES {
        Ok(dashes as u64)
    } else {
        Err(Failure::too_large("dashes", DASHES as u64, dashes as u64))
    }
}

/// Upper bound of the length of a path: curves are shorter than the lines between their points.
fn length(path: &Path) -> f32 {
    let (mut all, mut last, mut first) = (0.0, (0.0, 0.0), (0.0, 0.0));
    let mut go = |points: &[(f32, f32)]| {
        for (x, y) in points {
            all += (x - last.0).abs() + (y - last.1).abs();
            last = (*x, *y);
        }
    };
    for segment in path.data().segments() {
        match segment {
            PathSegment::MoveTo(p) => {
                go(&[(p.x, p.y)]);
                first = (p.x, p.y);
            }
            PathSegment::LineTo(p) => go(&[(p.x, p.y)]),
            PathSegment::QuadTo(a, p) => go(&[(a.x, a.y), (p.x, p.y)]),
            PathSegment::CubicTo(a, b, p) => go(&[(a.x, a.y), (b.x, b.y), (p.x, p.y)]),
            PathSegment::Close => go(&[first]),
        }
    }
    all
}
