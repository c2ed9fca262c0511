//! From the size of the upright source and a plan to what is cut out, scaled and placed.
//!
//! All in checked integers; a region's edges are in 1/65536 of a source pixel, so a crop that falls
//! between pixels stays where it belongs. The meaning of each fit mode is Cloudflare Images'.

use crate::cut;
use crate::fitting;
use crate::limits;
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
    pub(crate) fn plain(source: Size, scaled: Size) -> Self {
        Self { region: Region::whole(source), scaled, canvas: scaled, left: 0, top: 0 }
    }

    pub(crate) fn cut(region: Region, scaled: Size) -> Self {
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
    let mut layout = fitting::fitted(kept, plan);
    layout.region.x = layout.region.x.saturating_add(fixed(left));
    layout.region.y = layout.region.y.saturating_add(fixed(top));
    let layout = match plan.crop {
        Some(crop) => cut::cropped(layout, crop)?,
        None => layout,
    };
    check(layout.canvas)?;
    Ok(layout)
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

pub(crate) fn fixed(pixels: u32) -> u64 {
    u64::from(pixels) << FRACTION_BITS
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
}
