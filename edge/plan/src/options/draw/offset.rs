//! Where overlays lie along an axis.

use crate::options::dpr::Dpr;

/// A distance from an edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offset {
    /// From the left, or from the top.
    Start(u32),
    /// From the right, or from the bottom.
    End(u32),
}

impl Offset {
    pub(super) fn times(self, dpr: Dpr) -> Self {
        match self {
            Self::Start(pixels) => Self::Start(dpr.length(pixels)),
            Self::End(pixels) => Self::End(dpr.length(pixels)),
        }
    }
}
