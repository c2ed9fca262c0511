//! Macroblocks: predictions and what is added to them (RFC 6386 §12, §14.5).

use super::super::predict::{self, ABOVE, Block, BlockEdges, ChromaEdges, Edges, LEFT};
use super::super::transform::{Rows, inverse, inverse_dc, rows};
use super::modes::{Luma, Modes};
use super::tokens::{Coefficients, Content};
use crate::simd::{I16x8, U8x16};

/// The last rows of the macroblocks above, before they are filtered.
pub struct Above {
    /// For each macroblock, and one more of what is at the right of the picture.
    luma: Vec<[u8; 16]>,
    /// Eight samples of Cb, eight of Cr.
    chroma: Vec<[u8; 16]>,
}

/// The macroblock at the left, before it is filtered, and what is above that.
#[derive(Clone, Copy)]
struct Left {
    luma: [u8; 16],
    chroma: [u8; 16],
    luma_corner: u8,
    chroma_corners: [u8; 2],
}

/// A macroblock's samples: luma, and rows of Cb and Cr side by side.
pub struct Samples {
    pub luma: [[u8; 16]; 16],
    pub chroma: [[u8; 16]; 8],
}

/// Macroblocks under way.
pub struct Reconstruction {
    above: Above,
    left: Left,
    wide: usize,
    /// Row of macroblocks.
    y: usize,
    pub samples: Samples,
}

impl Reconstruction {
    /// For rows of so many macroblocks.
    pub fn new(wide: usize) -> Self {
        let above = Above { luma: vec![[ABOVE; 16]; wide + 1], chroma: vec![[ABOVE; 16]; wide] };
        let left = Left {
            luma: [LEFT; 16],
            chroma: [LEFT; 16],
            luma_corner: ABOVE,
            chroma_corners: [ABOVE; 2],
        };
        let samples = Samples { luma: [[0; 16]; 16], chroma: [[0; 16]; 8] };
        Self { above, left, wide, y: 0, samples }
    }

    /// Begins row `y` of macroblocks.
    pub fn begin_row(&mut self, y: usize) {
        let corner = if y == 0 { ABOVE } else { LEFT };
        self.y = y;
        self.left = Left {
            luma: [LEFT; 16],
            chroma: [LEFT; 16],
            luma_corner: corner,
            chroma_corners: [corner; 2],
        };
        // At the right end the last sample above stands for those that are not there.
        if y > 0
            && let [.., last, beyond] = self.above.luma.as_mut_slice()
        {
            *beyond = [last[15]; 16];
        }
    }

    /// Makes the samples of macroblock `x` of the row.
    pub fn run(&mut self, x: usize, modes: &Modes, coefficients: &Coefficients) {
        let Some([above, right, ..]) = self.above.luma.get(x..) else { return };
        let Some(above_chroma) = self.above.chroma.get(x).copied() else { return };
        let (above, right) = (*above, *right);
        let (has_above, has_left) = (self.y > 0, x > 0);
        let Left { luma: left, chroma: left_chroma, luma_corner: corner, chroma_corners } =
            self.left;
        match modes.luma {
            Luma::Whole(mode) => {
                let edges = Edges { above, left, corner, has_above, has_left };
                predict::luma(mode, &edges, &mut self.samples.luma);
                add_luma(coefficients, &mut self.samples.luma);
            }
            Luma::Blocks(modes) => {
                blocks(&modes, coefficients, above, right, left, corner, &mut self.samples.luma);
            }
        }
        let edges = ChromaEdges {
            above: above_chroma,
            left: left_chroma,
            corners: chroma_corners,
            has_above,
            has_left,
        };
        predict::chroma(modes.chroma, &edges, &mut self.samples.chroma);
        add_chroma(coefficients, &mut self.samples.chroma);

        let Samples { luma, chroma } = &self.samples;
        self.left = Left {
            luma: core::array::from_fn(|y| luma[y][15]),
            chroma: core::array::from_fn(|y| if y < 8 { chroma[y][7] } else { chroma[y - 8][15] }),
            luma_corner: above[15],
            chroma_corners: [above_chroma[7], above_chroma[15]],
        };
        debug_assert!(x < self.wide);
        if let (Some(above), Some(above_chroma)) =
            (self.above.luma.get_mut(x), self.above.chroma.get_mut(x))
        {
            (*above, *above_chroma) = (luma[15], chroma[7]);
        }
    }
}

/// What the blocks of a pair add to their predictions; nothing, if both are empty.
#[inline(always)]
fn residuals(coefficients: &Coefficients, first: usize) -> Option<Rows> {
    let kinds = coefficients.kinds.get(first..first + 2)?;
    let [left, right] = coefficients.blocks.get(first..first + 2)? else { return None };
    if kinds.contains(&Content::More) {
        return Some(inverse(rows(left, right)));
    }
    if *kinds == [Content::Nothing; 2] {
        return None;
    }
    let (left, right) = (I16x8::splat(inverse_dc(left[0])), I16x8::splat(inverse_dc(right[0])));
    Some([left.join_low(right); 4])
}

/// Adds a row of a pair of blocks to eight samples.
#[inline(always)]
fn add(samples: &mut [u8; 8], residual: I16x8) {
    I16x8::load_bytes(samples).add(residual).store_bytes(samples);
}

/// Adds the residuals of the pair of blocks from `first` on to the half of rows that begins at `x`.
#[inline(always)]
fn add_pair(coefficients: &Coefficients, first: usize, samples: &mut [[u8; 16]], x: usize) {
    let Some(residuals) = residuals(coefficients, first) else { return };
    for (row, residual) in samples.iter_mut().zip(residuals) {
        let (halves, _) = row.as_chunks_mut::<8>();
        if let Some(half) = halves.get_mut(x) {
            add(half, residual);
        }
    }
}

fn add_luma(coefficients: &Coefficients, samples: &mut [[u8; 16]; 16]) {
    for (y, rows) in samples.chunks_exact_mut(4).enumerate() {
        add_pair(coefficients, y * 4, rows, 0);
        add_pair(coefficients, y * 4 + 2, rows, 1);
    }
}

fn add_chroma(coefficients: &Coefficients, samples: &mut [[u8; 16]; 8]) {
    for (y, rows) in samples.chunks_exact_mut(4).enumerate() {
        add_pair(coefficients, 16 + y * 2, rows, 0);
        add_pair(coefficients, 20 + y * 2, rows, 1);
    }
}

/// Predicts block by block, each from the ones before it.
fn blocks(
    modes: &[Block; 16],
    coefficients: &Coefficients,
    above: [u8; 16],
    right: [u8; 16],
    left: [u8; 16],
    corner: u8,
    samples: &mut [[u8; 16]; 16],
) {
    // The row above the blocks, and four samples more; those are the same for all rows.
    let mut line = [0; 20];
    line[..16].copy_from_slice(&above);
    line[16..].copy_from_slice(&right[..4]);
    let mut corner = corner;
    for (y, rows) in samples.as_chunks_mut::<4>().0.iter_mut().enumerate() {
        let mut left: [u8; 4] = core::array::from_fn(|i| left[y * 4 + i]);
        let next_corner = left[3];
        for pair in 0..2 {
            let residuals = residuals(coefficients, y * 4 + pair * 2);
            for side in 0..2 {
                let x = pair * 8 + side * 4;
                let above = core::array::from_fn(|i| line[x + i]);
                let mode = modes[y * 4 + x / 4];
                let predicted = BlockEdges::new(left, corner, above).predict(mode);
                let block = match &residuals {
                    None => predicted,
                    Some([r0, r1, r2, r3]) => {
                        let (upper, lower) = if side == 0 {
                            (r0.join_low(*r1), r2.join_low(*r3))
                        } else {
                            (r0.join_high(*r1), r2.join_high(*r3))
                        };
                        let (high, low) = predicted.widen();
                        U8x16::narrow(high.add(upper), low.add(lower))
                    }
                };
                let mut bytes = [0; 16];
                block.store(&mut bytes);
                for (row, four) in rows.iter_mut().zip(bytes.as_chunks::<4>().0) {
                    row[x..x + 4].copy_from_slice(four);
                }
                corner = line[x + 3];
                left = [bytes[3], bytes[7], bytes[11], bytes[15]];
            }
        }
        line[..16].copy_from_slice(&rows[3]);
        corner = next_corner;
    }
}
