//! The planes of a picture, and what is found in them in its pixels.

use selvedge_plan::geometry::Size;

use crate::surround::Bounds;

/// How a plane that is searched lies on the picture.
#[derive(Clone, Copy, Debug)]
pub struct Plane {
    /// Its sampling factors across and down, and those of the full size: 2 and 3 are a plane of which
    /// two samples cover three pixels.
    factors: (u32, u32),
    of_full: (u32, u32),
    /// By how much the decoder scales it down beside that.
    pub denominator: u32,
    /// Whether another plane has more samples across, and down.
    coarser: (bool, bool),
}

impl Plane {
    /// The planes with these factors, each scaled down by its denominator, or not at all.
    pub fn all(planes: &[(u32, u32)], denominators: &[u32]) -> Vec<Self> {
        let largest = |(a, b): (u32, u32), (c, d): &(u32, u32)| (a.max(*c), b.max(*d));
        let of_full = planes.iter().fold((1, 1), largest);
        let denominators = denominators.iter().copied().chain(core::iter::repeat(1));
        let mut all: Vec<Self> = planes
            .iter()
            .zip(denominators)
            .map(|(factors, denominator)| Self {
                factors: *factors,
                of_full,
                denominator,
                coarser: (false, false),
            })
            .collect();
        let others = all.clone();
        for plane in &mut all {
            let any = |fewer: fn(&Self) -> u32| {
                // Factors over denominators, by their products.
                let beside = |other: &Self| {
                    fewer(plane) * other.denominator < fewer(other) * plane.denominator
                };
                others.iter().any(beside)
            };
            plane.coarser = (any(|plane| plane.factors.0), any(|plane| plane.factors.1));
        }
        all
    }

    /// Its size in samples as stored, if that of the picture is `full`.
    pub fn size(self, full: Size) -> Size {
        let side = |full: u32, factor: u32, of: u32| (full * factor).div_ceil(of);
        Size {
            width: side(full.width, self.factors.0, self.of_full.0),
            height: side(full.height, self.factors.1, self.of_full.1),
        }
    }

    /// Bounds among its samples in pixels of the picture. The outermost samples of a plane that has
    /// fewer of them are mixed with the surround, and say less than those of another one.
    pub fn in_full_size(self, bounds: Bounds, full: Size) -> Option<Bounds> {
        let span = |start: u32, end: u32, factor: u32, of: u32, side: u32, coarser: bool| {
            let pixels = |samples: u32| u64::from(samples) * u64::from(of * self.denominator);
            let factor = u64::from(factor);
            let ends = (pixels(end).div_ceil(factor) as u32).min(side);
            // Where the picture ends there is no surround to be mixed with.
            let start = start + u32::from(coarser && start > 0);
            let end = if coarser && ends < side { end.saturating_sub(1) } else { end };
            ((pixels(start) / factor) as u32, (pixels(end).div_ceil(factor) as u32).min(side))
        };
        let Bounds { left, top, right, bottom } = bounds;
        let ((a, d), (across, down)) = (self.factors, self.of_full);
        let (left, right) = span(left, right, a, across, full.width, self.coarser.0);
        let (top, bottom) = span(top, bottom, d, down, full.height, self.coarser.1);
        (left < right && top < bottom).then_some(Bounds { left, top, right, bottom })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planes_may_have_two_samples_for_three_pixels() {
        let [_, plane] = Plane::all(&[(3, 2), (2, 1)], &[])[..] else { panic!("two planes") };
        let full = Size { width: 100, height: 31 };
        assert_eq!(plane.size(full), Size { width: 67, height: 16 });
        let bounds = Bounds { left: 9, top: 1, right: 41, bottom: 16 };
        let expected = Bounds { left: 15, top: 4, right: 60, bottom: 31 };
        assert_eq!(plane.in_full_size(bounds, full), Some(expected));
        let thin = Bounds { left: 9, top: 1, right: 11, bottom: 16 };
        assert_eq!(plane.in_full_size(thin, full), None);
    }

    #[test]
    fn samples_that_the_decoder_scaled_down_cover_more_pixels() {
        let planes = Plane::all(&[(2, 2), (1, 1), (1, 1)], &[8, 4, 8]);
        let full = Size { width: 1_001, height: 805 };
        let bounds = Bounds { left: 3, top: 0, right: 10, bottom: 101 };
        let found: Vec<_> = planes.iter().map(|plane| plane.in_full_size(bounds, full)).collect();
        let as_large = Bounds { left: 24, top: 0, right: 80, bottom: 805 };
        let coarser = Bounds { left: 64, top: 0, right: 144, bottom: 805 };
        assert_eq!(found, [Some(as_large), Some(as_large), Some(coarser)]);
    }
}
