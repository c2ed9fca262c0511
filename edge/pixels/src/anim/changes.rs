//! What changed from one frame to the next.

use selvedge_plan::geometry::Size;

use crate::budget::Job;
use crate::failure::Failure;
use crate::raster::Raster;

/// A part of a canvas, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rectangle {
    pub left: u32,
    pub top: u32,
    pub size: Size,
}

impl Rectangle {
    /// The smallest one outside which two frames of one size and with the same channels differ by no
    /// more than `most` in any sample; `None` if they do not at all.
    pub fn of_changes(before: &Raster, after: &Raster, most: u8) -> Option<Self> {
        let count = after.channels.count();
        let rows = (0..).zip(before.rows().zip(after.rows()));
        let (mut left, mut right) = (after.size.width, 0);
        let (mut top, mut bottom) = (None, 0);
        rows.filter(|(_, (a, b))| a != b).for_each(|(y, (a, b))| {
            let pixels = || a.chunks_exact(count).zip(b.chunks_exact(count));
            let changed = |(_, (a, b)): &(u32, (&[u8], &[u8]))| differs(a, b, most);
            let Some((first, _)) = (0..).zip(pixels()).find(changed) else { return };
            let last = (0..).zip(pixels().rev()).find(changed).map_or(0, |(x, _)| x);
            (left, right) = (left.min(first), right.max(after.size.width - last));
            (top, bottom) = (top.or(Some(y)), y);
        });
        let top = top?;
        Some(Self { left, top, size: Size { width: right - left, height: bottom - top + 1 } })
    }

    /// The rectangle that begins at even places, as little larger as that takes.
    pub fn at_even_places(self) -> Self {
        let (x, y) = (self.left % 2, self.top % 2);
        let Size { width, height } = self.size;
        let size = Size { width: width + x, height: height + y };
        Self { left: self.left - x, top: self.top - y, size }
    }

    /// What a frame has there.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn cut(self, frame: &Raster, job: &Job<'_>) -> Result<Raster, Failure> {
        let channels = frame.channels;
        let mut samples = job.bytes(self.size.pixels() as usize * channels.count())?;
        let places = samples.chunks_exact_mut(self.size.width as usize * channels.count());
        for (place, row) in places.zip(self.rows(frame)) {
            place.copy_from_slice(row);
        }
        Ok(Raster { size: self.size, channels, samples })
    }

    /// The parts of a frame's rows that lie in it.
    pub fn rows(self, frame: &Raster) -> impl Iterator<Item = &[u8]> {
        let part = self.part(frame);
        let rows = frame.rows().skip(self.top as usize).take(self.size.height as usize);
        rows.map(move |row| row.get(part.clone()).unwrap_or_default())
    }

    /// The same, to be changed.
    pub fn rows_mut(self, frame: &mut Raster) -> impl Iterator<Item = &mut [u8]> {
        let (part, stride) = (self.part(frame), frame.stride().max(1));
        let rows = frame.samples.chunks_exact_mut(stride);
        let rows = rows.skip(self.top as usize).take(self.size.height as usize);
        rows.map(move |row| row.get_mut(part.clone()).unwrap_or_default())
    }

    fn part(self, frame: &Raster) -> core::ops::Range<usize> {
        let count = frame.channels.count();
        self.left as usize * count..(self.left + self.size.width) as usize * count
    }
}

/// Whether two stretches of samples differ by more than `most` anywhere.
pub fn differs(a: &[u8], b: &[u8], most: u8) -> bool {
    a.iter().zip(b).any(|(a, b)| a.abs_diff(*b) > most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::Budget;
    use crate::raster::Channels;

    #[test]
    fn changes_are_within_their_rectangle() {
        let size = Size { width: 9, height: 7 };
        let before = Raster::new(size, Channels::Rgb, vec![5; 9 * 7 * 3]).unwrap();
        assert_eq!(Rectangle::of_changes(&before, &before, 0), None);
        let mut after = before.clone();
        for (x, y) in [(3, 1), (5, 4), (4, 5)] {
            after.samples[(y * 9 + x) * 3 + 2] = 6;
        }
        assert_eq!(Rectangle::of_changes(&before, &after, 1), None);
        let changes = Rectangle::of_changes(&before, &after, 0).unwrap();
        let size = Size { width: 3, height: 5 };
        assert_eq!(changes, Rectangle { left: 3, top: 1, size });
        let size = Size { width: 4, height: 6 };
        assert_eq!(changes.at_even_places(), Rectangle { left: 2, top: 0, size });
        let mut trace = |_: &'static str| {};
        let cut = changes.cut(&after, &Job::new(Budget::UNLIMITED, 0, &mut trace)).unwrap();
        assert_eq!(cut.samples.iter().filter(|sample| **sample == 6).count(), 3);
        assert_eq!([2, 5, 41].map(|at| cut.samples[at]), [6, 5, 6]);
    }
}
