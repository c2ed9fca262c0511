//! Where an overlay lies, one axis at a time.

use core::ops::Range;

use selvedge_plan::geometry::Size;
use selvedge_plan::options::draw::{Offset, Overlay, Repeat};

/// The place of an overlay along one axis of the canvas.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// Where it begins; left of the canvas, or above it, below 0.
    start: i64,
    /// How long it is, at least 1.
    length: i64,
    /// How long the canvas is.
    side: i64,
    /// Whether it is laid side by side, to both sides, until the canvas is full.
    repeats: bool,
}

/// Samples of the overlay that lie on the canvas in one piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// The first place on the canvas.
    pub to: usize,
    /// The first sample of the overlay.
    pub from: usize,
    /// How many.
    pub length: usize,
}

impl Place {
    /// Where an overlay of `size` lies on a canvas, across and down.
    pub fn of(overlay: &Overlay, size: Size, canvas: Size) -> [Self; 2] {
        let repeat = overlay.repeat;
        [
            Self::new(
                overlay.across,
                size.width,
                canvas.width,
                matches!(repeat, Some(Repeat::Both | Repeat::X)),
            ),
            Self::new(
                overlay.down,
                size.height,
                canvas.height,
                matches!(repeat, Some(Repeat::Both | Repeat::Y)),
            ),
        ]
    }

    fn new(offset: Option<Offset>, length: u32, side: u32, repeats: bool) -> Self {
        let (length, side) = (i64::from(length), i64::from(side));
        let start = match offset {
            // Half a pixel is left over at the end.
            None => (side - length).div_euclid(2),
            Some(Offset::Start(pixels)) => pixels.into(),
            Some(Offset::End(pixels)) => side - length - i64::from(pixels),
        };
        Self { start, length, side, repeats }
    }

    /// The part of the canvas that lies under it.
    pub fn covered(&self) -> Range<usize> {
        if self.repeats {
            return 0..self.side as usize;
        }
        let within = |place: i64| place.clamp(0, self.side) as usize;
        within(self.start)..within(self.start + self.length)
    }

    /// The pieces of it that lie on the canvas, in order.
    pub fn runs(&self) -> impl Iterator<Item = Run> {
        let Self { start, length, side, repeats } = *self;
        // The last copy that begins at or before the edge of the canvas.
        let first = if repeats { start.rem_euclid(length) - length } else { start };
        let end = if repeats { side } else { side.min(first + 1) };
        (first..end).step_by(length as usize).filter_map(move |start| {
            let (to, end) = (start.max(0), side.min(start + length));
            let (from, length) = (to - start, end - to);
            (length > 0).then_some(Run {
                to: to as usize,
                from: from as usize,
                length: length as usize,
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(offset: Option<Offset>, length: u32, side: u32, repeats: bool) -> Vec<[usize; 3]> {
        let place = Place::new(offset, length, side, repeats);
        place.runs().map(|run| [run.to, run.from, run.length]).collect()
    }

    #[test]
    fn an_overlay_lies_where_it_is_told() {
        for (offset, length, side, run) in [
            (None, 4, 10, Some([3, 0, 4])),
            (None, 3, 10, Some([3, 0, 3])),
            (None, 13, 10, Some([0, 2, 10])),
            (Some(Offset::Start(2)), 4, 10, Some([2, 0, 4])),
            (Some(Offset::Start(8)), 4, 10, Some([8, 0, 2])),
            (Some(Offset::End(2)), 4, 10, Some([4, 0, 4])),
            (Some(Offset::End(8)), 4, 10, Some([0, 2, 2])),
            (Some(Offset::Start(10)), 4, 10, None),
            (Some(Offset::End(65_535)), 4, 10, None),
        ] {
            let found = runs(offset, length, side, false);
            assert_eq!(found, run.into_iter().collect::<Vec<_>>(), "{offset:?} {length}");
            let covered = Place::new(offset, length, side, false).covered();
            let expected = run.map_or(0, |run| run[2]);
            assert_eq!(covered.len(), expected, "{offset:?} {length}");
        }
    }

    #[test]
    fn what_is_repeated_fills_the_canvas_from_edge_to_edge() {
        assert_eq!(
            runs(Some(Offset::Start(1)), 4, 10, true),
            [[0, 3, 1], [1, 0, 4], [5, 0, 4], [9, 0, 1]]
        );
        assert_eq!(runs(Some(Offset::Start(0)), 5, 10, true), [[0, 0, 5], [5, 0, 5]]);
        for offset in [None, Some(Offset::End(7)), Some(Offset::Start(65_535))] {
            for length in 1..13 {
                let runs = runs(offset, length, 10, true);
                let mut at = 0;
                for [to, from, run] in runs {
                    assert_eq!(to, at, "{offset:?} {length}");
                    assert!(from + run <= length as usize);
                    at += run;
                }
                assert_eq!(at, 10);
            }
        }
        assert_eq!(Place::new(None, 3, 10, true).covered(), 0..10);
    }
}
