//! Adaptive distributions of all symbols (AV1 §8.3). Each is 2^15 less cumulative probabilities, and how
//! often it was used.

use super::Mode;
use super::tables::{levels, modes};

/// Of a plane's levels in transforms of one side.
#[derive(Clone)]
pub struct BlockCdfs {
    /// That there are none.
    pub all_zero: [[u16; 2]; 4],
    /// The highest bit of how many there are within a class, for classes from the third on.
    pub end_bit: [[u16; 2]; 9],
    /// The last level: 1, 2 or more.
    pub last: [[u16; 3]; 4],
    /// A level: 0, 1, 2 or more.
    pub base: [[u16; 4]; 16],
    /// What a level has above 3, in steps of up to 3.
    pub more: [[u16; 4]; 21],
}

/// Of everything.
#[derive(Clone)]
pub struct Cdfs {
    /// How an 8×8 block is cut.
    pub partition8: [[u16; 4]; 4],
    /// The same of 16, 32 and 64.
    pub partition: [[[u16; 10]; 4]; 3],
    /// No levels at all.
    pub skip: [[u16; 2]; 3],
    /// Modes of luma, by the classes of those above and at the left.
    pub luma_mode: [[[u16; 13]; 5]; 5],
    /// What is added to an angle, by mode.
    pub angle: [[u16; 7]; 8],
    /// Modes of chroma, by that of luma.
    pub chroma_mode: [[u16; 14]; 13],
    /// Signs of both factors of CFL.
    pub alpha_signs: [u16; 8],
    /// Factors of CFL.
    pub alpha: [[u16; 16]; 6],
    /// Kinds of transforms of 4×4 and 8×8 blocks, by mode.
    pub kind_small: [[[u16; 7]; 13]; 2],
    /// Kinds of transforms of 16×16 blocks, by mode.
    pub kind16: [[u16; 5]; 13],
    /// Signs of DC.
    pub sign: [[[u16; 2]; 3]; 2],
    /// Classes of how many levels there are, by plane.
    pub end4: [[u16; 5]; 2],
    /// The same of 8×8.
    pub end8: [[u16; 7]; 2],
    /// The same of 16×16.
    pub end16: [[u16; 9]; 2],
    /// The same of 32×32.
    pub end32: [[u16; 11]; 2],
    /// By side and plane (luma, chroma).
    pub blocks: [[BlockCdfs; 2]; 4],
}

impl Cdfs {
    /// What a tile begins with (AV1 §8.3.1): levels go by how coarse the quantiser is.
    pub fn new(base_q_idx: u8) -> Self {
        let class = match base_q_idx {
            0..=20 => 0,
            21..=60 => 1,
            61..=120 => 2,
            _ => 3,
        };
        let block = |log2: usize, plane: usize| BlockCdfs {
            all_zero: levels::ALL_ZERO[class][log2],
            end_bit: levels::END_BIT[class][log2][plane],
            last: levels::LAST[class][log2][plane],
            base: levels::BASE[class][log2][plane],
            more: levels::MORE[class][log2][plane],
        };
        Self {
            partition8: modes::PARTITION8,
            partition: modes::PARTITION,
            skip: modes::SKIP,
            luma_mode: modes::LUMA_MODE,
            angle: modes::ANGLE,
            chroma_mode: modes::CHROMA_MODE,
            alpha_signs: modes::ALPHA_SIGNS,
            alpha: modes::ALPHA,
            kind_small: modes::KIND_SMALL,
            kind16: modes::KIND16,
            sign: levels::SIGN,
            end4: levels::END4[class],
            end8: levels::END8[class],
            end16: levels::END16[class],
            end32: levels::END32[class],
            blocks: [0, 1, 2, 3].map(|log2| [0, 1].map(|plane| block(log2, plane))),
        }
    }
}

/// The symbols of the two factors of CFL (AV1 §5.11.45).
pub struct Factors {
    /// Both signs.
    pub signs: usize,
    /// By plane: the context and the symbol, if the factor is not 0.
    pub factors: [Option<(usize, usize)>; 2],
}

impl Factors {
    /// Of factors in eighths, −16 to 16. Not both are 0.
    pub const fn new(alphas: [i8; 2]) -> Self {
        let [blue, red] = [sign(alphas[0]), sign(alphas[1])];
        Self {
            signs: (3 * blue + red).saturating_sub(1),
            factors: [factor(alphas[0], blue, red), factor(alphas[1], red, blue)],
        }
    }
}

const fn sign(alpha: i8) -> usize {
    match alpha {
        0 => 0,
        i8::MIN..0 => 1,
        _ => 2,
    }
}

const fn factor(alpha: i8, own: usize, other: usize) -> Option<(usize, usize)> {
    if own == 0 {
        return None;
    }
    let magnitude = alpha.unsigned_abs() as usize;
    Some((3 * (own - 1) + other, if magnitude > 16 { 15 } else { magnitude - 1 }))
}

/// The classes of modes that the distributions of modes go by (AV1 §8.3.2, `Intra_Mode_Context`).
pub const fn class(mode: Mode) -> u8 {
    match mode {
        Mode::Dc | Mode::Smooth | Mode::Paeth | Mode::FromLuma => 0,
        Mode::Vertical | Mode::SmoothVertical => 1,
        Mode::Horizontal | Mode::SmoothHorizontal => 2,
        Mode::D45 | Mode::D67 => 3,
        Mode::D135 | Mode::D113 | Mode::D157 | Mode::D203 => 4,
    }
}

/// The symbols of kinds of transforms, by kind: of 4×4 and 8×8 blocks among seven, of 16×16 ones among
/// five (AV1 §6.10.19, `Tx_Type_Intra_Inv_Set1` and `Set2`).
pub const KIND_SMALL: [usize; 4] = [1, 5, 6, 4];
/// See [`KIND_SMALL`].
pub const KIND16: [usize; 4] = [1, 3, 4, 2];
