//! The canvas that frames are put on.

use core::ops::Range;

use selvedge_plan::geometry::Size;

use crate::budget::Job;
use crate::failure::Failure;
use crate::raster::{Channels, Raster};
use crate::reduce::Reduce;

/// What happens to a frame before the next one is put on the canvas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum After {
    /// It stays.
    Keep,
    /// Its place becomes transparent.
    Clear,
    /// Its place becomes what it was before.
    Restore,
}

/// Red, green, blue and alpha of the frames so far; nothing at first.
pub struct Canvas {
    pixels: Raster,
    frame: Place,
    after: After,
    /// What is under the frame, if it comes back.
    under: Vec<u8>,
}

/// The part of the canvas that a frame covers, in pixels.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Place {
    across: Range<usize>,
    down: Range<usize>,
}

impl Canvas {
    /// An empty one.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn new(size: Size, job: &Job<'_>) -> Result<Self, Failure> {
        let channels = Channels::Rgba;
        let samples = job.bytes(size.pixels() as usize * channels.count())?;
        let pixels = Raster { size, channels, samples };
        Ok(Self { pixels, frame: Place::default(), after: After::Keep, under: Vec::new() })
    }

    /// Bytes that one of `size` takes, with what is put back if it `restores`.
    pub fn memory(size: Size, restores: bool) -> u64 {
        size.pixels().saturating_mul(if restores { 8 } else { 4 })
    }

    /// Ends the frame before, and begins one whose left top corner is at `left` and `top`. What of it
    /// is not on the canvas is never seen.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn begin(
        &mut self,
        (left, top): (u32, u32),
        size: Size,
        after: After,
    ) -> Result<(), Failure> {
        self.end();
        let range = |start: u32, length: u32, side: u32| {
            let end = start.saturating_add(length).min(side);
            start.min(end) as usize..end as usize
        };
        let Size { width, height } = self.pixels.size;
        self.frame =
            Place { across: range(left, size.width, width), down: range(top, size.height, height) };
        self.after = after;
        if after == After::Restore {
            let count = self.frame.across.len() * self.frame.down.len() * 4;
            self.under.clear();
            self.under.try_reserve_exact(count).map_err(|_| Failure::out_of_memory(count))?;
            for y in self.frame.down.clone() {
                let row = self.pixels.samples.get(bytes(&self.frame.across, y, self.stride()));
                self.under.extend_from_slice(row.unwrap_or_default());
            }
        }
        Ok(())
    }

    /// The pixels under row `y` of the frame, from its left edge on.
    pub fn row(&mut self, y: usize) -> &mut [[u8; 4]] {
        let y = self.frame.down.start + y;
        if y >= self.frame.down.end {
            return &mut [];
        }
        let row = bytes(&self.frame.across, y, self.stride());
        self.pixels.samples.get_mut(row).unwrap_or_default().as_chunks_mut().0
    }

    /// Sends what is seen now down a way, as RGB if it is to be `opaque`.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn show(&self, way: &mut Reduce, channels: Channels, job: &Job<'_>) -> Result<(), Failure> {
        way.begin(channels, job)?;
        if channels == Channels::Rgba {
            self.pixels.rows().for_each(|row| way.row(row));
            return Ok(());
        }
        let mut narrow = job.bytes(self.pixels.size.width as usize * channels.count())?;
        for row in self.pixels.rows() {
            let pixels = row.as_chunks::<4>().0;
            for (place, [r, g, b, _]) in narrow.as_chunks_mut().0.iter_mut().zip(pixels) {
                *place = [*r, *g, *b];
            }
            way.row(&narrow);
        }
        Ok(())
    }

    /// Does to the last frame what comes after it.
    fn end(&mut self) {
        let stride = self.stride();
        let mut under = self.under.chunks_exact((self.frame.across.len() * 4).max(1));
        for y in self.frame.down.clone() {
            let row = bytes(&self.frame.across, y, stride);
            let Some(row) = self.pixels.samples.get_mut(row) else { continue };
            match self.after {
                After::Keep => return,
                After::Clear => row.fill(0),
                After::Restore => row.copy_from_slice(under.next().unwrap_or_default()),
            }
        }
    }

    fn stride(&self) -> usize {
        self.pixels.stride()
    }
}

/// The bytes of part of a row.
fn bytes(across: &Range<usize>, y: usize, stride: usize) -> Range<usize> {
    y * stride + across.start * 4..y * stride + across.end * 4
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::Budget;

    const SIZE: Size = Size { width: 3, height: 2 };

    fn shown(canvas: &Canvas) -> Vec<u8> {
        canvas.pixels.samples.iter().copied().step_by(4).collect()
    }

    fn paint(canvas: &mut Canvas, value: u8) {
        for y in 0..2 {
            canvas.row(y).fill([value; 4]);
        }
    }

    #[test]
    fn what_comes_after_a_frame_is_done_to_its_place_alone() {
        let mut trace = |_: &'static str| {};
        let job = Job::new(Budget::UNLIMITED, 0, &mut trace);
        let mut canvas = Canvas::new(SIZE, &job).unwrap();
        let two = Size { width: 2, height: 2 };
        canvas.begin((0, 0), SIZE, After::Keep).unwrap();
        paint(&mut canvas, 1);
        canvas.begin((1, 0), two, After::Restore).unwrap();
        paint(&mut canvas, 2);
        assert_eq!(shown(&canvas), [1, 2, 2, 1, 2, 2]);
        canvas.begin((0, 1), two, After::Clear).unwrap();
        assert_eq!(shown(&canvas), [1; 6]);
        paint(&mut canvas, 3);
        assert_eq!(shown(&canvas), [1, 1, 1, 3, 3, 1], "the second row is not on the canvas");
        canvas.begin((9, 9), two, After::Restore).unwrap();
        paint(&mut canvas, 4);
        canvas.begin((2, 0), two, After::Keep).unwrap();
        assert_eq!(shown(&canvas), [1, 1, 1, 0, 0, 1]);
    }
}
