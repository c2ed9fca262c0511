//! The planes of a picture, and what is found in them in its pixels.

use selvedge_plan::geometry::Size;

use crate::surround::Bounds;

/// How large a plane is beside the picture.
#[derive(Clone, Copy, Debug)]
pub struct Plane {
    /// Its sampling factors across and down, and those of the full size: 2 and 3 are a plane of which
    /// two samples cover three pixels.
    pub factors: (u32, u32),
    pub of_full: (u32, u32),
}

impl Plane {
    /// Its size in samples, if that of the picture is `full`.
    pub fn size(self, full: Size) -> Size {
        let side = |full: u32, factor: u32, of: u32| (full * factor).div_ceil(of);
        Size {
            width: side(full.width, self.factors.0, self.of_full.0),
            height: side(full.height, self.factors.1, self.of_full.1),
        }
    }

    /// Bounds among its samples in pixels of the picture. The outermost samples of a smaller plane are
    /// mixed with the surround, and say less than those of the larger one.
    pub fn in_full_size(self, bounds: Bounds, full: Size) -> Option<Bounds> {
        let span = |start: u32, end: u32, factor: u32, of: u32, side: u32| {
            let mixed = u32::from(factor < of);
            let (start, end) = (start + mixed, end.saturating_sub(mixed));
            (start * of / factor, (end * of).div_ceil(factor).min(side))
        };
        let Bounds { left, top, right, bottom } = bounds;
        let ((a, d), (across, down)) = (self.factors, self.of_full);
        let (left, right) = span(left, right, a, across, full.width);
        let (top, bottom) = span(top, bottom, d, down, full.height);
        (left < right && top < bottom).then_some(Bounds { left, top, right, bottom })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planes_may_have_two_samples_for_three_pixels() {
        let plane = Plane { factors: (2, 1), of_full: (3, 2) };
        let full = Size { width: 100, height: 31 };
        assert_eq!(plane.size(full), Size { width: 67, height: 16 });
        let bounds = Bounds { left: 9, top: 1, right: 41, bottom: 16 };
        let expected = Bounds { left: 15, top: 4, right: 60, bottom: 30 };
        assert_eq!(plane.in_full_size(bounds, full), Some(expected));
        let thin = Bounds { left: 9, top: 1, right: 11, bottom: 16 };
        assert_eq!(plane.in_full_size(thin, full), None);
    }
}
