//! Lengths of overlays.

use crate::limits;
use crate::options::dpr::Dpr;
use crate::options::edges::length;
use crate::options::number::{decimal, decimal_text};
use crate::options::side::Side;

/// A length of an overlay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// In pixels.
    Pixels(u32),
    /// In ten-thousandths of the picture below, less than all of it.
    Share(u32),
}

impl Length {
    pub(super) fn read(value: &str) -> Option<Self> {
        if let Some(side) = length(value).and_then(Side::new) {
            return Some(Self::Pixels(side.pixels()));
        }
        decimal(value, 4).filter(|share| (1..10_000).contains(share)).map(Self::Share)
    }

    pub(super) fn text(self) -> String {
        match self {
            Self::Pixels(pixels) => pixels.to_string(),
            Self::Share(share) => decimal_text(share, 4),
        }
    }

    pub(super) fn times(self, dpr: Dpr) -> Self {
        match self {
            Self::Pixels(pixels) => Self::Pixels(dpr.apply(pixels).min(limits::OUTPUT_SIDE)),
            Self::Share(share) => Self::Share(share),
        }
    }

    /// In pixels, over a picture with a side of so many; rounded half up, and at least one.
    pub(super) fn of(self, below: u32) -> Option<Side> {
        let pixels = match self {
            Self::Pixels(pixels) => pixels,
            Self::Share(share) => {
                let share = u64::from(below).saturating_mul(share.into()).saturating_add(5_000);
                u32::try_from(share / 10_000).ok()?.max(1)
            }
        };
        Side::new(pixels)
    }
}
