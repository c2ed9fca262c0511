//! From the rows of a decoder to the final size, with no more in memory than that takes.
//!
//! A decoder may scale down by itself; what is left is averaged in boxes of whole samples, and what
//! is left then, at least a factor of two, is filtered. Of the source only some rows are held.

mod most;

use selvedge_plan::geometry::{FRACTION_BITS, Region, Size};

use crate::boxes::{self, Boxes};
use crate::budget::Job;
use crate::failure::Failure;
use crate::filter::{CropBox, Filter};
use crate::raster::{Channels, Raster};
use crate::surround::{Bounds, Surround};

/// What is left for the filter after boxes, which blur and alias.
const LEFT_AFTER_BOXES: u64 = 2;

/// What is left for it, as a fraction, after a decoder that transforms the low frequencies alone:
/// that is closer to the filter than a box, so a little less will do (DESIGN.md has the scores).
const LEFT_AFTER_DECODER: (u64, u64) = (7, 4);

/// Samples along a side of the blocks that decoders scale down by themselves: JPEG's.
pub const BLOCK: u32 = 8;

/// How a region of a stored picture, or of one plane of it, comes to its final size.
#[derive(Clone, Copy, Debug)]
pub struct Way {
    /// Size of what is stored.
    pub source: Size,
    /// The part of it that counts.
    pub region: Region,
    /// The final size, as stored.
    pub scaled: Size,
    /// By how much more than the region the final size covers, across and down: a chroma plane of
    /// an odd number of pixels covers half a pixel that is not there.
    pub excess: (f64, f64),
    /// Whether that is at the left, and at the top.
    pub excess_first: (bool, bool),
    /// Whether light is averaged instead of its codes: then all is left to the filter.
    pub linear: bool,
}

impl Way {
    /// All of a picture as it is.
    pub fn whole(size: Size) -> Self {
        let (excess, excess_first) = ((0.0, 0.0), (false, false));
        let region = Region::whole(size);
        Self { source: size, region, scaled: size, excess, excess_first, linear: false }
    }
}

/// A picture, or one plane of it, on its way.
pub struct Reduce {
    way: Way,
    denominator: u32,
    /// What is searched for, if nothing is to be kept.
    search: Option<Surround>,
    state: Option<State>,
}

/// The part that depends on what the decoder yields.
struct State {
    /// Rows that come.
    rows: u32,
    channels: Channels,
    window: Window,
    /// Index of the next row.
    y: u32,
    boxes: Option<Boxes>,
    sink: Sink,
}

/// Where averaged rows go.
enum Sink {
    /// Nothing is left to scale: they are put one below the other.
    Put {
        out: Raster,
        filled: usize,
    },
    Filter(Box<Filter>),
    /// They are looked at.
    Search(Surround),
}

/// The samples that matter of the rows, and the box they are averaged by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Window {
    x0: u32,
    x1: u32,
    y0: u32,
    y1: u32,
    box_x: u32,
    box_y: u32,
}

impl Window {
    /// The size after the boxes.
    fn size(&self) -> Size {
        Size {
            width: (self.x1 - self.x0).div_ceil(self.box_x),
            height: (self.y1 - self.y0).div_ceil(self.box_y),
        }
    }
}

impl Reduce {
    /// On `way`, from a decoder that scales down by one of `denominators` itself.
    pub fn new(way: Way, denominators: &[u32]) -> Self {
        let largest = |region: u64, scaled: u32| {
            let (whole, part) = LEFT_AFTER_DECODER;
            region * part / ((u64::from(scaled) * whole) << FRACTION_BITS).max(1)
        };
        let largest = u64::min(
            largest(way.region.width, way.scaled.width),
            largest(way.region.height, way.scaled.height),
        );
        let largest = if way.linear { 1 } else { largest };
        let possible = denominators.iter().copied().filter(|d| u64::from(*d) <= largest);
        Self { way, denominator: possible.max().unwrap_or(1), search: None, state: None }
    }

    /// Searches for the end of a surround and keeps nothing, at 1/`denominator` of the size.
    pub fn search(way: Way, denominator: u32, surround: Surround) -> Self {
        Self { denominator, search: Some(surround), ..Self::new(way, &[]) }
    }

    /// Size of what the decoder is to yield, before it scales down itself.
    pub fn source(&self) -> Size {
        self.way.source
    }

    /// By how much the decoder is to scale down itself.
    pub fn denominator(&self) -> u32 {
        self.denominator
    }

    /// Whether `side` × `side` samples and more are averaged before what is left is filtered.
    pub fn averages(&self, side: u32) -> bool {
        let (window, _) = self.window();
        window.box_x >= side && window.box_y >= side
    }

    /// What is taken of the decoder's rows, and the part of the averaged ones that is filtered.
    fn window(&self) -> (Window, CropBox) {
        let Way { source, region: Region { x, y, width, height }, scaled, linear, .. } = self.way;
        let one = u64::from(self.denominator) << FRACTION_BITS;
        let last = |side: u32| u64::from(side.div_ceil(self.denominator));
        let largest_box = |region: u64, scaled: u32| {
            let target = u64::from(scaled) * LEFT_AFTER_BOXES * one;
            if linear { 1 } else { (region / target.max(1)).clamp(1, boxes::LARGEST) as u32 }
        };
        // Narrowing is safe: a region lies inside its source, whose sides have 32 bits.
        let window = Window {
            x0: (x / one) as u32,
            x1: (x + width).div_ceil(one).min(last(source.width)) as u32,
            y0: (y / one) as u32,
            y1: (y + height).div_ceil(one).min(last(source.height)) as u32,
            box_x: largest_box(width, scaled.width),
            box_y: largest_box(height, scaled.height),
        };
        let part = |start: u64, first: u32, length: u64, side: u32, excess: f64, at_start: bool| {
            let unit = (one * u64::from(side)) as f64;
            let more = length as f64 * excess;
            let start = (start - u64::from(first) * one) as f64 - if at_start { more } else { 0.0 };
            (start / unit, (length as f64 + more) / unit)
        };
        let (across, down) = self.way.excess;
        let (at_left, at_top) = self.way.excess_first;
        let (left, width) = part(x, window.x0, width, window.box_x, across, at_left);
        let (top, height) = part(y, window.y0, height, window.box_y, down, at_top);
        (window, CropBox { left, top, width, height })
    }

    /// Says what rows will come: the stored picture over the denominator, rounded up.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn begin(&mut self, channels: Channels, job: &Job<'_>) -> Result<(), Failure> {
        let (window, crop) = self.window();
        let (size, scaled) = (window.size(), self.way.scaled);
        let sink = if let Some(surround) = self.search.take() {
            Sink::Search(match self.denominator {
                1 | BLOCK => surround,
                denominator => {
                    surround.in_blocks((BLOCK / denominator) as usize, size.width, job)?
                }
            })
        } else if is_plain(crop, size, scaled) {
            let samples = job.bytes(scaled.pixels() as usize * channels.count())?;
            Sink::Put { out: Raster { size: scaled, channels, samples }, filled: 0 }
        } else {
            Sink::Filter(Box::new(Filter::new(size, crop, scaled, channels, self.way.linear, job)?))
        };
        let boxed = window.box_x > 1 || window.box_y > 1;
        let boxes =
            boxed.then(|| Boxes::new(channels, window.box_x, window.box_y, window.x1 - window.x0));
        let rows = self.way.source.height.div_ceil(self.denominator);
        self.state = Some(State { rows, channels, window, y: 0, boxes, sink });
        Ok(())
    }

    /// Whether any of the next `rows` rows matters. If not, they are passed over.
    pub fn wants(&mut self, rows: u32) -> bool {
        let Some(state) = &mut self.state else { return false };
        let wanted = state.y < state.window.y1 && state.y + rows > state.window.y0;
        if !wanted {
            state.y += rows;
        }
        wanted
    }

    /// Takes the next row.
    pub fn row(&mut self, row: &[u8]) {
        if let Some(state) = &mut self.state {
            state.row(row);
        }
    }

    /// Takes all rows at once. Where nothing is left out or scaled they are not even copied.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn whole(&mut self, raster: Raster, job: &Job<'_>) -> Result<(), Failure> {
        let (window, crop) = self.window();
        let kept = self.search.is_none() && window.size() == raster.size;
        if kept && is_plain(crop, raster.size, self.way.scaled) {
            let (rows, channels) = (raster.size.height, raster.channels);
            let sink = Sink::Put { filled: raster.samples.len(), out: raster };
            self.state = Some(State { rows, channels, window, y: rows, boxes: None, sink });
            return Ok(());
        }
        self.begin(raster.channels, job)?;
        for row in raster.rows() {
            self.row(row);
        }
        Ok(())
    }

    /// The picture or plane at its final size.
    ///
    /// # Errors
    /// [`Failure::Truncated`] if rows are missing.
    pub fn finish(self) -> Result<Raster, Failure> {
        match self.complete()? {
            Sink::Put { out, filled } => (filled >= out.samples.len()).then_some(out),
            Sink::Filter(filter) => filter.finish(),
            Sink::Search(_) => None,
        }
        .ok_or_else(cut_off)
    }

    /// What a search found.
    ///
    /// # Errors
    /// [`Failure::Truncated`] if rows are missing.
    pub fn found(self) -> Result<Option<Bounds>, Failure> {
        match self.complete()? {
            Sink::Search(surround) => Ok(surround.found()),
            Sink::Put { .. } | Sink::Filter(_) => Ok(None),
        }
    }

    fn complete(self) -> Result<Sink, Failure> {
        let state = self.state.ok_or_else(cut_off)?;
        if state.y < state.rows.min(state.window.y1) {
            return Err(cut_off());
        }
        Ok(state.sink)
    }
}

fn cut_off() -> Failure {
    Failure::truncated("picture data")
}

/// Whether nothing is left to scale: whole samples, as many as are wanted.
fn is_plain(crop: CropBox, size: Size, scaled: Size) -> bool {
    size == scaled
        && crop.left == 0.0
        && crop.top == 0.0
        && crop.width == f64::from(scaled.width)
        && crop.height == f64::from(scaled.height)
}

impl State {
    fn row(&mut self, row: &[u8]) {
        let y = self.y;
        self.y += 1;
        let Window { x0, x1, y0, y1, .. } = self.window;
        let count = self.channels.count();
        let Some(row) = row.get(x0 as usize * count..x1 as usize * count) else { return };
        if y < y0 || y >= y1 {
            return;
        }
        match &mut self.boxes {
            None => self.sink.put(row, self.channels),
            Some(boxes) => {
                if let Some(row) = boxes.add(row, y + 1 == y1) {
                    self.sink.put(row, self.channels);
                }
            }
        }
    }
}

impl Sink {
    fn put(&mut self, row: &[u8], channels: Channels) {
        match self {
            Self::Put { out, filled } => {
                let end = *filled + row.len();
                if let Some(place) = out.samples.get_mut(*filled..end) {
                    place.copy_from_slice(row);
                }
                *filled = end;
            }
            Self::Filter(filter) => filter.push(row),
            Self::Search(surround) => surround.row(row, channels),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::Budget;

    fn way(source: Size, region: Region, scaled: Size) -> Way {
        Way { region, scaled, ..Way::whole(source) }
    }

    fn reduced(source: Raster, region: Region, scaled: Size) -> Raster {
        let mut trace = |_: &'static str| {};
        let job = Job::new(Budget::UNLIMITED, 0, &mut trace);
        let mut reduce = Reduce::new(way(source.size, region, scaled), &[]);
        reduce.whole(source, &job).unwrap();
        reduce.finish().unwrap()
    }

    fn size(width: u32, height: u32) -> Size {
        Size { width, height }
    }

    #[test]
    fn enough_is_left_for_the_filter() {
        for (side, target, denominator) in
            [(6_000, 800, 4), (7_000, 500, 8), (6_999, 500, 4), (100, 58, 1), (100, 200, 1)]
        {
            let whole = Region::whole(size(side, side));
            let way = way(size(side, side), whole, size(target, target));
            let reduce = Reduce::new(way, &[2, 4, 8]);
            assert_eq!(reduce.denominator(), denominator, "{side} to {target}");
            let boxed = Reduce::new(way, &[]);
            assert!(boxed.window().0.size().width >= (target * 2).min(side));
        }
    }

    #[test]
    fn a_cut_on_whole_samples_changes_none() {
        let samples = (0..48).collect();
        let source = Raster::new(size(4, 4), Channels::Rgb, samples).unwrap();
        let region = Region { x: 1 << 16, y: 2 << 16, width: 2 << 16, height: 1 << 16 };
        let cut = reduced(source, region, size(2, 1));
        assert_eq!(cut.samples, [27, 28, 29, 30, 31, 32]);
    }

    #[test]
    fn one_colour_stays_that_colour_whatever_the_scale() {
        for (channels, pixel) in [
            (Channels::Grey, vec![200]),
            (Channels::GreyAlpha, vec![200, 100]),
            (Channels::Rgb, vec![0, 255, 17]),
            (Channels::Rgba, vec![10, 255, 17, 255]),
        ] {
            for (from, to) in [((40, 30), (7, 5)), ((5, 7), (33, 11)), ((300, 2), (9, 9))] {
                let (from, to) = (size(from.0, from.1), size(to.0, to.1));
                let samples = pixel.repeat(from.pixels() as usize);
                let source = Raster::new(from, channels, samples).unwrap();
                let out = reduced(source, Region::whole(from), to);
                for place in out.samples.chunks_exact(channels.count()) {
                    for (a, b) in place.iter().zip(&pixel) {
                        assert!(a.abs_diff(*b) <= 1, "{channels:?} {place:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn colour_of_transparent_pixels_does_not_bleed() {
        let samples = [[255, 0, 0, 0], [0, 0, 200, 255]].repeat(8).concat();
        let source = Raster::new(size(4, 4), Channels::Rgba, samples).unwrap();
        let out = reduced(source, Region::whole(size(4, 4)), size(3, 2));
        assert!(out.samples.chunks_exact(4).all(|p| p[3] == 0 || (p[0] == 0 && p[2] == 200)));
    }
}
