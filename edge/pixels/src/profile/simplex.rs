//! Interpolation between the points of a grid as colour management does it: in three dimensions over the
//! tetrahedron in which a point lies, in four between two such on the first axis.

use core::ops::{Mul, Sub};

/// What fractions and weights are counted in.
pub trait Number: Copy + Default + PartialOrd + Sub<Output = Self> + Mul<Output = Self> {}

impl Number for f64 {}
impl Number for i64 {}

/// Visits the corners around a point, each with its weight; those of no weight are left out. The point
/// lies from the corner `base` on by a fraction of `one` on each axis, whose next corner is a stride
/// away. The weights sum up to `one`, and to its square in four dimensions.
#[inline(always)]
pub fn corners<const N: usize, T: Number>(
    base: usize,
    axes: [(T, usize); N],
    one: T,
    mut visit: impl FnMut(usize, T),
) {
    let (Some(last), Some((fraction, stride))) = (axes.last_chunk(), axes.first().copied()) else {
        return;
    };
    if N == 3 {
        return tetrahedron(base, *last, one, visit);
    }
    for (at, share) in [(base, one - fraction), (base + stride, fraction)] {
        if share > T::default() {
            tetrahedron(at, *last, one, |at, weight| visit(at, weight * share));
        }
    }
}

#[inline(always)]
fn tetrahedron<T: Number>(
    base: usize,
    [a, b, c]: [(T, usize); 3],
    one: T,
    mut visit: impl FnMut(usize, T),
) {
    // The largest fraction first.
    let (a, b) = if a.0 < b.0 { (b, a) } else { (a, b) };
    let (b, c) = if b.0 < c.0 { (c, b) } else { (b, c) };
    let (a, b) = if a.0 < b.0 { (b, a) } else { (a, b) };
    let (mut at, mut before) = (base, one);
    for (fraction, stride) in [a, b, c] {
        if before > fraction {
            visit(at, before - fraction);
        }
        at += stride;
        before = fraction;
    }
    if before > T::default() {
        visit(at, before);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plane_stays_a_plane() {
        // A grid of two points on each axis, with the value x + 2y + 4z + 8w at each.
        for fractions in [[0, 0, 0, 0], [10, 200, 30, 40], [255, 255, 255, 255], [7, 7, 9, 7]] {
            let axes: [_; 4] = core::array::from_fn(|i| (fractions[i], 1_usize << i));
            let (mut sum, mut total) = (0, 0);
            corners(0, axes, 255, |at, weight| {
                sum += at as i64 * weight;
                total += weight;
            });
            let expected: i64 = (0..4).map(|i| fractions[i] << i).sum();
            assert_eq!((sum, total), (expected * 255, 255 * 255));
            let (mut sum, mut total) = (0, 0);
            corners(0, [axes[0], axes[1], axes[2]], 255, |at, weight| {
                sum += at as i64 * weight;
                total += weight;
            });
            let expected: i64 = (0..3).map(|i| fractions[i] << i).sum();
            assert_eq!((sum, total), (expected, 255));
        }
    }
}
