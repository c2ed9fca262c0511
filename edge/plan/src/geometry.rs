//! From the size of the upright source and a plan to what is cut out, scaled and placed.
//!
//! All in checked integers; a region's edges are in 1/65536 of a source pixel, so a crop that falls
//! between pixels stays where it belongs. The meaning of each fit mode is Cloudflare Images'.

use crate::cut;
use crate::limits;
use crate::options::fit::Fit;
use crate::options::gravity::Point;
use crate::plan::Plan;

/// A size in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

impl Size {
    /// Width times height.
    pub fn pixels(self) -> u64 {
        u64::from(self.width).saturating_mul(u64::from(self.height))
    }

    pub(crate) fn fixed(self) -> Region {
        Region::whole(self)
    }
}

/// A plan that this source does not admit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// A rectangle of the plan holds nothing of the picture.
    Empty {
        /// The option that says the rectangle.
        option: &'static str,
        /// The picture that it is cut out of.
        size: Size,
    },
    /// The output passes a limit.
    TooLarge {
        /// What was measured.
        what: &'static str,
        /// The limit.
        limit: u64,
        /// What the plan asks for.
        actual: u64,
    },
}

/// Bits after the point in a [`Region`].
pub const FRACTION_BITS: u32 = 16;

/// A rectangle in 1/65536 pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// From the left edge.
    pub x: u64,
    /// From the top edge.
    pub y: u64,
    /// Across.
    pub width: u64,
    /// Down.
    pub height: u64,
}

impl Region {
    /// All of a picture.
    pub fn whole(size: Size) -> Self {
        Self { x: 0, y: 0, width: fixed(size.width), height: fixed(size.height) }
    }
}

/// What a transform does to the upright picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// What is cut out of the upright source.
    pub region: Region,
    /// The size that the region is scaled to.
    pub scaled: Size,
    /// The size of the output.
    pub canvas: Size,
    /// Where the scaled picture's left edge lies on the canvas.
    pub left: u32,
    /// Where its top edge lies.
    pub top: u32,
}

impl Layout {
    fn plain(source: Size, scaled: Size) -> Self {
        Self { region: Region::whole(source), scaled, canvas: scaled, left: 0, top: 0 }
    }

    fn cut(region: Region, scaled: Size) -> Self {
        Self { region, scaled, canvas: scaled, left: 0, top: 0 }
    }
}

/// Lays out `plan` on a source of size `source`, both sides at least 1, as it is after the plan's own
/// turn.
///
/// # Errors
/// [`Misfit::Empty`] if nothing is left, [`Misfit::TooLarge`] if the output passes
/// [`limits::OUTPUT_SIDE`] or [`limits::OUTPUT_PIXELS`].
pub fn layout(source: Size, plan: &Plan) -> Result<Layout, Misfit> {
    let (left, top, kept) = cut::trimmed(source, plan)?;
    let mut layout = fitted(kept, plan);
    layout.region.x = layout.region.x.saturating_add(fixed(left));
    layout.region.y = layout.region.y.saturating_add(fixed(top));
    let layout = match plan.crop {
        Some(crop) => cut::cropped(layout, crop)?,
        None => layout,
    };
    check(layout.canvas)?;
    Ok(layout)
}

/// Fits a picture to the box of the plan.
fn fitted(source: Size, plan: &Plan) -> Layout {
    let point = plan.gravity.point();
    let layout = match (plan.width, plan.height) {
        (Some(width), Some(height)) => boxed(source, Size { width, height }, plan.fit, point),
        (width, height) => one_sided(source, width, height, plan.fit),
    };
    let longer = layout.canvas.width.max(layout.canvas.height);
    if plan.fit == Fit::ScaleDown && longer > limits::OUTPUT_SIDE {
        // A mode that only ever shrinks can shrink to the limit as well.
        let bound = |side: Option<u32>| side.unwrap_or(limits::OUTPUT_SIDE);
        let asked = Size { width: bound(plan.width), height: bound(plan.height) };
        return boxed(source, asked, plan.fit, point);
    }
    layout
}

/// Whether an output may have this size.
///
/// # Errors
/// [`Misfit::TooLarge`].
pub fn check(size: Size) -> Result<(), Misfit> {
    let within = |what, limit, actual| {
        if actual > limit { Err(Misfit::TooLarge { what, limit, actual }) } else { Ok(()) }
    };
    let longer = size.width.max(size.height);
    within("output side in pixels", limits::OUTPUT_SIDE.into(), longer.into())?;
    within("output pixels", limits::OUTPUT_PIXELS, size.pixels())
}

/// With one side given, or none, there is no box to crop to or to fill: every mode keeps the ratio.
fn one_sided(source: Size, width: Option<u32>, height: Option<u32>, fit: Fit) -> Layout {
    let asked = match (width, height) {
        (Some(width), _) => Size { width, height: scale(source.height, width, source.width) },
        (None, Some(height)) => Size { width: scale(source.width, height, source.height), height },
        (None, None) => source,
    };
    let grows = asked.width > source.width || asked.height > source.height;
    let scaled = match fit {
        Fit::ScaleDown | Fit::Crop | Fit::AspectCrop if grows => source,
        Fit::ScaleUp if !grows => source,
        Fit::ScaleDown | Fit::Crop | Fit::AspectCrop | Fit::ScaleUp => asked,
        Fit::Contain | Fit::Cover | Fit::Pad | Fit::Squeeze => asked,
    };
    Layout::plain(source, scaled)
}

fn boxed(source: Size, asked: Size, fit: Fit, gravity: Point) -> Layout {
    let wider = asked.width > source.width;
    let taller = asked.height > source.height;
    match fit {
        Fit::ScaleDown if wider && taller => Layout::plain(source, source),
        Fit::ScaleUp if !(wider && taller) => Layout::plain(source, source),
        Fit::ScaleDown | Fit::ScaleUp | Fit::Contain => {
            Layout::plain(source, contained(source, asked))
        }
        Fit::Cover => cover(source, asked, gravity),
        Fit::Crop if wider || taller => {
            let kept = Size {
                width: asked.width.min(source.width),
                height: asked.height.min(source.height),
            };
            cut_unscaled(source, kept, gravity)
        }
        Fit::Crop => cover(source, asked, gravity),
        Fit::AspectCrop if wider || taller => {
            cut_unscaled(source, contained(asked, source), gravity)
        }
        Fit::AspectCrop => cover(source, asked, gravity),
        Fit::Pad => pad(source, asked),
        Fit::Squeeze => Layout::plain(source, asked),
    }
}

/// The largest size of the ratio of `inner` inside `outer`.
fn contained(inner: Size, outer: Size) -> Size {
    if ratio_at_most(outer, inner) {
        let height = scale(inner.height, outer.width, inner.width).min(outer.height);
        Size { width: outer.width, height }
    } else {
        let width = scale(inner.width, outer.height, inner.height).min(outer.width);
        Size { width, height: outer.height }
    }
}

/// Whether `a` is narrower than `b`, or of the same ratio.
fn ratio_at_most(a: Size, b: Size) -> bool {
    let left = u64::from(a.width).saturating_mul(u64::from(b.height));
    left <= u64::from(a.height).saturating_mul(u64::from(b.width))
}

fn cover(source: Size, asked: Size, gravity: Point) -> Layout {
    let whole = Region::whole(source);
    let region = if ratio_at_most(source, asked) {
        // The source is the narrower one: all of its width stays.
        let height = ratio(whole.width, asked.height, asked.width).min(whole.height);
        Region { y: gravity.place_y(whole.height, height), height, ..whole }
    } else {
        let width = ratio(whole.height, asked.width, asked.height).min(whole.width);
        Region { x: gravity.place_x(whole.width, width), width, ..whole }
    };
    Layout::cut(region, asked)
}

/// Cuts without scaling, on whole pixels.
fn cut_unscaled(source: Size, kept: Size, gravity: Point) -> Layout {
    let region = Region {
        x: gravity.place_x(source.width.into(), kept.width.into()) << FRACTION_BITS,
        y: gravity.place_y(source.height.into(), kept.height.into()) << FRACTION_BITS,
        ..Region::whole(kept)
    };
    Layout::cut(region, kept)
}

fn pad(source: Size, asked: Size) -> Layout {
    let scaled = contained(source, asked);
    Layout {
        region: Region::whole(source),
        scaled,
        canvas: asked,
        left: asked.width.saturating_sub(scaled.width) / 2,
        top: asked.height.saturating_sub(scaled.height) / 2,
    }
}

pub(crate) fn fixed(pixels: u32) -> u64 {
    u64::from(pixels) << FRACTION_BITS
}

/// `side × to / from` in pixels, rounded half up, at least 1.
fn scale(side: u32, to: u32, from: u32) -> u32 {
    let rounded = ratio(u64::from(side), to, from);
    u32::try_from(rounded).unwrap_or(u32::MAX).max(1)
}

/// `value × to / from`, rounded half up; `from` of 0 counts as 1.
fn ratio(value: u64, to: u32, from: u32) -> u64 {
    let from = u128::from(from.max(1));
    let product = u128::from(value).saturating_mul(u128::from(to)).saturating_add(from / 2);
    u64::try_from(product.checked_div(from).unwrap_or(0)).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Options;
    use crate::client::Client;

    fn sizes(source: (u32, u32), options: &str) -> (u32, u32) {
        let plan = Plan::new(&Options::parse(options).unwrap(), &Client::default()).unwrap();
        let source = Size { width: source.0, height: source.1 };
        let canvas = layout(source, &plan).unwrap().canvas;
        (canvas.width, canvas.height)
    }

    #[test]
    fn the_documented_aspect_crop() {
        assert_eq!(sizes((612, 613), "width=1920,height=1120,fit=aspect-crop"), (612, 357));
    }

    #[test]
    fn a_side_is_never_zero() {
        assert_eq!(sizes((10_000, 1), "width=10"), (10, 1));
    }

    #[test]
    fn a_long_strip_is_scaled_down_to_the_limit() {
        assert_eq!(sizes((1, 20_000), "width=400"), (1, 16_383));
        assert_eq!(sizes((40, 20_000), "quality=80"), (33, 16_383));
    }

    #[test]
    fn an_output_over_the_limit_is_refused() {
        let options = Options::parse("width=16000,fit=contain").unwrap();
        let plan = Plan::new(&options, &Client::default()).unwrap();
        let source = Size { width: 10, height: 100 };
        let (limit, actual) = (limits::OUTPUT_SIDE.into(), 160_000);
        let what = "output side in pixels";
        assert_eq!(layout(source, &plan), Err(Misfit::TooLarge { what, limit, actual }));
    }

    #[test]
    fn whatever_is_asked_the_region_lies_inside_and_nothing_is_empty() {
        let sides = [1, 2, 3, 7, 100, 612, 1_919, 4_000];
        for fit in Fit::ALL {
            for (w, h, asked_w, asked_h) in quadruples(&sides) {
                for (x, y) in [(0, 0), (5_000, 5_000), (10_000, 3_333)] {
                    let source = Size { width: w, height: h };
                    let asked = Size { width: asked_w, height: asked_h };
                    let l = boxed(source, asked, *fit, Point::new(x, y).unwrap());
                    let whole = Region::whole(source);
                    assert!(l.region.x + l.region.width <= whole.width, "{fit:?} {source:?} {l:?}");
                    assert!(l.region.y + l.region.height <= whole.height, "{fit:?} {l:?}");
                    assert!(l.region.width > 0 && l.region.height > 0);
                    assert!(l.scaled.width > 0 && l.scaled.height > 0);
                    assert!(l.left + l.scaled.width <= l.canvas.width);
                    assert!(l.top + l.scaled.height <= l.canvas.height);
                }
            }
        }
    }

    fn quadruples(sides: &[u32]) -> Vec<(u32, u32, u32, u32)> {
        let mut all = Vec::new();
        for &a in sides {
            for &b in sides {
                for &c in sides {
                    all.extend(sides.iter().map(|&d| (a, b, c, d)));
                }
            }
        }
        all
    }
}
