//! Coefficients (RFC 6386 §13).

use super::super::tables::{BANDS, CATEGORIES, Kind, Probability, TokenProbabilities, ZIGZAG};
use super::super::transform::inverse_walsh_hadamard;
use super::boolean::Boolean;
use super::header::Steps;

/// The coefficients of a macroblock, dequantised: 16 blocks of luma, 4 of Cb, 4 of Cr.
pub struct Coefficients {
    pub blocks: [[i16; 16]; 24],
    /// What is in each: nothing, a DC, or more.
    pub kinds: [Content; 24],
}

/// What a block holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    Nothing,
    Dc,
    More,
}

/// Which blocks at an edge of a macroblock have coefficients: four of luma, two of each chroma
/// plane, and the block of luma's DCs.
#[derive(Clone, Copy, Default)]
pub struct Edge {
    luma: [bool; 4],
    chroma: [[bool; 2]; 2],
    luma_dc: bool,
}

impl Edge {
    /// After a macroblock without coefficients, which has a block of DCs or not.
    pub fn clear(&mut self, has_luma_dc: bool) {
        let luma_dc = self.luma_dc && !has_luma_dc;
        *self = Self { luma_dc, ..Self::default() };
    }
}

impl Coefficients {
    pub fn new() -> Self {
        Self { blocks: [[0; 16]; 24], kinds: [Content::Nothing; 24] }
    }

    /// Forgets all coefficients.
    pub fn clear(&mut self) {
        for (block, kind) in self.blocks.iter_mut().zip(&mut self.kinds) {
            if *kind != Content::Nothing {
                *block = [0; 16];
                *kind = Content::Nothing;
            }
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.kinds.iter().all(|kind| *kind == Content::Nothing)
    }

    /// Reads a macroblock's coefficients, all of which must be zero.
    pub fn read(
        &mut self,
        bits: &mut Boolean<'_>,
        probabilities: &TokenProbabilities,
        steps: &Steps,
        has_luma_dc: bool,
        (above, left): (&mut Edge, &mut Edge),
    ) {
        // Kept in registers while blocks are read.
        let mut local = *bits;
        let bands = |kind: Kind| &probabilities[kind as usize];
        let mut first = 0;
        let mut kind = Kind::Luma;
        if has_luma_dc {
            let mut block = [0; 16];
            let context = u8::from(above.luma_dc) + u8::from(left.luma_dc);
            let end = read(&mut local, bands(Kind::LumaDc), context, 0, steps.luma_dc, &mut block);
            (above.luma_dc, left.luma_dc) = (end > 0, end > 0);
            if end > 0 {
                let dcs = inverse_walsh_hadamard(&block);
                for (block, dc) in self.blocks.iter_mut().zip(dcs) {
                    block[0] = dc;
                }
            }
            (first, kind) = (1, Kind::LumaAc);
        }
        let (luma, chroma) = self.blocks.split_at_mut(16);
        let (luma_kinds, chroma_kinds) = self.kinds.split_at_mut(16);
        let rows = luma.as_chunks_mut::<4>().0.iter_mut();
        let rows = rows.zip(luma_kinds.as_chunks_mut::<4>().0).zip(&mut left.luma);
        for ((blocks, kinds), left) in rows {
            for ((block, content), above) in blocks.iter_mut().zip(kinds).zip(&mut above.luma) {
                let context = u8::from(*above) + u8::from(*left);
                let end = read(&mut local, bands(kind), context, first, steps.luma, block);
                (*above, *left) = (end > first, end > first);
                *content = Content::of(end, block);
            }
        }
        let planes = chroma.as_chunks_mut::<4>().0.iter_mut();
        let planes = planes.zip(chroma_kinds.as_chunks_mut::<4>().0);
        let edges = above.chroma.iter_mut().zip(&mut left.chroma);
        for ((blocks, kinds), (above, left)) in planes.zip(edges) {
            for (i, (block, content)) in blocks.iter_mut().zip(kinds).enumerate() {
                let (above, left) = (&mut above[i & 1], &mut left[i >> 1 & 1]);
                let context = u8::from(*above) + u8::from(*left);
                let end = read(&mut local, bands(Kind::Chroma), context, 0, steps.chroma, block);
                (*above, *left) = (end > 0, end > 0);
                *content = Content::of(end, block);
            }
        }
        *bits = local;
    }
}

impl Content {
    /// Of a block that ends before coefficient `end`.
    #[inline(always)]
    fn of(end: usize, block: &[i16; 16]) -> Self {
        match (end, block[0]) {
            (2.., _) => Self::More,
            (_, 0) => Self::Nothing,
            _ => Self::Dc,
        }
    }
}

/// Reads a block from coefficient `first` on; gives the place behind the last one.
#[inline(always)]
fn read(
    bits: &mut Boolean<'_>,
    bands: &[[[Probability; 11]; 3]; 8],
    context: u8,
    first: usize,
    steps: [i16; 2],
    block: &mut [i16; 16],
) -> usize {
    let band = |at: usize| &bands[usize::from(BANDS[at]) & 7];
    let mut at = first;
    let mut tokens = &band(at)[usize::from(context) % 3];
    while at < 16 {
        bits.refill::<5>();
        if !bits.ready(tokens[0]) {
            return at;
        }
        // After a zero the block does not end.
        while !bits.ready(tokens[1]) {
            at += 1;
            if at == 16 {
                return 16;
            }
            tokens = &band(at)[0];
            bits.refill::<4>();
        }
        let next = band(at + 1);
        let value = if bits.ready(tokens[2]) {
            let value = large(bits, tokens);
            tokens = &next[2];
            value
        } else {
            tokens = &next[1];
            1
        };
        let value = bits.with_sign(value);
        let step = steps[usize::from(at > 0)];
        // Sixteen bits, as decoders commonly have; more no encoder makes.
        block[usize::from(ZIGZAG[at]) & 15] = (value * i32::from(step)) as i16;
        at += 1;
    }
    16
}

/// Reads a value from 2 on, and sees to it that a sign can be read.
#[inline(always)]
fn large(bits: &mut Boolean<'_>, tokens: &[Probability; 11]) -> i32 {
    bits.refill::<5>();
    if !bits.ready(tokens[3]) {
        if !bits.ready(tokens[4]) {
            return 2;
        }
        return 3 + i32::from(bits.ready(tokens[5]));
    }
    larger(bits, tokens)
}

/// Reads a value from 5 on.
#[inline(always)]
fn larger(bits: &mut Boolean<'_>, tokens: &[Probability; 11]) -> i32 {
    let category = if !bits.ready(tokens[6]) {
        usize::from(bits.ready(tokens[7]))
    } else {
        let high = usize::from(bits.ready(tokens[8]));
        2 + 2 * high + usize::from(bits.ready(tokens[9 + high]))
    };
    let (least, probabilities) = CATEGORIES[category];
    let more = probabilities.iter().fold(0, |more, p| more << 1 | i32::from(bits.bit(*p)));
    bits.refill::<1>();
    i32::from(least) + more
}
