//! Where the eye goes: the window of a small picture that has the most to see.

use selvedge_plan::geometry::Size;

use crate::budget::zeros;
use crate::channels::luma;
use crate::failure::Failure;
use crate::raster::Raster;

/// What counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interest {
    /// Detail, and on top of it vivid colours and those of skin.
    Attention,
    /// Detail alone.
    Detail,
}

/// Bytes for a small picture of this size besides its own.
pub fn memory(size: Size) -> u64 {
    let sums = (u64::from(size.width) + 1) * (u64::from(size.height) + 1);
    sums * size_of::<u64>() as u64 + size.pixels()
}

/// The top left corner of the window of size `window` with the most interest in an RGBA picture; of
/// equal ones, the one nearest to the middle.
///
/// # Errors
/// [`Failure::OverBudget`].
pub fn window(raster: &Raster, window: Size, interest: Interest) -> Result<(u32, u32), Failure> {
    let Size { width, height } = raster.size;
    let (pixels, _) = raster.samples.as_chunks::<4>();
    let mut lumas: Vec<u8> = zeros(pixels.len())?;
    for (to, [r, g, b, alpha]) in lumas.iter_mut().zip(pixels) {
        // What is not seen is a flat grey.
        *to = if *alpha < 128 { 128 } else { luma([*r, *g, *b]) };
    }
    // Sums of all above and to the left, with an empty first row and column.
    let stride = width as usize + 1;
    let mut sums: Vec<u64> = zeros(stride * (height as usize + 1))?;
    for (index, pixel) in pixels.iter().enumerate() {
        let (x, y) = (index % width as usize, index / width as usize);
        let detail = detail(&lumas, raster.size, x, y);
        let own = match interest {
            Interest::Detail => detail,
            Interest::Attention => 2 * detail + colour(*pixel),
        };
        let at = |x: usize, y: usize| sums.get(y * stride + x).copied().unwrap_or(0);
        let sum = u64::from(own) + at(x, y + 1) + at(x + 1, y) - at(x, y);
        if let Some(place) = sums.get_mut((y + 1) * stride + x + 1) {
            *place = sum;
        }
    }
    let sum = |x: u32, y: u32| {
        let at = |x: u32, y: u32| sums.get(y as usize * stride + x as usize).copied().unwrap_or(0);
        let (right, bottom) = (x + window.width, y + window.height);
        at(right, bottom) + at(x, y) - at(x, bottom) - at(right, y)
    };
    let (spare_x, spare_y) =
        (width.saturating_sub(window.width), height.saturating_sub(window.height));
    let places = (0..=spare_y).flat_map(|y| (0..=spare_x).map(move |x| (x, y)));
    let off_middle = |(x, y): (u32, u32)| (2 * x).abs_diff(spare_x) + (2 * y).abs_diff(spare_y);
    let best = places.max_by_key(|(x, y)| (sum(*x, *y), core::cmp::Reverse(off_middle((*x, *y)))));
    Ok(best.unwrap_or((0, 0)))
}

/// How much luma differs from the mean of its four neighbours, times four. Beyond the edges it goes on as
/// it ends.
fn detail(lumas: &[u8], Size { width, height }: Size, x: usize, y: usize) -> u32 {
    let (width, height) = (width as usize, height as usize);
    let at = |x: usize, y: usize| {
        let (x, y) = (x.min(width - 1), y.min(height - 1));
        lumas.get(y * width + x).map_or(0, |luma| i32::from(*luma))
    };
    let around =
        at(x.saturating_sub(1), y) + at(x + 1, y) + at(x, y.saturating_sub(1)) + at(x, y + 1);
    (4 * at(x, y) - around).unsigned_abs()
}

/// How vivid a colour is, and how near to skin of any shade: those lie in a narrow band of hues.
fn colour([red, green, blue, alpha]: [u8; 4]) -> u32 {
    let [r, g, b] = [red, green, blue].map(i32::from);
    let (most, least) = (r.max(g).max(b), r.min(g).min(b));
    let chroma = most - least;
    if alpha < 128 || most < 40 || least > 240 {
        return 0;
    }
    // Red first, then green, blue last, with green about a third of the way up.
    let is_skin = r > g && g > b && chroma > 20 && chroma < 130 && {
        let green_share = (g - b) * 100 / chroma;
        (20..=60).contains(&green_share)
    };
    let skin = if is_skin { 160 } else { 0 };
    (chroma / 4 + skin) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::Channels;

    /// A flat picture with a square of another pattern.
    fn picture(at: (u32, u32), pattern: impl Fn(u32, u32) -> [u8; 4]) -> Raster {
        let size = Size { width: 40, height: 30 };
        let pixel = |i: u32| {
            let (x, y) = (i % 40, i / 40);
            let inside = x >= at.0 && x < at.0 + 6 && y >= at.1 && y < at.1 + 6;
            if inside { pattern(x, y) } else { [120, 130, 140, 255] }
        };
        Raster::new(size, Channels::Rgba, (0..1_200).flat_map(pixel).collect()).unwrap()
    }

    fn holds(found: (u32, u32), at: (u32, u32), side: u32) -> bool {
        found.0 <= at.0
            && at.0 + 6 <= found.0 + side
            && found.1 <= at.1
            && at.1 + 6 <= found.1 + side
    }

    #[test]
    fn the_window_holds_what_is_there_to_see() {
        let size = Size { width: 10, height: 10 };
        for at in [(0, 0), (33, 2), (20, 24), (5, 12)] {
            let checks =
                |x: u32, y: u32| if (x + y).is_multiple_of(2) { [0, 0, 0, 255] } else { [255; 4] };
            for interest in [Interest::Attention, Interest::Detail] {
                let found = window(&picture(at, checks), size, interest).unwrap();
                assert!(holds(found, at, 10), "{found:?} {at:?}");
            }
            let skin = window(&picture(at, |_, _| [200, 150, 120, 255]), size, Interest::Attention);
            assert!(holds(skin.unwrap(), at, 10), "{at:?}");
        }
    }

    #[test]
    fn nothing_to_see_is_the_middle() {
        let flat = picture((0, 0), |_, _| [120, 130, 140, 255]);
        let size = Size { width: 30, height: 30 };
        assert_eq!(window(&flat, size, Interest::Detail).unwrap(), (5, 0));
        let hidden = picture((0, 0), |x, y| [(x * y) as u8, 0, 0, 0]);
        assert_eq!(window(&hidden, size, Interest::Detail).unwrap().1, 0);
    }
}
