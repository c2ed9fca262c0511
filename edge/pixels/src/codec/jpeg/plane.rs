//! One component of the picture: rows of blocks on their way to samples on their way to the way.

use super::bits::Bits;
use super::block::{self, Coding};
use super::idct::{idct1, idct2, idct4_pair, idct8};
use crate::failure::Failure;
use crate::reduce::Reduce;

/// A row of blocks, with as many coefficients of each as the scale needs.
pub enum Blocks {
    N1(Vec<[i16; 1]>),
    N4(Vec<[i16; 4]>),
    N16(Vec<[i16; 16]>),
    N64(Vec<[i16; 64]>),
}

/// Does the same with blocks of whichever size.
macro_rules! each_size {
    ($blocks:expr, $name:ident => $body:expr) => {
        match $blocks {
            Blocks::N1($name) => $body,
            Blocks::N4($name) => $body,
            Blocks::N16($name) => $body,
            Blocks::N64($name) => $body,
        }
    };
}
pub(super) use each_size;

impl Blocks {
    /// `count` empty blocks for samples at 1/`denominator`.
    pub fn new(count: usize, denominator: u32) -> Result<Self, Failure> {
        Ok(match denominator {
            8 => Self::N1(zeros(count)?),
            4 => Self::N4(zeros(count)?),
            2 => Self::N16(zeros(count)?),
            _ => Self::N64(zeros(count)?),
        })
    }

    /// Bytes of one block.
    pub fn bytes(denominator: u32) -> u64 {
        128 / u64::from(denominator * denominator)
    }

    /// Samples along a side of a block.
    pub fn side(&self) -> usize {
        match self {
            Self::N1(_) => 1,
            Self::N4(_) => 2,
            Self::N16(_) => 4,
            Self::N64(_) => 8,
        }
    }

    /// Decodes block `index`, which must be empty.
    #[inline(always)]
    pub fn decode(
        &mut self,
        index: usize,
        bits: &mut Bits<'_>,
        coding: &Coding<'_>,
        before: &mut i32,
    ) {
        each_size!(self, blocks => {
            if let Some(block) = blocks.get_mut(index) {
                block::decode(bits, coding, before, block);
            }
        });
    }

    /// Empties all blocks.
    pub fn clear(&mut self) {
        match self {
            Self::N1(blocks) => blocks.fill([0; 1]),
            Self::N4(blocks) => blocks.fill([0; 4]),
            Self::N16(blocks) => blocks.fill([0; 16]),
            Self::N64(blocks) => blocks.fill([0; 64]),
        }
    }

    /// Transforms blocks `from..from + count` into samples, rows `stride` apart.
    pub fn samples(&self, from: usize, count: usize, out: &mut [u8], stride: usize) {
        let range = from..from + count;
        match self {
            Self::N1(blocks) => {
                let blocks = blocks.get(range).unwrap_or_default();
                for (out, [dc]) in out.iter_mut().zip(blocks) {
                    *out = idct1(*dc);
                }
            }
            Self::N4(blocks) => {
                for (i, block) in blocks.get(range).unwrap_or_default().iter().enumerate() {
                    idct2(block, out.get_mut(i * 2..).unwrap_or_default(), stride);
                }
            }
            Self::N16(blocks) => {
                let blocks = blocks.get(range).unwrap_or_default();
                let (pairs, rest) = blocks.as_chunks::<2>();
                for (i, pair) in pairs.iter().enumerate() {
                    idct4_pair(pair, out.get_mut(i * 8..).unwrap_or_default(), stride);
                }
                if let [last] = rest {
                    // Rows have room for a whole pair.
                    let at = pairs.len() * 8;
                    idct4_pair(&[*last; 2], out.get_mut(at..).unwrap_or_default(), stride);
                }
            }
            Self::N64(blocks) => {
                for (i, block) in blocks.get(range).unwrap_or_default().iter().enumerate() {
                    idct8(block, out.get_mut(i * 8..).unwrap_or_default(), stride);
                }
            }
        }
    }
}

fn zeros<const N: usize>(count: usize) -> Result<Vec<[i16; N]>, Failure> {
    let mut blocks = Vec::new();
    blocks.try_reserve_exact(count).map_err(|_| Failure::out_of_memory(count * N * 2))?;
    blocks.resize(count, [0; N]);
    Ok(blocks)
}

/// A strip of samples as high as a row of blocks.
pub struct Strip {
    samples: Vec<u8>,
    stride: usize,
    side: usize,
}

impl Strip {
    /// A strip of `count` blocks of `side` × `side` samples.
    pub fn new(count: usize, side: usize) -> Self {
        // An even number of blocks, since some transforms work on two at a time.
        let stride = count.next_multiple_of(2) * side;
        Self { samples: vec![0; stride * side], stride, side }
    }

    /// Gives the samples of a row of blocks to the way, at most `rows` of them.
    pub fn give(
        &mut self,
        blocks: &Blocks,
        from: usize,
        count: usize,
        rows: u32,
        way: &mut Reduce,
    ) {
        let side = self.side as u32;
        if !way.wants(rows.min(side)) {
            return;
        }
        blocks.samples(from, count, &mut self.samples, self.stride);
        for row in self.samples.chunks_exact(self.stride).take(rows.min(side) as usize) {
            way.row(row);
        }
    }
}
