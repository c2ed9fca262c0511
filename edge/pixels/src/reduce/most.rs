//! The most that a way takes.

use selvedge_plan::geometry::{FRACTION_BITS, Size};

use super::{LEFT_AFTER_BOXES, Reduce, Window};
use crate::boxes;
use crate::filter::{self, CropBox};
use crate::raster::Channels;

impl Reduce {
    /// Pixels of the final size.
    pub fn pixels(&self) -> u64 {
        self.way.scaled.pixels()
    }

    /// Upper bound of bytes that the way allocates, its result included.
    pub fn memory(&self, channels: Channels) -> u64 {
        self.takes(channels).0
    }

    /// Work units of what is done besides decoding.
    pub fn work(&self, channels: Channels) -> u64 {
        self.takes(channels).1
    }

    /// Memory and work. Where the region lies makes no difference: what is looked for in pixels moves it
    /// after it was forecast.
    fn takes(&self, channels: Channels) -> (u64, u64) {
        let (window, crop) = self.window();
        let reach = self.reach(&window);
        let from = Size {
            width: reach.width.div_ceil(window.box_x),
            height: reach.height.div_ceil(window.box_y),
        };
        let averaged = boxes::memory(channels, window.box_x, reach.width);
        let (scaled, linear) = (self.way.scaled, self.way.linear);
        let memory = averaged + filter::memory(from, crop, scaled, channels, linear);
        (memory, filter::work(from, crop, scaled, channels))
    }

    /// The most samples that a region of this size touches.
    fn reach(&self, window: &Window) -> Size {
        let one = u64::from(self.denominator) << FRACTION_BITS;
        let side = |region: u64, source: u32| {
            // One more where both ends lie between samples.
            (region.div_ceil(one) + 1).min(source.div_ceil(self.denominator).into()) as u32
        };
        let (region, source) = (self.way.region, self.way.source);
        Size {
            width: side(region.width, source.width).max(window.x1 - window.x0),
            height: side(region.height, source.height).max(window.y1 - window.y0),
        }
    }

    /// Memory and work: the most that any region of the source of `whole` takes, if none comes to a
    /// larger final size than this way's.
    pub fn of_any_region(&self, whole: &Self, channels: Channels) -> (u64, u64) {
        let (source, scaled, linear) = (whole.way.source, self.way.scaled, self.way.linear);
        // By how much is left to be filtered: what boxes leave is below twice what they have to, unless
        // they are as large as they can be.
        let left = |source: u32, scaled: u32, whole: u32| {
            if linear {
                // No boxes then. A side of one and a half pixels is rounded to one.
                return f64::from(source) / f64::from(whole) * 1.5 + 1.0;
            }
            let most = f64::from(source) / (boxes::LARGEST as f64 * f64::from(scaled));
            most.max(2.0 * LEFT_AFTER_BOXES as f64)
        };
        let whole = whole.way.scaled;
        let across = left(source.width, scaled.width, whole.width) * f64::from(scaled.width);
        let down = left(source.height, scaled.height, whole.height) * f64::from(scaled.height);
        let from = |source: u32, all: f64| {
            if linear || all + 2.0 > f64::from(source) { source } else { (all + 2.0) as u32 }
        };
        let from = Size { width: from(source.width, across), height: from(source.height, down) };
        let (width, height) = (f64::from(from.width), f64::from(from.height));
        let filtered = CropBox { left: 0.0, top: 0.0, width, height };
        let crop = CropBox { width: across, height: down, ..filtered };
        let averaged = boxes::memory(channels, 1, source.width);
        let memory = averaged + filter::memory(from, crop, scaled, channels, linear);
        (memory, filter::work(from, filtered, scaled, channels))
    }
}
