//! From a device's numbers to the connection space by tables: `mft1`, `mft2` and `mAB ` (ICC.1:2022
//! §10.10 to §10.12).

use super::curve::Curve;
use super::simplex::corners;
use super::tags::{fixed, four, long, short};

/// Curves, a grid, curves, a matrix, curves: what there is not changes nothing.
pub struct Lut<'a, const N: usize> {
    before: [Curve<'a>; N],
    grid: Option<Grid<'a, N>>,
    between: Option<([Curve<'a>; 3], [f64; 12])>,
    after: [Curve<'a>; 3],
    /// Whether the outcome has the older code of L*a*b* (§6.3.4.2).
    pub is_old: bool,
}

/// The points of a grid, the last axis running fastest, three numbers each.
struct Grid<'a, const N: usize> {
    points: [usize; N],
    samples: Samples<'a>,
}

/// Numbers from 0 to 1.
enum Samples<'a> {
    Bytes(&'a [u8]),
    Words(&'a [[u8; 2]]),
}

impl<'a, const N: usize> Lut<'a, N> {
    /// Reads a tag.
    pub fn read(tag: &'a [u8]) -> Option<Self> {
        let [inputs, outputs] = *tag.get(8..)?.first_chunk()?;
        if usize::from(inputs) != N || outputs != 3 {
            return None;
        }
        match &four(tag, 0)? {
            b"mft1" => Self::tables(tag, 48, 256, 256, 1),
            b"mft2" => Self::tables(tag, 52, short(tag, 48)?.into(), short(tag, 50)?.into(), 2),
            b"mAB " => Self::parts(tag),
            _ => None,
        }
    }

    /// One table for each input, the grid, one table for each output, of samples of `width` bytes.
    fn tables(
        tag: &'a [u8],
        start: usize,
        of_input: usize,
        of_output: usize,
        width: usize,
    ) -> Option<Self> {
        let mut rest = tag.get(start..)?;
        let mut take = |count: usize| {
            let (taken, after) = rest.split_at_checked(count.checked_mul(width)?)?;
            rest = after;
            Some(taken)
        };
        let curve = |table: &'a [u8]| match width {
            1 => Curve::Bytes(table),
            _ => Curve::Words(table.as_chunks().0),
        };
        if of_input < 2 || of_output < 2 {
            return None;
        }
        let mut before = [Curve::IDENTITY; N];
        for place in &mut before {
            *place = curve(take(of_input)?);
        }
        let points = [usize::from(*tag.get(10)?); N];
        let samples = take(Grid::count(points)?)?;
        let mut after = [Curve::IDENTITY; 3];
        for place in &mut after {
            *place = curve(take(of_output)?);
        }
        let grid = Some(Grid { points, samples: Samples::new(samples, width) });
        Some(Self { before, grid, between: None, after, is_old: width == 2 })
    }

    /// Parts at places of their own.
    fn parts(tag: &'a [u8]) -> Option<Self> {
        let part = |at: usize| match long(tag, at)? {
            0 => Some(None),
            offset => Some(Some(tag.get(offset..)?)),
        };
        let (after, matrix, middle) = (part(12)?, part(16)?, part(20)?);
        let (grid, before) = (part(24)?, part(28)?);
        let mut numbers = [0.0; 12];
        for (index, number) in numbers.iter_mut().enumerate() {
            *number = fixed(matrix.unwrap_or(&IDENTITY), index * 4)?;
        }
        let between = middle.map(Curve::read_several).unwrap_or(Some([Curve::IDENTITY; 3]));
        let grid = match grid {
            Some(bytes) => Some(Grid::read(bytes)?),
            // Without a grid there is no way from four numbers to three.
            None if N == 3 => None,
            None => return None,
        };
        Some(Self {
            before: before.map(Curve::read_several).unwrap_or(Some([Curve::IDENTITY; N]))?,
            grid,
            between: Some((between?, numbers)),
            after: Curve::read_several(after?)?,
            is_old: false,
        })
    }

    /// The coded numbers of the connection space for those of a device, all from 0 to 1.
    pub fn at(&self, device: [f64; N]) -> [f64; 3] {
        let device: [f64; N] = core::array::from_fn(|i| self.before[i].at(device[i]));
        let mut values = match &self.grid {
            Some(grid) => grid.at(device),
            None => core::array::from_fn(|i| device.get(i).copied().unwrap_or_default()),
        };
        if let Some((curves, m)) = &self.between {
            let [x, y, z] = core::array::from_fn(|i| curves[i].at(values[i]));
            values = core::array::from_fn(|i| {
                m[3 * i] * x + m[3 * i + 1] * y + m[3 * i + 2] * z + m[9 + i]
            });
        }
        core::array::from_fn(|i| self.after[i].at(values[i]))
    }
}

/// A matrix that changes nothing, as it is written: nine factors and three summands.
const IDENTITY: [u8; 48] = {
    let mut bytes = [0; 48];
    bytes[1] = 1;
    bytes[17] = 1;
    bytes[33] = 1;
    bytes
};

impl<'a, const N: usize> Grid<'a, N> {
    /// Numbers that a grid of so many points on each axis has.
    fn count(points: [usize; N]) -> Option<usize> {
        let count = points.iter().try_fold(3_usize, |count, points| count.checked_mul(*points))?;
        points.iter().all(|points| *points > 1).then_some(count)
    }

    /// Reads the grid of an `mAB ` tag.
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let sizes = bytes.get(..16)?;
        let points = core::array::from_fn(|i| sizes.get(i).copied().unwrap_or_default().into());
        let width = usize::from(*bytes.get(16)?);
        let count = Self::count(points)?.checked_mul(width).filter(|_| matches!(width, 1 | 2))?;
        let samples = bytes.get(20..)?.get(..count)?;
        Some(Self { points, samples: Samples::new(samples, width) })
    }

    /// The three numbers at a place between the points.
    fn at(&self, device: [f64; N]) -> [f64; 3] {
        let mut base = 0;
        let mut stride = 3;
        let mut axes = [(0.0, 0); N];
        for ((axis, value), points) in axes.iter_mut().zip(device).zip(self.points).rev() {
            let place = value * (points - 1) as f64;
            let cell = place as usize;
            *axis = (place - cell as f64, stride);
            base += cell * stride;
            stride *= points;
        }
        let mut sum = [0.0; 3];
        corners(base, axes, 1.0, |at, weight| {
            for (i, sum) in sum.iter_mut().enumerate() {
                *sum += self.samples.get(at + i) * weight;
            }
        });
        sum
    }
}

impl<'a> Samples<'a> {
    fn new(bytes: &'a [u8], width: usize) -> Self {
        if width == 1 { Self::Bytes(bytes) } else { Self::Words(bytes.as_chunks().0) }
    }

    fn get(&self, index: usize) -> f64 {
        match self {
            Self::Bytes(samples) => f64::from(samples.get(index).copied().unwrap_or(0)) / 255.0,
            Self::Words(samples) => {
                let word = samples.get(index).copied().unwrap_or_default();
                f64::from(u16::from_be_bytes(word)) / 65_535.0
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An `mft1` of two points on each axis, whose outputs are the first three inputs.
    fn mft1<const N: usize>() -> Vec<u8> {
        let mut tag = b"mft1\0\0\0\0".to_vec();
        tag.extend([N as u8, 3, 2, 0]);
        tag.extend([0; 36]);
        let ramp: Vec<u8> = (0..=255).collect();
        tag.extend(ramp.repeat(N));
        for point in 0..1_usize << N {
            tag.extend((0..3).map(|axis| ((point >> (N - 1 - axis)) & 1) as u8 * 255));
        }
        tag.extend(ramp.repeat(3));
        tag
    }

    /// An `mAB ` with a matrix that swaps the first two, curves that square, and perhaps a grid.
    fn mab(grid: bool) -> Vec<u8> {
        let mut tag = b"mAB \0\0\0\0\x03\x03\0\0".to_vec();
        let curve = b"curv\0\0\0\0\0\0\0\x01\x02\0\0\0";
        let curves = curve.repeat(3);
        for offset in [32, 80, 128, if grid { 176 } else { 0 }, if grid { 220 } else { 0 }] {
            tag.extend(u32::to_be_bytes(offset));
        }
        tag.extend(&curves);
        for number in [0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0_u32] {
            tag.extend((number << 16).to_be_bytes());
        }
        tag.extend(&curves);
        if grid {
            tag.extend([2, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0]);
            for point in 0..8 {
                tag.extend((0..3).map(|axis| ((point >> (2 - axis)) & 1) as u8 * 255));
            }
            tag.extend(&curves);
        }
        tag
    }

    #[test]
    fn values_by_hand() {
        let close = |a: [f64; 3], b: [f64; 3]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-6);
        let tag = mft1::<3>();
        assert!(close(Lut::<3>::read(&tag).unwrap().at([0.2, 0.4, 1.0]), [0.2, 0.4, 1.0]));
        let tag = mft1::<4>();
        assert!(close(Lut::<4>::read(&tag).unwrap().at([0.2, 0.4, 1.0, 0.7]), [0.2, 0.4, 1.0]));
        assert!(Lut::<3>::read(&tag).is_none());
        let tag = mab(false);
        let swapped = Lut::<3>::read(&tag).unwrap().at([0.5, 1.0, 0.1]);
        assert!(close(swapped, [1.0, 0.0625, 0.0001]), "{swapped:?}");
        let tag = mab(true);
        let swapped = Lut::<3>::read(&tag).unwrap().at([0.5, 1.0, 0.1]);
        assert!(close(swapped, [1.0, 0.003_906_25, 0.000_000_01]), "{swapped:?}");
    }

    #[test]
    fn what_is_cut_is_none() {
        for tag in [mft1::<3>(), mab(true)] {
            assert!((0..tag.len() - 2).all(|cut| Lut::<3>::read(&tag[..cut]).is_none()));
        }
        let mut wild = mab(true);
        wild[176..192].fill(0xff);
        assert!(Lut::<3>::read(&wild).is_none());
    }
}
