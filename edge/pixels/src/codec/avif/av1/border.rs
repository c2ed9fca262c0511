//! What stands around a block: the samples that it is predicted from (AV1 §7.11.2).

use super::lines::lines;

/// The part of a plane that a tile has, in samples of the plane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Area {
    width: usize,
    height: usize,
    /// The side of a superblock: 64, or 32 where the plane is halved.
    superblock: usize,
}

impl Area {
    /// Of a tile of so many luma samples, of which it may end at the frame's edge; `shift` is 0 for
    /// luma and where chroma is full, 1 where it is halved.
    pub fn new(tile_width: usize, tile_height: usize, shift: usize) -> Self {
        // Decoders count in blocks of 8 × 8 (`MiCols`, `MiRows`; AV1 §5.9.9).
        let side = |length: usize| length.next_multiple_of(8) >> shift;
        Self { width: side(tile_width), height: side(tile_height), superblock: 64 >> shift.min(1) }
    }

    /// Whether the samples above on the right of a block, of which one is above already, were
    /// decoded before it (`haveAboveRt`; AV1 §5.11.35 and §5.11.3).
    fn has_above_right(&self, x: usize, y: usize, side: usize) -> bool {
        let (column, row) = (x & (self.superblock - 1), y & (self.superblock - 1));
        if row == 0 {
            // The superblocks above are there, as far as the tile is.
            x + side < self.width
        } else {
            // A superblock on the right is not, nor are the blocks of this one that come later.
            column + side < self.superblock && number(column + side, row - 1) < number(column, row)
        }
    }

    /// Whether the samples at the left below a block, of which one is at the left already, were
    /// decoded before it (`haveBelowLft`).
    fn has_below_left(&self, x: usize, y: usize, side: usize) -> bool {
        let (column, row) = (x & (self.superblock - 1), y & (self.superblock - 1));
        if row + side >= self.superblock {
            false
        } else if column == 0 {
            y + side < self.height
        } else {
            number(column - 1, row + side) < number(column, row)
        }
    }
}

/// When a superblock's samples at a place are decoded: its coordinates' bits by turns, as blocks
/// are halves of halves.
fn number(x: usize, y: usize) -> usize {
    let spread = |value: usize| {
        let value = (value | value << 4) & 0x0f0f;
        let value = (value | value << 2) & 0x3333;
        (value | value << 1) & 0x5555
    };
    // Places of 4 × 4 samples.
    spread(x >> 2) | spread(y >> 2) << 1
}

/// Samples before the block's first one in [`Border::above`] and [`Border::left`].
pub(super) const BEFORE: usize = 16;

/// Samples of an edge with what comes before, and repetitions behind the `2 · side` that count.
pub(super) const LENGTH: usize = BEFORE + 2 * 32 + 64;

/// The samples around a block.
#[derive(Clone, Debug)]
pub struct Border {
    /// From [`BEFORE`] on the row above, twice as long as the block; then its last sample,
    /// repeated. The corner comes before.
    pub(super) above: [u8; LENGTH],
    /// The same of the column at the left.
    pub(super) left: [u8; LENGTH],
    /// Whether there is a row above in the tile.
    pub(super) has_above: bool,
    /// Whether there is a column at the left in the tile.
    pub(super) has_left: bool,
}

impl Default for Border {
    fn default() -> Self {
        Self { above: [0; LENGTH], left: [0; LENGTH], has_above: false, has_left: false }
    }
}

impl Border {
    /// Collects what is around the block at `x`, `y` with sides of 2^`log2` (2 to 5) in what is
    /// shown of a plane. Places are counted from the tile's upper left corner, and `samples`
    /// begins there.
    ///
    /// It must hold what a decoder has when it comes to this block, also where blocks go beyond the
    /// frame.
    pub fn collect(
        &mut self,
        area: &Area,
        samples: &[u8],
        stride: usize,
        x: usize,
        y: usize,
        log2: usize,
    ) {
        let side = 1_usize << log2.min(5);
        (self.has_above, self.has_left) = (y > 0, x > 0);
        let at = |x: usize, y: usize| samples.get(y * stride + x).copied().unwrap_or_default();
        let (row, column) = (y.wrapping_sub(1), x.wrapping_sub(1));
        // Without one edge, all of it is as the nearest sample of the other.
        let (corner, no_above, no_left) = match (self.has_above, self.has_left) {
            (true, true) => (at(column, row), 0, 0),
            (true, false) => (at(x, row), 0, at(x, row)),
            (false, true) => (at(column, y), at(column, y), 0),
            (false, false) => (128, 127, 129),
        };
        let known = |more: bool, place: usize, length: usize| {
            (if more { 2 * side } else { side }).min(length.saturating_sub(place))
        };

        let mut count = 0;
        if self.has_above {
            count = known(area.has_above_right(x, y, side), x, area.width);
            let line = samples.get(row * stride + x..).unwrap_or_default();
            copy(&mut self.above, line, count);
        }
        finish(&mut self.above, corner, count, no_above, side);

        let mut count = 0;
        if self.has_left {
            let wanted = known(area.has_below_left(x, y, side), y, area.height);
            let samples = samples.get(y * stride + column..).unwrap_or_default();
            let (_, edge) = self.left.split_at_mut(BEFORE);
            for (edge, line) in edge.iter_mut().zip(lines(samples, stride, 1, wanted)) {
                *edge = line.first().copied().unwrap_or_default();
                count += 1;
            }
        }
        finish(&mut self.left, corner, count, no_left, side);
    }

    /// What stands above and at the left, from the block's first sample on, and the corner.
    #[cfg(test)]
    pub fn parts(&self) -> (&[u8], &[u8], u8) {
        let ((before, above), (_, left)) =
            (self.above.split_at(BEFORE), self.left.split_at(BEFORE));
        (above, left, before.last().copied().unwrap_or_default())
    }
}

/// Copies so many samples, and as it may be some more, 16 at a time.
#[inline(always)]
fn copy(edge: &mut [u8; LENGTH], line: &[u8], count: usize) {
    let (_, edge) = edge.split_at_mut(BEFORE);
    for (start, edge) in (0..count).step_by(16).zip(edge.as_chunks_mut::<16>().0) {
        let line = line.get(start..).unwrap_or_default();
        if let Some(line) = line.first_chunk() {
            *edge = *line;
        } else {
            edge.iter_mut().zip(line).for_each(|(edge, sample)| *edge = *sample);
        }
    }
}

/// Sets the corner, and repeats the last of the first samples, or `none` if there are none.
#[inline(always)]
fn finish(edge: &mut [u8; LENGTH], corner: u8, count: usize, none: u8, side: usize) {
    edge[BEFORE - 1] = corner;
    let last = if count > 0 { edge.get(BEFORE + count - 1).copied() } else { None };
    let last = [last.unwrap_or(none); 16];
    for start in (count..3 * side + 16).step_by(16) {
        let edge = edge.get_mut(BEFORE + start..).unwrap_or_default();
        if let Some(edge) = edge.first_chunk_mut() {
            *edge = last;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::super::tests::{random, sample};
    use super::*;

    /// A decoder's reconstruction of a plane, and its `BlockDecoded` of the superblock that it is
    /// at (AV1 §5.11.3).
    struct Decoder {
        state: u32,
        area: Area,
        shift: usize,
        stride: usize,
        /// Zero where nothing is yet.
        samples: Vec<u8>,
        decoded: HashMap<(isize, isize), bool>,
    }

    impl Decoder {
        fn run(&mut self) {
            let Area { width, height, superblock } = self.area;
            let last = superblock as isize / 4;
            for top in (0..height).step_by(superblock) {
                for start in (0..width).step_by(superblock) {
                    let (columns, rows) =
                        ((width - start) as isize / 4, (height - top) as isize / 4);
                    self.decoded.clear();
                    for y in -1..=last {
                        for x in -1..=last {
                            let is_decoded = y < 0 && x < columns || y >= 0 && x < 0 && y < rows;
                            self.decoded.insert((x, y), is_decoded);
                        }
                    }
                    self.decoded.insert((-1, last), false);
                    self.split(start, top, superblock);
                }
            }
        }

        /// A square, split where it must be, and at random.
        fn split(&mut self, x: usize, y: usize, side: usize) {
            let Area { width, height, .. } = self.area;
            if x >= width || y >= height {
                return;
            }
            let half = side / 2;
            let must = side << self.shift == 64 || x + half >= width || y + half >= height;
            if side > 4 && (must || random(&mut self.state, 100) > 0) {
                for (right, down) in [(0, 0), (half, 0), (0, half), (half, half)] {
                    self.split(x + right, y + down, half);
                }
            } else {
                self.block(x, y, side);
            }
        }

        /// Compares the border with the definition (AV1 §7.11.2), then decodes noise.
        fn block(&mut self, x: usize, y: usize, side: usize) {
            let Area { width, height, superblock } = self.area;
            let at = |x: usize, y: usize| self.samples[y * self.stride + x];
            let (column, row) = ((x % superblock / 4) as isize, (y % superblock / 4) as isize);
            let count = (side / 4) as isize;
            let above_right = self.decoded[&(column + count, row - 1)];
            let below_left = self.decoded[&(column - 1, row + count)];
            let reach = |more: bool, i: usize| if more { i } else { i.min(side - 1) };
            let above = (0..2 * side).map(|i| match (y > 0, x > 0) {
                (true, _) => at((x + reach(above_right, i)).min(width - 1), y - 1),
                (_, true) => at(x - 1, y),
                _ => 127,
            });
            let left = (0..2 * side).map(|i| match (x > 0, y > 0) {
                (true, _) => at(x - 1, (y + reach(below_left, i)).min(height - 1)),
                (_, true) => at(x, y - 1),
                _ => 129,
            });
            let corner = match (x > 0, y > 0) {
                (true, true) => at(x - 1, y - 1),
                (true, false) => at(x - 1, y),
                (false, true) => at(x, y - 1),
                _ => 128,
            };
            let (above, left): (Vec<u8>, Vec<u8>) = (above.collect(), left.collect());
            assert!(corner > 0 && above.iter().chain(&left).all(|sample| *sample > 0));
            let mut border = Border::default();
            let log2 = side.trailing_zeros() as usize;
            border.collect(&self.area, &self.samples, self.stride, x, y, log2);
            let found = border.parts();
            assert_eq!((&found.0[..2 * side], found.2), (&above[..], corner), "{x} {y} {side}");
            assert_eq!(found.1[..2 * side], left[..], "{x} {y} {side}");

            for line in self.samples.chunks_mut(self.stride).skip(y).take(side) {
                line[x..x + side].fill_with(|| sample(&mut self.state) | 1);
            }
            for y in row..row + count {
                self.decoded.extend((column..column + count).map(|x| ((x, y), true)));
            }
        }
    }

    #[test]
    fn borders_are_what_a_decoder_has() {
        let mut state = 21;
        for round in 0..60 {
            let mut length = || random(&mut state, 1_000).unsigned_abs() as usize % 200 + 1;
            let (width, height, shift) = (length(), length(), round % 2);
            let area = Area::new(width, height, shift);
            let (stride, lines) =
                (area.width.next_multiple_of(64), area.height.next_multiple_of(64));
            let samples = vec![0; stride * lines];
            Decoder { state, area, shift, stride, samples, decoded: HashMap::new() }.run();
        }
    }
}
