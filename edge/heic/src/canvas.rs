//! The planes of the still, filled picture by picture.

use selvedge_pixels::{Channels, Failure, Job, Planar, Raster, Space};
use selvedge_plan::geometry::Size;

use crate::colour::Conversion;
use crate::still::Window;

/// A decoded picture: samples of 8 bits, each in 16.
pub struct Part {
    /// Luma, and chroma of half the width and height unless it is empty.
    pub planes: [Vec<u16>; 3],
    /// Samples a row of luma and of chroma.
    pub widths: [u32; 2],
    /// Samples of chroma that are left out at the left and at the top; of luma twice as many.
    pub crop: (u32, u32),
    /// Size of what is left.
    pub size: Size,
}

/// The planes of the still.
pub struct Canvas {
    planar: Planar,
    shown: Window,
}

impl Canvas {
    /// Empty planes for what is shown. All corners are at whole samples of chroma.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn new(shown: Window, is_grey: bool, job: &Job<'_>) -> Result<Self, Failure> {
        let (size, chroma) = (shown.size, half(shown.size));
        let (space, sizes) = match is_grey {
            true => (Space::Grey, vec![size]),
            false => (Space::YCbCr, vec![size, chroma, chroma]),
        };
        let plane = |size: Size| {
            let samples = job.bytes(size.pixels() as usize)?;
            Ok(Raster { size, channels: Channels::Grey, samples })
        };
        let planes = sizes.into_iter().map(plane).collect::<Result<_, Failure>>()?;
        Ok(Self { planar: Planar { size, space, chroma: (2, 2), planes }, shown })
    }

    /// Bytes of the planes for what is shown.
    pub fn bytes(shown: Window, is_grey: bool) -> u64 {
        let chroma = if is_grey { 0 } else { 2 * half(shown.size).pixels() };
        shown.size.pixels() + chroma
    }

    /// Puts in what is shown of a picture that lies at `left` and `top` of the whole.
    pub fn put(&mut self, part: &Part, left: u32, top: u32, conversion: &Conversion) {
        let Window { left: window_left, top: window_top, size: window } = self.shown;
        let across = overlap(left, part.size.width, window_left, window.width);
        let down = overlap(top, part.size.height, window_top, window.height);
        let (Some(across), Some(down)) = (across, down) else { return };
        let (crop_left, crop_top) = part.crop;
        let from = (across.from as usize + 2 * crop_left as usize, down.from + 2 * crop_top);
        let (to, count) = (across.to as usize, across.count as usize);
        let chroma = (from.0 / 2, to / 2, count.div_ceil(2));

        let [luma, blue, red] = &part.planes;
        let row = |plane: usize, y: u32| y as usize * part.widths[plane.min(1)] as usize;
        let (stride, half) = (window.width as usize, window.width.div_ceil(2) as usize);
        let (first, rest) = self.planar.planes.split_at_mut(1);
        let pairs = first.iter_mut().flat_map(|plane| plane.samples.chunks_mut(2 * stride));
        let mut rest = rest.iter_mut().map(|plane| plane.samples.chunks_mut(half));
        let (mut blues, mut reds) = (rest.next(), rest.next());
        // Two rows of luma, or the last one, and the row of chroma that they share.
        for (pair, rows) in pairs.enumerate() {
            let mut blue_row = blues.as_mut().and_then(Iterator::next).unwrap_or_default();
            let mut red_row = reds.as_mut().and_then(Iterator::next).unwrap_or_default();
            let y = 2 * pair as u32;
            if y < down.to || y >= down.to + down.count {
                continue;
            }
            let y = from.1 + (y - down.to);
            let mut lumas = Vec::with_capacity(2);
            for (source, row_of) in (y..).zip(rows.chunks_mut(stride)) {
                let Some(target) = row_of.get_mut(to..to + count) else { continue };
                narrow(luma, row(0, source) + from.0, target);
                lumas.push(target);
            }
            let span = chroma.1..chroma.1 + chroma.2;
            blue_row = blue_row.get_mut(span.clone()).unwrap_or_default();
            red_row = red_row.get_mut(span).unwrap_or_default();
            narrow(blue, row(1, y / 2) + chroma.0, blue_row);
            narrow(red, row(1, y / 2) + chroma.0, red_row);
            conversion.run(&mut lumas, blue_row, red_row);
        }
    }

    /// The planes.
    pub fn finish(self) -> Planar {
        self.planar
    }
}

/// Where two stretches overlap.
struct Overlap {
    /// From the start of the first.
    from: u32,
    /// From the start of the second.
    to: u32,
    count: u32,
}

fn overlap(first: u32, length: u32, second: u32, of_second: u32) -> Option<Overlap> {
    let start = first.max(second);
    let end = first.saturating_add(length).min(second.saturating_add(of_second));
    let count = end.checked_sub(start).filter(|count| *count > 0)?;
    Some(Overlap { from: start - first, to: start - second, count })
}

/// Copies samples, of which each has 8 bits.
fn narrow(source: &[u16], start: usize, target: &mut [u8]) {
    let source = source.get(start..).unwrap_or_default();
    for (target, source) in target.iter_mut().zip(source) {
        *target = *source as u8;
    }
}

/// The size of chroma.
fn half(size: Size) -> Size {
    Size { width: size.width.div_ceil(2), height: size.height.div_ceil(2) }
}
