//! How a picture meets its box, mode by mode. The meaning of each is Cloudflare Images'.

use crate::geometry::{FRACTION_BITS, Layout, Region, Size};
use crate::limits;
use crate::options::fit::Fit;
use crate::options::gravity::Point;
use crate::plan::Plan;

/// Fits a picture to the box of the plan.
pub(crate) fn fitted(source: Size, plan: &Plan) -> Layout {
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
