//! Coefficients (RFC 6386 §13).

use core::ops::Range;

use super::super::tables::{BANDS, CATEGORIES, Kind, Probability, TokenProbabilities, ZIGZAG};
use super::super::transform::inverse_walsh_hadamard;
use super::boolean::Boolean;
use super::header::Steps;

/// The coefficients of a macroblock, dequantised: 16 blocks of luma, 4 of Cb, 4 of Cr, and the one of
/// luma's DCs if there is one.
pub struct Coefficients {
    pub blocks: [[i16; 16]; BLOCKS],
    /// What is in each: nothing, a DC, or more.
    pub kinds: [Content; BLOCKS],
}

/// Blocks of a macroblock, the last of which is that of luma's DCs.
const BLOCKS: usize = LUMA_DCS + 1;
const LUMA_DCS: usize = 24;

/// What a block holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    Nothing,
    Dc,
    More,
}

/// Which blocks at an edge of a macroblock have coefficients: four of luma, two of each chroma
/// plane, and the block of luma's DCs. There is room for any index of four bits.
#[derive(Clone, Copy, Default)]
pub struct Edge([bool; 16]);

/// Where in an [`Edge`] the block of luma's DCs is.
const LUMA_DC: u8 = 8;

impl Edge {
    /// After a macroblock without coefficients, which has a block of DCs or not.
    pub fn clear(&mut self, has_luma_dc: bool) {
        let place = usize::from(LUMA_DC);
        let luma_dc = self.0[place] && !has_luma_dc;
        self.0 = [false; 16];
        self.0[place] = luma_dc;
    }
}

/// Blocks that are coded alike.
struct Part {
    kind: Kind,
    blocks: Range<usize>,
    first: usize,
    /// Of DC and of AC.
    steps: [i16; 2],
}

/// The places of blocks in the edges above and at the left.
const PLACES: [[u8; 2]; BLOCKS] = {
    let mut places = [[LUMA_DC; 2]; BLOCKS];
    let mut at = 0;
    while at < LUMA_DCS as u8 {
        let (first, wide) = if at < 16 { (0, 4) } else { (4 + (at - 16) / 4 * 2, 2) };
        places[at as usize] = [first + at % wide, first + at / wide % wide];
        at += 1;
    }
    places
};

impl Coefficients {
    pub fn new() -> Self {
        Self { blocks: [[0; 16]; BLOCKS], kinds: [Content::Nothing; BLOCKS] }
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

    /// Whether no sample has any.
    pub fn is_empty(&self) -> bool {
        self.kinds.iter().take(LUMA_DCS).all(|kind| *kind == Content::Nothing)
    }

    /// Gives luma its DCs.
    fn spread_dcs(&mut self) {
        let dcs = inverse_walsh_hadamard(&self.blocks[LUMA_DCS]);
        for (block, dc) in self.blocks.iter_mut().zip(dcs) {
            block[0] = dc;
        }
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
        let part = |kind, blocks, first, steps| Part { kind, blocks, first, steps };
        let luma = if has_luma_dc { (Kind::LumaAc, 1) } else { (Kind::Luma, 0) };
        let parts = [
            part(Kind::LumaDc, LUMA_DCS..BLOCKS, 0, steps.luma_dc),
            part(luma.0, 0..16, luma.1, steps.luma),
            part(Kind::Chroma, 16..LUMA_DCS, 0, steps.chroma),
        ];
        for part in parts.into_iter().skip(usize::from(!has_luma_dc)) {
            let bands = &probabilities[part.kind as usize];
            for at in part.blocks {
                let [above_place, left_place] = PLACES[at].map(|place| usize::from(place & 15));
                let context = u8::from(above.0[above_place]) + u8::from(left.0[left_place]);
                let block = &mut self.blocks[at];
                let end = read(&mut local, bands, context, part.first, part.steps, block);
                (above.0[above_place], left.0[left_place]) = (end > part.first, end > part.first);
                self.kinds[at] = Content::of(end, block);
            }
            if part.kind == Kind::LumaDc && self.kinds[LUMA_DCS] != Content::Nothing {
                self.spread_dcs();
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
///
/// There is code for every place: so each has branches of its own, which are foreseen better, knows
/// its probabilities, and none is a loop, in which an engine would look whether its time is up.
#[inline(always)]
#[expect(unused_assignments, reason = "behind the last coefficient nothing is read")]
fn read(
    bits: &mut Boolean<'_>,
    bands: &[[[Probability; 11]; 3]; 8],
    context: u8,
    first: usize,
    [dc, ac]: [i16; 2],
    block: &mut [i16; 16],
) -> usize {
    let mut tokens = &bands[first & 1][usize::from(context) % 3];
    // After a zero the block does not end.
    let mut may_end = true;
    macro_rules! coefficients {
        ($($at:literal)*) => {$(
            if $at > 0 || first == 0 {
                bits.refill::<4>();
                if may_end && !bits.ready(tokens[0]) {
                    return $at;
                }
                let next = &bands[BANDS[$at + 1] as usize];
                if bits.ready(tokens[1]) {
                    let value;
                    (value, tokens) = if bits.ready(tokens[2]) {
                        (large(bits, tokens), &next[2])
                    } else {
                        (1, &next[1])
                    };
                    let value = bits.with_sign(value);
                    let step = if $at == 0 { dc } else { ac };
                    // Sixteen bits, as decoders commonly have; more no encoder makes.
                    block[ZIGZAG[$at] as usize] = (value * i32::from(step)) as i16;
                    may_end = true;
                } else {
                    tokens = &next[0];
                    may_end = false;
                }
            }
        )*};
    }
    coefficients!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15);
    16
}

/// Reads a value from 2 on, and sees to it that a sign can be read.
#[inline(always)]
fn large(bits: &mut Boolean<'_>, tokens: &[Probability; 11]) -> i32 {
    bits.refill::<4>();
    if !bits.ready(tokens[3]) {
        if !bits.ready(tokens[4]) {
            return 2;
        }
        return 3 + i32::from(bits.ready(tokens[5]));
    }
    let value;
    (*bits, value) = larger(*bits, tokens);
    value
}

/// Reads a value from 5 on. That is rare, and done in one place.
#[inline(never)]
fn larger<'a>(mut bits: Boolean<'a>, tokens: &[Probability; 11]) -> (Boolean<'a>, i32) {
    bits.refill::<3>();
    let category = if !bits.ready(tokens[6]) {
        usize::from(bits.ready(tokens[7]))
    } else {
        let high = usize::from(bits.ready(tokens[8]));
        2 + 2 * high + usize::from(bits.ready(tokens[9 + high]))
    };
    let (least, probabilities) = CATEGORIES[category];
    let more = probabilities.iter().fold(0, |more, p| more << 1 | i32::from(bits.bit(*p)));
    bits.refill::<1>();
    (bits, i32::from(least) + more)
}
