//! The order and the contexts of levels (AV1 §5.11.39, §8.3.2): shared by what writes them and by what
//! counts their bits.

use super::edges::Context;
use super::scan::{SCAN4, SCAN8, SCAN16, SCAN32};
use super::{Kind, Mode};

/// Levels from here on have an Exp-Golomb code for the rest.
pub const LARGE: u32 = 15;

/// What the symbols of a transform block depend on.
#[derive(Clone, Copy)]
pub struct Form {
    /// 0 for luma.
    pub plane: usize,
    /// The log2 of its side.
    pub log2: usize,
    /// How it is transformed, which is said of luma.
    pub kind: Kind,
    /// The block's mode of luma.
    pub mode: Mode,
    /// What is around it.
    pub context: Context,
}

impl Form {
    /// How many samples it has.
    pub const fn count(&self) -> usize {
        1 << (2 * self.log2)
    }
}

/// What hears of levels.
pub trait Visitor {
    /// The last level, which is not zero.
    fn last(&mut self, context: usize, level: Level);
    /// Another level.
    fn level(&mut self, context: usize, level: Level);
}

/// A level.
#[derive(Clone, Copy)]
pub struct Level {
    /// Its magnitude.
    pub magnitude: u32,
    /// The context of what it has above 3.
    pub more: usize,
}

/// The class of how many levels there are, from 0 on for one level, and how many bits say where in that
/// class (AV1 §5.11.39, `eobPt` − 1, and the rest).
pub const fn class(end: usize) -> usize {
    if end < 2 { 0 } else { (end - 1).ilog2() as usize + 1 }
}

/// Tells of the magnitudes of levels by rows of a square of side 2^`log2`, of which there are `end` in
/// the order of coding, from the last one on.
#[inline(always)]
pub fn visit(log2: usize, levels: &[i16], end: usize, visitor: &mut impl Visitor) {
    match log2 {
        2 => walk::<4, 16, 24>(&SCAN4, levels, end, visitor),
        3 => walk::<8, 64, 80>(&SCAN8, levels, end, visitor),
        4 => walk::<16, 256, 288>(&SCAN16, levels, end, visitor),
        _ => walk::<32, 1024, 1088>(&SCAN32, levels, end, visitor),
    }
}

/// The rows have no margin, as what is right of them is the beginning of the next ones, which come later
/// in this order and so are zero still. Below there are two rows more.
#[inline(always)]
fn walk<const SIDE: usize, const AREA: usize, const PADDED: usize>(
    scan: &[u16; AREA],
    levels: &[i16],
    end: usize,
    visitor: &mut impl Visitor,
) {
    let Some(levels) = levels.first_chunk::<AREA>() else { return };
    let magnitude = |position: usize| u32::from(levels[position & (AREA - 1)].unsigned_abs());
    if end <= 1 {
        return visitor.last(0, Level { magnitude: magnitude(0), more: 0 });
    }
    let mut near = [0_u8; PADDED];
    let index = end.min(AREA) - 1;
    let position = usize::from(scan[index]);
    let level = magnitude(position);
    visitor.last(last_context(index, AREA), Level { magnitude: level, more: NEARNESS.of(index).1 });
    near[position & (AREA - 1)] = packed(level);
    for index in (0..index).rev() {
        let position = usize::from(scan[index]) & (AREA - 1);
        let at = |offset: usize| u32::from(near[position + offset]);
        let nearest = at(1) + at(SIDE) + at(SIDE + 1);
        let all = nearest + at(2) + at(2 * SIDE);
        let level = magnitude(position);
        near[position] = packed(level);
        // The lower sum can go over 64 only where the upper one is beyond what counts.
        let (base, more) = NEARNESS.of(index);
        let base =
            if index == 0 { 0 } else { base + ((all >> 6) as usize + 1).div_euclid(2).min(4) };
        let more = more + ((nearest & 63) as usize).div_ceil(2).min(6);
        visitor.level(base, Level { magnitude: level, more });
    }
}

/// The context of the last level, by its index among so many.
#[inline(always)]
pub const fn last_context(index: usize, area: usize) -> usize {
    if index == 0 { 0 } else { 1 + (index > area / 8) as usize + (index > area / 4) as usize }
}

/// A magnitude as contexts go by it: up to 3 in the upper two bits, up to 15 in the lower ones, so that both can be
/// added up at once.
#[inline(always)]
pub fn packed(level: u32) -> u8 {
    (level.min(3) << 6 | level.min(LARGE)) as u8
}

/// What contexts begin at, by how near DC a level is, that is by index.
pub struct Nearness;
pub const NEARNESS: Nearness = Nearness;

impl Nearness {
    /// Of a level, and of what it has above 3.
    #[inline(always)]
    pub const fn of(self, index: usize) -> (usize, usize) {
        match index {
            0 => (0, 0),
            1 | 2 => (1, 7),
            // In the second row and column.
            4 => (6, 7),
            3..10 => (6, 14),
            _ => (11, 14),
        }
    }
}
