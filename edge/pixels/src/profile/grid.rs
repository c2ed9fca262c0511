//! A grid of finished sRGB codes over the 8-bit numbers of a device: what is costly is computed at its
//! points, and in between interpolated.

use super::connection::Tables;
use super::simplex::corners;
use super::srgb;
use crate::budget::zeros;
use crate::failure::Failure;

/// Points on each axis: as many as littlecms takes.
const fn points(axes: usize) -> usize {
    if axes == 3 { 33 } else { 17 }
}

/// Fractional bits of a code from 0 to 1. What sRGB cannot show goes beyond, so that its edge is not
/// blunted between the points.
const BITS: u32 = 14;

/// Work units to compute a point.
const WORK_OF_POINT: u64 = 800;

/// Points of a grid over so many axes.
const fn count(axes: usize) -> usize {
    points(axes).pow(axes as u32)
}

/// Bytes of a grid.
pub const fn memory(axes: usize) -> u64 {
    (count(axes) * (6 + 1)) as u64
}

/// Work units to convert so many pixels: at worst each needs points of its own.
pub fn work(axes: usize, pixels: u64) -> u64 {
    let points = pixels.saturating_mul(axes as u64 + 1).min(count(axes) as u64);
    points * WORK_OF_POINT + pixels.saturating_mul(20)
}

/// The grid, whose points are computed when they are first needed: a photograph needs few of them.
pub struct Grid<'a, const N: usize> {
    tables: Tables<'a, N>,
    codes: Vec<[i16; 3]>,
    /// Which points are known.
    known: Vec<bool>,
}

impl<'a, const N: usize> Grid<'a, N> {
    /// A grid that is not begun.
    pub fn new(tables: Tables<'a, N>) -> Self {
        Self { tables, codes: Vec::new(), known: Vec::new() }
    }

    /// Makes room for the points, of which none is known.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn begin(&mut self) -> Result<(), Failure> {
        (self.codes, self.known) = (zeros(count(N))?, zeros(count(N))?);
        Ok(())
    }

    /// sRGB of a device's numbers.
    pub fn at(&mut self, device: [u8; N]) -> [u8; 3] {
        let cells = points(N) - 1;
        let (mut base, mut stride) = (0, 1);
        let mut axes = [(0, 0); N];
        for (axis, value) in axes.iter_mut().zip(device).rev() {
            let place = usize::from(value) * cells;
            *axis = ((place % 255) as i64, stride);
            base += place / 255 * stride;
            stride *= points(N);
        }
        let mut sum = [0_i64; 3];
        corners(base, axes, 255, |at, weight| {
            let codes = self.point(at);
            for (sum, code) in sum.iter_mut().zip(codes) {
                *sum += i64::from(code) * weight;
            }
        });
        // What the weights sum up to, and the code's fraction; then a code of 255 for 1.
        let one = if N == 3 { 1 } else { 255 } << BITS;
        sum.map(|sum| (sum + one / 2).div_euclid(one).clamp(0, 255) as u8)
    }

    fn point(&mut self, at: usize) -> [i16; 3] {
        let (Some(codes), Some(known)) = (self.codes.get_mut(at), self.known.get_mut(at)) else {
            return [0; 3];
        };
        if !*known {
            *known = true;
            let mut rest = at;
            let mut device = [0.0; N];
            for value in device.iter_mut().rev() {
                *value = (rest % points(N)) as f64 / (points(N) - 1) as f64;
                rest /= points(N);
            }
            let one = f64::from(1 << BITS);
            *codes = self
                .tables
                .light(device)
                .map(|light| libm::floor((srgb::code(light).clamp(-1.0, 1.99)) * one + 0.5) as i16);
        }
        *codes
    }
}
