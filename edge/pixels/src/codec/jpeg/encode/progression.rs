//! Coding the blocks of a progressive scan (ITU-T T.81 §G.1.2), and which scans there are.

use super::fdct::Block;
use super::sequence::magnitude;
use super::symbols::Symbols;

/// A scan: which coefficients of which planes, and which of their bits.
#[derive(Clone, Copy)]
pub struct Step {
    /// Index of the plane; all of them if none is said.
    pub plane: Option<usize>,
    /// First and last coefficient, in zigzag order.
    pub band: (u32, u32),
    /// The lowest bit that came before, if any did.
    pub before: Option<u32>,
    /// The lowest bit that comes.
    pub low: u32,
}

const fn step(plane: Option<usize>, band: (u32, u32), before: Option<u32>, low: u32) -> Step {
    Step { plane, band, before, low }
}

/// The script of the Independent JPEG Group for luma and chroma: a coarse whole picture after a
/// tenth of the bytes.
pub const COLOUR: &[Step] = &[
    step(None, (0, 0), None, 1),
    step(Some(0), (1, 5), None, 2),
    step(Some(2), (1, 63), None, 1),
    step(Some(1), (1, 63), None, 1),
    step(Some(0), (6, 63), None, 2),
    step(Some(0), (1, 63), Some(2), 1),
    step(None, (0, 0), Some(1), 0),
    step(Some(2), (1, 63), Some(1), 0),
    step(Some(1), (1, 63), Some(1), 0),
    step(Some(0), (1, 63), Some(1), 0),
];

/// The same for grey.
pub const GREY: &[Step] = &[
    step(None, (0, 0), None, 1),
    step(Some(0), (1, 5), None, 2),
    step(Some(0), (6, 63), None, 2),
    step(Some(0), (1, 63), Some(2), 1),
    step(None, (0, 0), Some(1), 0),
    step(Some(0), (1, 63), Some(1), 0),
];

/// Codes a DC value for the first time, after one of `before`; gives its own.
pub fn put_dc<S: Symbols>(
    out: &mut S,
    table: &S::Table,
    block: &Block,
    low: u32,
    before: i32,
) -> i32 {
    let value = block.dc() >> low;
    let (size, bits) = magnitude(value - before);
    out.symbol(table, size, bits, size);
    value
}

/// Codes one more bit of a DC value.
pub fn refine_dc<S: Symbols>(out: &mut S, block: &Block, low: u32) {
    out.bits((block.dc() >> low) as u32 & 1, 1);
}

/// The AC coefficients of the blocks of a plane, one scan.
pub struct Band<'a, S: Symbols> {
    table: &'a S::Table,
    step: Step,
    /// The band as a mask.
    within: u64,
    /// Blocks that end with nothing more to come, not yet told.
    ended: u32,
    /// The bits of known coefficients of those blocks.
    corrections: Vec<u8>,
}

/// Most blocks that one symbol can tell to have ended.
const LONGEST_RUN: u32 = 0x7fff;

/// Corrections are written when there are more: they and those of one more block are what a unit may
/// take in a file.
const CORRECTIONS: usize = 900;

impl<'a, S: Symbols> Band<'a, S> {
    pub fn new(table: &'a S::Table, step: Step) -> Self {
        let (first, last) = step.band;
        let within = (u64::MAX >> (63 - last)) & (u64::MAX << first);
        Self { table, step, within, ended: 0, corrections: Vec::new() }
    }

    /// Codes the next block.
    pub fn put(&mut self, out: &mut S, block: &Block) {
        match self.step.before {
            None => self.first(out, block),
            Some(_) => self.refine(out, block),
        }
        if self.ended == LONGEST_RUN || self.corrections.len() > CORRECTIONS {
            self.end(out);
        }
    }

    /// T.81 §G.1.2.2.
    fn first(&mut self, out: &mut S, block: &Block) {
        let mut next = self.step.band.0;
        let mut order = block.mask & self.within;
        while order != 0 {
            let k = order.trailing_zeros();
            order &= order - 1;
            let value = block.ac(k);
            // Bits are cut off the magnitude, so that both signs round towards zero.
            let (size, bits) = magnitude((value.abs() >> self.step.low) * value.signum());
            if size == 0 {
                continue;
            }
            self.end(out);
            let mut run = k - next;
            next = k + 1;
            while run > 15 {
                out.symbol(self.table, 0xf0, 0, 0);
                run -= 16;
            }
            out.symbol(self.table, run << 4 | size, bits, size);
        }
        if next <= self.step.band.1 {
            self.ended += 1;
        }
    }

    /// T.81 §G.1.2.3.
    fn refine(&mut self, out: &mut S, block: &Block) {
        let low = self.step.low;
        let magnitude = |k: u32| block.ac(k).unsigned_abs() >> low;
        let mut present = 0_u64;
        let mut new = 0_u64;
        let mut order = block.mask & self.within;
        while order != 0 {
            let k = order.trailing_zeros();
            order &= order - 1;
            present |= u64::from(magnitude(k) > 0) << k;
            new |= u64::from(magnitude(k) == 1) << k;
        }
        // Zeros since the last symbol, and the corrections that come after the next one.
        let mut run = 0;
        let mut corrections = Vec::new();
        let mut next = self.step.band.0;
        let mut order = present;
        while order != 0 {
            let k = order.trailing_zeros();
            order &= order - 1;
            run += k - next;
            next = k + 1;
            // Long runs are told only as long as a new coefficient follows.
            while run > 15 && new >> k != 0 {
                self.end(out);
                out.symbol(self.table, 0xf0, 0, 0);
                put_bits(out, &mut corrections);
                run -= 16;
            }
            if new >> k & 1 == 0 {
                corrections.push((magnitude(k) & 1) as u8);
                continue;
            }
            self.end(out);
            out.symbol(self.table, run << 4 | 1, u32::from(block.ac(k) > 0), 1);
            put_bits(out, &mut corrections);
            run = 0;
        }
        if run > 0 || next <= self.step.band.1 || !corrections.is_empty() {
            self.ended += 1;
            self.corrections.append(&mut corrections);
        }
    }

    /// Tells how many blocks have ended, and their corrections.
    pub fn end(&mut self, out: &mut S) {
        if self.ended == 0 {
            return;
        }
        let size = self.ended.ilog2();
        out.symbol(self.table, size << 4, self.ended - (1 << size), size);
        self.ended = 0;
        put_bits(out, &mut self.corrections);
    }
}

/// Writes bits and forgets them.
fn put_bits<S: Symbols>(out: &mut S, bits: &mut Vec<u8>) {
    for bit in bits.drain(..) {
        out.bits(bit.into(), 1);
    }
}
