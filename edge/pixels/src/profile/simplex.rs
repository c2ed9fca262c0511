//! Interpolation between the points of a grid in several dimensions: over the simplex in which a point
//! lies (in three dimensions, a tetrahedron), as colour management does it.

use core::ops::Sub;

/// Visits the corners around a point, each with its weight; the weights sum up to `one`, and those of
/// zero are left out. The point lies from the corner `base` on by a fraction of `one` on each axis,
/// whose next corner is a stride away.
#[inline(always)]
pub fn corners<const N: usize, T: Copy + Default + PartialOrd + Sub<Output = T>>(
    base: usize,
    mut axes: [(T, usize); N],
    one: T,
    mut visit: impl FnMut(usize, T),
) {
    // The largest fraction first.
    for i in 1..N {
        for j in (1..=i).rev() {
            if axes[j].0 > axes[j - 1].0 {
                axes.swap(j, j - 1);
            }
        }
    }
    let (mut at, mut before) = (base, one);
    for (fraction, stride) in axes {
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
            let axes = core::array::from_fn(|i| (fractions[i], 1_usize << i));
            let (mut sum, mut total) = (0, 0);
            corners(0, axes, 255, |at, weight| {
                sum += at as i32 * weight;
                total += weight;
            });
            let expected: i32 = (0..4).map(|i| fractions[i] << i).sum();
            assert_eq!((sum, total), (expected, 255));
        }
    }
}
