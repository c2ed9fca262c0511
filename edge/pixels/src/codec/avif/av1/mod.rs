//! AV1 still pictures of our own: intra blocks alone, 8 bits, square blocks, one transform a block and
//! plane. Sections are those of the AV1 Bitstream & Decoding Process Specification, with errata 1.
//!
//! ```text
//! picture ─► tiles ─► search ─► Block ─► Writer (contexts by Edges, range coder, Cdfs) ─► header::still
//!                       │  ╰── predict, transform, quantise, trellis
//!                       ╰───── Costs (of the same symbols, in 256ths of a bit) ◄── Cdfs
//! ```
//!
//! A decoder's filters come after all prediction within a picture, so that they are told how strong they
//! are, and never run here.

mod bits;
mod block;
mod border;
mod cdf;
mod coefficients;
mod cost;
mod directional;
mod distance;
mod edges;
mod extent;
mod header;
mod information;
mod lines;
mod luma;
mod matrix;
mod picture;
mod predict;
mod quantise;
mod range;
mod scan;
mod search;
mod smooth;
mod steps;
mod tables;
mod tiles;
mod transform;
mod trellis;
mod writer;

#[cfg(test)]
mod tests;

pub use matrix::Matrices;
pub use picture::{encode, memory};
pub use search::{Care, Plane};

/// How a block is predicted (AV1 §6.10.4, numbered as there).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Mode {
    /// The mean of both edges.
    Dc,
    /// Down from above.
    Vertical,
    /// From the left.
    Horizontal,
    /// From above on the right, at 45°.
    D45,
    /// From the corner, at 135°.
    D135,
    /// At 113°.
    D113,
    /// At 157°.
    D157,
    /// From the left below, at 203°.
    D203,
    /// At 67°.
    D67,
    /// Interpolated both ways.
    Smooth,
    /// Interpolated downwards.
    SmoothVertical,
    /// Interpolated to the right.
    SmoothHorizontal,
    /// Whichever neighbour is nearest to what the gradient says.
    Paeth,
    /// Chroma alone: a multiple of luma (CFL).
    FromLuma,
}

impl Mode {
    /// Those of luma, by number.
    pub const LUMA: [Self; 13] = [
        Self::Dc,
        Self::Vertical,
        Self::Horizontal,
        Self::D45,
        Self::D135,
        Self::D113,
        Self::D157,
        Self::D203,
        Self::D67,
        Self::Smooth,
        Self::SmoothVertical,
        Self::SmoothHorizontal,
        Self::Paeth,
    ];

    /// Whether it has an angle, which blocks from 8×8 on can alter.
    pub const fn is_directional(self) -> bool {
        let number = self as u8;
        number >= Self::Vertical as u8 && number <= Self::D67 as u8
    }

    /// The kind of transform that chroma has with it, up to 16×16 (AV1 §9.3, `Mode_To_Txfm`), and a good
    /// guess for luma.
    pub const fn kind(self) -> Kind {
        match self {
            Self::Dc | Self::D45 | Self::FromLuma => Kind::DctDct,
            Self::Vertical | Self::D113 | Self::D67 | Self::SmoothVertical => Kind::AdstDct,
            Self::Horizontal | Self::D157 | Self::D203 | Self::SmoothHorizontal => Kind::DctAdst,
            Self::D135 | Self::Smooth | Self::Paeth => Kind::AdstAdst,
        }
    }

    /// The kind of transform of a chroma block of a side of 2^`log2`.
    pub const fn chroma_kind(self, log2: usize) -> Kind {
        if log2 < 5 { self.kind() } else { Kind::DctDct }
    }
}

/// A kind of transform: the first word is the vertical one (AV1 §6.10.19, numbered as there).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Kind {
    /// Cosines both ways.
    DctDct,
    /// Sines vertically, cosines horizontally.
    AdstDct,
    /// Cosines vertically, sines horizontally.
    DctAdst,
    /// Sines both ways.
    AdstAdst,
}

/// What there is of chroma.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Chroma {
    /// Nothing: 4:0:0.
    None,
    /// Half as wide and high: 4:2:0.
    Halved,
    /// As large as luma: 4:4:4.
    Full,
}

impl Chroma {
    /// Planes with luma: one or three.
    pub const fn planes(self) -> usize {
        if matches!(self, Self::None) { 1 } else { 3 }
    }

    /// The log2 of how much smaller a side of it is.
    pub const fn shift(self) -> usize {
        if matches!(self, Self::Full) { 0 } else { 1 }
    }
}

/// A square block of luma: where its tile has it, in pixels from the tile's upper left corner, and
/// the log2 of its side, 2 to 6. Coordinates are multiples of the side.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    /// To the right.
    pub x: usize,
    /// Downwards.
    pub y: usize,
    /// 2 to 6.
    pub log2: usize,
}

impl Place {
    /// Whether a block codes chroma: of four 4×4 blocks that share it (4:2:0), the last one does.
    pub const fn has_chroma(self, chroma: Chroma) -> bool {
        match chroma {
            Chroma::None => false,
            Chroma::Full => true,
            Chroma::Halved => self.log2 > 2 || (self.x & self.y & 4) != 0,
        }
    }

    /// The log2 of the side of its transform in a plane.
    pub const fn transform(self, plane: usize, chroma: Chroma) -> usize {
        if plane == 0 || matches!(chroma, Chroma::Full) || self.log2 == 2 {
            self.log2
        } else {
            self.log2 - 1
        }
    }
}
