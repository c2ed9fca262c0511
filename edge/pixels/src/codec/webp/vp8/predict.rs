//! Intra prediction (RFC 6386 §12): what a block looks like, guessed from the samples around it.

use crate::simd::{I16x8, U8x16};

/// What stands above the first row of a picture.
pub const ABOVE: u8 = 127;

/// What stands at the left of the first column.
pub const LEFT: u8 = 129;

/// How the luma of a macroblock is predicted, or its chroma; as they are numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whole {
    /// The mean of what is around.
    Dc,
    /// The row above.
    Vertical,
    /// The column at the left.
    Horizontal,
    /// The row above, plus what the left column changes.
    TrueMotion,
}

impl Whole {
    /// In the order of their numbers.
    pub const ALL: [Self; 4] = [Self::Dc, Self::Vertical, Self::Horizontal, Self::TrueMotion];
}

/// How a 4 × 4 block is predicted, as they are numbered. Diagonals are named by where they go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Block {
    /// The mean of what is around.
    Dc,
    /// The row above, plus what the left column changes.
    TrueMotion,
    /// The row above, smoothed.
    Vertical,
    /// The column at the left, smoothed.
    Horizontal,
    /// 45 degrees.
    DownLeft,
    /// 45 degrees.
    DownRight,
    /// Nearer to vertical.
    VerticalRight,
    /// Nearer to vertical.
    VerticalLeft,
    /// Nearer to horizontal.
    HorizontalDown,
    /// Nearer to horizontal.
    HorizontalUp,
}

impl Block {
    /// In the order of their numbers.
    pub const ALL: [Self; 10] = [
        Self::Dc,
        Self::TrueMotion,
        Self::Vertical,
        Self::Horizontal,
        Self::DownLeft,
        Self::DownRight,
        Self::VerticalRight,
        Self::VerticalLeft,
        Self::HorizontalDown,
        Self::HorizontalUp,
    ];
}

impl From<Whole> for Block {
    /// What a macroblock of one mode is for the contexts of its neighbours' block modes.
    fn from(mode: Whole) -> Self {
        match mode {
            Whole::Dc => Self::Dc,
            Whole::Vertical => Self::Vertical,
            Whole::Horizontal => Self::Horizontal,
            Whole::TrueMotion => Self::TrueMotion,
        }
    }
}

/// The samples around 16 × 16 of luma. Outside of the picture they are [`ABOVE`] and [`LEFT`].
#[derive(Clone, Copy, Debug)]
pub struct Edges {
    /// The row above.
    pub above: [u8; 16],
    /// The column at the left.
    pub left: [u8; 16],
    /// Above the left column: [`ABOVE`] in the first row, else [`LEFT`] in the first column.
    pub corner: u8,
    /// Whether there is a row above, which is all that [`Whole::Dc`] must know.
    pub has_above: bool,
    /// Whether there is a column at the left.
    pub has_left: bool,
}

/// The samples around 8 × 8 of both chroma planes: Cb, then Cr.
#[derive(Clone, Copy, Debug)]
pub struct ChromaEdges {
    /// The rows above, one behind the other.
    pub above: [u8; 16],
    /// The columns at the left, one behind the other.
    pub left: [u8; 16],
    /// Above each left column.
    pub corners: [u8; 2],
    /// Whether there is a row above.
    pub has_above: bool,
    /// Whether there is a column at the left.
    pub has_left: bool,
}

/// The mean of `1 << (shift - 1)` samples above and as many at the left, of those there are; 128
/// if there are none.
fn mean(above: Option<&[u8]>, left: Option<&[u8]>, shift: u32) -> u8 {
    let sum = |samples: &[u8]| samples.iter().map(|sample| u32::from(*sample)).sum::<u32>();
    let (sum, shift) = match (above, left) {
        (Some(above), Some(left)) => (sum(above) + sum(left), shift),
        (Some(one), None) | (None, Some(one)) => (sum(one), shift - 1),
        (None, None) => return 128,
    };
    ((sum + (1 << (shift - 1))) >> shift) as u8
}

/// Predicts 16 × 16 of luma.
#[inline(always)]
pub fn luma(mode: Whole, edges: &Edges, out: &mut [[u8; 16]; 16]) {
    let above = U8x16::load(&edges.above);
    match mode {
        Whole::Dc => {
            let above = edges.has_above.then_some(&edges.above[..]);
            let left = edges.has_left.then_some(&edges.left[..]);
            *out = [[mean(above, left, 5); 16]; 16];
        }
        Whole::Vertical => out.iter_mut().for_each(|row| above.store(row)),
        Whole::Horizontal => {
            for (row, left) in out.iter_mut().zip(edges.left) {
                U8x16::splat(left).store(row);
            }
        }
        Whole::TrueMotion => {
            let (low, high) = above.widen();
            for (row, left) in out.iter_mut().zip(edges.left) {
                let change = I16x8::splat(i16::from(left) - i16::from(edges.corner));
                U8x16::narrow(low.add(change), high.add(change)).store(row);
            }
        }
    }
}

/// Predicts 8 × 8 of both chroma planes: rows of Cb and Cr side by side.
#[inline(always)]
pub fn chroma(mode: Whole, edges: &ChromaEdges, out: &mut [[u8; 16]; 8]) {
    let above = U8x16::load(&edges.above);
    let (left_cb, left_cr) = edges.left.split_at(8);
    let lefts = left_cb.iter().zip(left_cr);
    match mode {
        Whole::Dc => {
            let (above_cb, above_cr) = edges.above.split_at(8);
            let one = |above, left| {
                mean(edges.has_above.then_some(above), edges.has_left.then_some(left), 4)
            };
            let (cb, cr) = (one(above_cb, left_cb), one(above_cr, left_cr));
            *out = [core::array::from_fn(|x| if x < 8 { cb } else { cr }); 8];
        }
        Whole::Vertical => out.iter_mut().for_each(|row| above.store(row)),
        Whole::Horizontal => {
            for (row, (cb, cr)) in out.iter_mut().zip(lefts) {
                *row = core::array::from_fn(|x| if x < 8 { *cb } else { *cr });
            }
        }
        Whole::TrueMotion => {
            let (cb_above, cr_above) = above.widen();
            let [cb_corner, cr_corner] = edges.corners.map(i16::from);
            for (row, (cb, cr)) in out.iter_mut().zip(lefts) {
                let cb = cb_above.add(I16x8::splat(i16::from(*cb) - cb_corner));
                let cr = cr_above.add(I16x8::splat(i16::from(*cr) - cr_corner));
                U8x16::narrow(cb, cr).store(row);
            }
        }
    }
}

/// The samples around a 4 × 4 block, ready for any mode.
#[derive(Clone, Copy)]
pub struct BlockEdges {
    around: [u8; 16],
    /// Means of two neighbours, by the first one's place.
    twos: U8x16,
    /// Means of three neighbours, the middle one counted twice, by the first one's place.
    threes: U8x16,
}

impl BlockEdges {
    /// From the column at the left (top first), the sample above that, and the four samples above
    /// the block and four more to their right.
    #[inline(always)]
    pub fn new(left: [u8; 4], corner: u8, above: [u8; 8]) -> Self {
        let [l0, l1, l2, l3] = left;
        let [a0, a1, a2, a3, a4, a5, a6, a7] = above;
        // One line from below at the left to above at the right, as RFC 6386 §12.3 numbers it. The
        // last sample of each end comes twice, where smoothing wants one more.
        let around = [l3, l2, l1, l0, corner, a0, a1, a2, a3, a4, a5, a6, a7, a7, l3, l3];
        let here = U8x16::load(&around);
        let next = here.pick::<1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0>(here);
        let after = here.pick::<2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1>(here);
        Self { around, twos: here.mean(next), threes: here.mean_down(after).mean(next) }
    }

    /// Predicts the block, row by row.
    #[inline(always)]
    pub fn predict(&self, mode: Block) -> U8x16 {
        // Lanes of means of two are numbered from 0, of three from 16. At 15 the line's end meets
        // its beginning: there `twos` has the lowest sample at the left, and `threes` the mean of
        // it, itself, and the one above it.
        let (t, s) = (self.twos, self.threes);
        match mode {
            Block::Dc => {
                let [l3, l2, l1, l0, _, a0, a1, a2, a3, ..] = self.around.map(u16::from);
                U8x16::splat(((l0 + l1 + l2 + l3 + a0 + a1 + a2 + a3 + 4) >> 3) as u8)
            }
            Block::TrueMotion => {
                let line = U8x16::load(&self.around);
                let corner = I16x8::splat(self.around[4].into());
                let (above, _) =
                    line.pick::<5, 6, 7, 8, 5, 6, 7, 8, 0, 0, 0, 0, 0, 0, 0, 0>(line).widen();
                let (upper, lower) =
                    line.pick::<3, 3, 3, 3, 2, 2, 2, 2, 1, 1, 1, 1, 0, 0, 0, 0>(line).widen();
                let change = above.sub(corner);
                U8x16::narrow(upper.add(change), lower.add(change))
            }
            Block::Vertical => s.pick::<4, 5, 6, 7, 4, 5, 6, 7, 4, 5, 6, 7, 4, 5, 6, 7>(s),
            Block::Horizontal => s.pick::<2, 2, 2, 2, 1, 1, 1, 1, 0, 0, 0, 0, 15, 15, 15, 15>(s),
            Block::DownLeft => s.pick::<5, 6, 7, 8, 6, 7, 8, 9, 7, 8, 9, 10, 8, 9, 10, 11>(s),
            Block::DownRight => s.pick::<3, 4, 5, 6, 2, 3, 4, 5, 1, 2, 3, 4, 0, 1, 2, 3>(s),
            Block::VerticalRight => {
                t.pick::<4, 5, 6, 7, 19, 20, 21, 22, 18, 4, 5, 6, 17, 19, 20, 21>(s)
            }
            Block::VerticalLeft => {
                t.pick::<5, 6, 7, 8, 21, 22, 23, 24, 6, 7, 8, 25, 22, 23, 24, 26>(s)
            }
            Block::HorizontalDown => {
                t.pick::<3, 19, 20, 21, 2, 18, 3, 19, 1, 17, 2, 18, 0, 16, 1, 17>(s)
            }
            Block::HorizontalUp => {
                t.pick::<2, 17, 1, 16, 1, 16, 0, 31, 0, 31, 15, 15, 15, 15, 15, 15>(s)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6386 §12.3, with the samples numbered as it does: `e[4]` is the corner.
    fn reference(mode: Block, left: [u8; 4], corner: u8, above: [u8; 8]) -> [u8; 16] {
        let [l, a] = [left.map(u32::from).to_vec(), above.map(u32::from).to_vec()];
        let p = u32::from(corner);
        let e = [l[3], l[2], l[1], l[0], p, a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7]];
        let two = |x: u32, y: u32| (x + y + 1) >> 1;
        let three = |x: u32, y: u32, z: u32| (x + 2 * y + z + 2) >> 2;
        let at = |i: usize| three(e[i - 1], e[i], e[i + 1]);
        core::array::from_fn(|i| {
            let (y, x) = (i / 4, i % 4);
            let value = match mode {
                Block::Dc => (l.iter().sum::<u32>() + a[..4].iter().sum::<u32>() + 4) >> 3,
                Block::TrueMotion => (a[x] + l[y]).saturating_sub(p).min(255),
                Block::Vertical => at(5 + x),
                Block::Horizontal if y == 3 => three(l[2], l[3], l[3]),
                Block::Horizontal => at(3 - y),
                Block::DownLeft if x + y == 6 => three(a[6], a[7], a[7]),
                Block::DownLeft => at(6 + x + y),
                Block::DownRight => at(4 - y + x),
                Block::VerticalRight => match (2 * x).checked_sub(y) {
                    Some(n) if n % 2 == 0 => two(e[4 + n / 2], e[5 + n / 2]),
                    Some(n) => at(5 + n / 2),
                    None if 2 * x + 1 == y => at(4),
                    None => at(5 - y),
                },
                Block::VerticalLeft => match (y, x) {
                    (2, 3) => at(10),
                    (3, 3) => at(11),
                    (0 | 2, _) => two(a[x + y / 2], a[x + y / 2 + 1]),
                    _ => at(6 + x + y / 2),
                },
                Block::HorizontalDown => match (2 * y).checked_sub(x) {
                    Some(n) if n % 2 == 0 => two(e[4 - n / 2], e[3 - n / 2]),
                    Some(n) => at(3 - n / 2),
                    None if 2 * y + 1 == x => at(4),
                    None => at(3 + x),
                },
                Block::HorizontalUp => match x + 2 * y {
                    n if n > 5 => l[3],
                    5 => three(l[2], l[3], l[3]),
                    n if n % 2 == 0 => two(l[n / 2], l[n / 2 + 1]),
                    n => three(l[n / 2], l[n / 2 + 1], l[n / 2 + 2]),
                },
            };
            value as u8
        })
    }

    fn random(state: &mut u32) -> u8 {
        *state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (*state >> 24) as u8
    }

    #[test]
    fn blocks_are_predicted_as_defined() {
        let mut state = 3;
        for _ in 0..500 {
            let left = core::array::from_fn(|_| random(&mut state));
            let above = core::array::from_fn(|_| random(&mut state));
            let corner = random(&mut state);
            let edges = BlockEdges::new(left, corner, above);
            for mode in Block::ALL {
                let mut found = [0; 16];
                edges.predict(mode).store(&mut found);
                assert_eq!(found, reference(mode, left, corner, above), "{mode:?}");
            }
        }
    }

    #[test]
    fn macroblocks_are_predicted_as_defined() {
        let mut state = 4;
        for round in 0..100_u32 {
            let edges = Edges {
                above: core::array::from_fn(|_| random(&mut state)),
                left: core::array::from_fn(|_| random(&mut state)),
                corner: random(&mut state),
                has_above: round & 1 == 0,
                has_left: round & 2 == 0,
            };
            let Edges { above, left, corner, has_above, has_left } = edges;
            let chroma_edges =
                ChromaEdges { above, left, corners: [corner, 200], has_above, has_left };
            let value = |mode, x: usize, y: usize, corner: u8, mean: u32| match mode {
                Whole::Dc => mean as u8,
                Whole::Vertical => above[x],
                Whole::Horizontal => left[y],
                Whole::TrueMotion => (i32::from(above[x]) + i32::from(left[y]) - i32::from(corner))
                    .clamp(0, 255) as u8,
            };
            let mean = |from: usize, to: usize| {
                let around = [(has_above, &above), (has_left, &left)];
                let there: Vec<u32> = around
                    .iter()
                    .filter(|(there, _)| *there)
                    .flat_map(|(_, samples)| samples[from..to].iter().map(|v| u32::from(*v)))
                    .collect();
                let count = there.len() as u32;
                (there.iter().sum::<u32>() + count / 2).checked_div(count).unwrap_or(128)
            };
            for mode in Whole::ALL {
                let mut found = [[0; 16]; 16];
                luma(mode, &edges, &mut found);
                for (y, row) in found.iter().enumerate() {
                    let expected = core::array::from_fn(|x| value(mode, x, y, corner, mean(0, 16)));
                    assert_eq!(*row, expected, "{mode:?}");
                }
                let mut found = [[0; 16]; 8];
                chroma(mode, &chroma_edges, &mut found);
                for (y, row) in found.iter().enumerate() {
                    let expected = core::array::from_fn(|x| match x {
                        0..8 => value(mode, x, y, corner, mean(0, 8)),
                        _ => value(mode, x, y + 8, 200, mean(8, 16)),
                    });
                    assert_eq!(*row, expected, "{mode:?}");
                }
            }
        }
    }
}
