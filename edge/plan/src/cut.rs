//! Rectangles that are cut out before and after a picture is fitted to its box.

use crate::geometry::{FRACTION_BITS, Layout, Misfit, Region, Size, fixed};
use crate::options::crop::Crop;
use crate::options::trim::{Rectangle, Trim};
use crate::plan::Plan;

/// What `trim` leaves of a picture of size `turned`: from where on, and how much. The picture is as
/// after the plan's turn, while the option speaks of it as before.
pub(crate) fn trimmed(turned: Size, plan: &Plan) -> Result<(u32, u32, Size), Misfit> {
    let Some(Trim::Rectangle(rectangle)) = plan.trim else {
        return Ok((0, 0, turned));
    };
    let back = plan.turn().inverse();
    let upright = back.size(turned);
    let Rectangle { edges, width, height } = rectangle;
    let kept = |side: u32, start: u32, end: u32, asked: Option<u32>| {
        let rest = side.checked_sub(start)?.checked_sub(end).filter(|rest| *rest > 0)?;
        Some(asked.unwrap_or(rest).min(rest))
    };
    let size = kept(upright.width, edges.left, edges.right, width)
        .zip(kept(upright.height, edges.top, edges.bottom, height))
        .ok_or(Misfit::Empty { option: "trim", size: upright })?;
    let region = Region {
        x: fixed(edges.left),
        y: fixed(edges.top),
        width: fixed(size.0),
        height: fixed(size.1),
    };
    let Region { x, y, width, height } = back.source_region(region, turned);
    let pixels = |length: u64| u32::try_from(length >> FRACTION_BITS).unwrap_or(u32::MAX);
    Ok((pixels(x), pixels(y), Size { width: pixels(width), height: pixels(height) }))
}

/// What `crop` leaves of a picture on its canvas.
pub(crate) fn cropped(layout: Layout, crop: Crop) -> Result<Layout, Misfit> {
    let Layout { region, scaled, canvas, left, top } = layout;
    let across = Span::cut(crop.x, crop.width, canvas.width, left, scaled.width);
    let down = Span::cut(crop.y, crop.height, canvas.height, top, scaled.height);
    let (across, down) = across.zip(down).ok_or(Misfit::Empty { option: "crop", size: canvas })?;
    let (x, width) = across.of(region.x, region.width, scaled.width);
    let (y, height) = down.of(region.y, region.height, scaled.height);
    Ok(Layout {
        region: Region { x, y, width, height },
        scaled: Size { width: across.length, height: down.length },
        canvas: Size { width: across.canvas, height: down.canvas },
        left: across.place,
        top: down.place,
    })
}

/// One direction of a crop.
struct Span {
    /// Pixels of the new canvas.
    canvas: u32,
    /// Pixels of the scaled picture that stay.
    length: u32,
    /// The first of them, in the scaled picture.
    first: u32,
    /// Where that lies on the new canvas.
    place: u32,
}

impl Span {
    /// Cuts `length` pixels from `start` on out of a canvas on which the picture lies at `place`.
    /// `None` if nothing of the picture is left.
    fn cut(start: u32, length: u32, canvas: u32, place: u32, picture: u32) -> Option<Self> {
        let end = start.saturating_add(length).min(canvas);
        let first = start.max(place);
        let last = end.min(place.saturating_add(picture));
        Some(Self {
            canvas: end.checked_sub(start)?,
            length: last.checked_sub(first).filter(|length| *length > 0)?,
            first: first.checked_sub(place)?,
            place: first.checked_sub(start)?,
        })
    }

    /// The same part of the region that is scaled to `pixels`: from where on, and how much.
    fn of(&self, start: u64, length: u64, pixels: u32) -> (u64, u64) {
        let part = |count: u32| {
            let product = u128::from(length).saturating_mul(count.into());
            u64::try_from(product.checked_div(pixels.into()).unwrap_or(0)).unwrap_or(length)
        };
        let (from, to) = (part(self.first), part(self.first.saturating_add(self.length)));
        (start.saturating_add(from), to.saturating_sub(from).max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Options;
    use crate::client::Client;
    use crate::geometry::layout;
    use crate::orientation::Turn;

    fn plan(options: &str) -> Plan {
        Plan::new(&Options::parse(options).unwrap(), &Client::default()).unwrap()
    }

    /// Region in whole pixels, canvas, and place of the picture on it.
    type Cut = ([u64; 4], (u32, u32), (u32, u32));

    fn cut(options: &str) -> Result<Cut, Misfit> {
        let plan = plan(options);
        let l = layout(plan.turn().size(Size { width: 80, height: 40 }), &plan)?;
        let r = [l.region.x, l.region.y, l.region.width, l.region.height];
        assert!(r.iter().all(|side| side % (1 << FRACTION_BITS) == 0), "{options}");
        let r = r.map(|side| side >> FRACTION_BITS);
        Ok((r, (l.canvas.width, l.canvas.height), (l.left, l.top)))
    }

    #[test]
    fn edges_are_cut_off_before_the_turn() {
        for (options, region, canvas) in [
            ("trim=1;2;3;4", [4, 1, 74, 36], (74, 36)),
            ("trim.left=70,trim.width=99", [70, 0, 10, 40], (10, 40)),
            ("trim=1;2;3;4,dpr=2", [8, 2, 68, 32], (68, 32)),
            ("trim=1;2;3;4,flip=h", [2, 1, 74, 36], (74, 36)),
            ("trim=1;2;3;4,rotate=90", [3, 4, 36, 74], (36, 74)),
            ("trim=1;2;3;4,rotate=180", [2, 3, 74, 36], (74, 36)),
            ("trim=1;2;3;4,rotate=270", [1, 2, 36, 74], (36, 74)),
            ("trim=0;0;20;40,width=10", [40, 0, 40, 20], (10, 5)),
            ("trim.left=40,width=10,height=10,fit=cover,gravity=left", [40, 0, 40, 40], (10, 10)),
        ] {
            assert_eq!(cut(options), Ok((region, canvas, (0, 0))), "{options}");
        }
    }

    #[test]
    fn a_crop_is_of_the_fitted_picture() {
        for (options, region, canvas, place) in [
            ("crop=10;5;20;30", [10, 5, 20, 30], (20, 30), (0, 0)),
            ("crop=70;30;99;99", [70, 30, 10, 10], (10, 10), (0, 0)),
            ("width=40,crop=10;5;20;5", [20, 10, 40, 10], (20, 5), (0, 0)),
            ("width=160,crop=10;6;20;8,fit=contain", [5, 3, 10, 4], (20, 8), (0, 0)),
            ("width=40,height=40,fit=pad,crop=0;0;40;15", [0, 0, 80, 10], (40, 15), (0, 10)),
            ("width=40,height=40,fit=pad,crop=5;15;10;25", [10, 10, 20, 30], (10, 25), (0, 0)),
            ("width=20,crop=1;1;5;4,dpr=2", [4, 4, 20, 16], (10, 8), (0, 0)),
        ] {
            assert_eq!(cut(options), Ok((region, canvas, place)), "{options}");
        }
    }

    #[test]
    fn what_leaves_nothing_is_refused() {
        for (options, option) in [
            ("trim=0;40;0;40", "trim"),
            ("trim=50;0;0;0", "trim"),
            ("trim.left=80,trim.width=5", "trim"),
            ("crop=80;0;1;1", "crop"),
            ("crop=0;40;1;1", "crop"),
            ("width=40,height=40,fit=pad,crop=0;0;40;10", "crop"),
        ] {
            let refused =
                matches!(cut(options), Err(Misfit::Empty { option: said, .. }) if said == option);
            assert!(refused, "{options}: {:?}", cut(options));
        }
    }

    #[test]
    fn a_large_picture_may_be_cropped_to_a_small_one() {
        let plan = plan("width=16000,height=16000,fit=squeeze,crop=8000;8000;10;10");
        let layout = layout(Size { width: 3, height: 3 }, &plan).unwrap();
        assert_eq!(layout.canvas, Size { width: 10, height: 10 });
        assert_eq!(plan.turn(), Turn::NONE);
    }
}
