//! A block, as it was decided.

use super::{Kind, Mode, Place};

/// What is written of a block beside its levels.
#[derive(Clone, Copy, Debug)]
pub struct Block {
    /// Where.
    pub place: Place,
    /// Whether no plane has levels, which are not looked at then.
    pub skip: bool,
    /// Of luma.
    pub mode: Mode,
    /// What is added to its angle, −3 to 3: from 8×8 on, with modes that have one.
    pub delta: i8,
    /// Of luma's transform.
    pub kind: Kind,
    /// Of chroma, where the block codes it.
    pub chroma_mode: Mode,
    /// What is added to its angle.
    pub chroma_delta: i8,
    /// The factors of CFL in eighths, −16 to 16, not both 0.
    pub alphas: [i8; 2],
    /// Of luma, Cb and Cr: how many levels there are in the order of coding up to the last one that is not zero.
    pub eobs: [usize; 3],
}

impl Block {
    /// With prediction alone.
    pub const fn new(place: Place) -> Self {
        Self {
            place,
            skip: false,
            mode: Mode::Dc,
            delta: 0,
            kind: Kind::DctDct,
            chroma_mode: Mode::Dc,
            chroma_delta: 0,
            alphas: [0; 2],
            eobs: [0; 3],
        }
    }
}
