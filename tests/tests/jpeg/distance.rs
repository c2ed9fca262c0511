//! How far pictures are apart.

use anyhow::{Result, ensure};
use selvedge_tests::netpbm::Netpbm;

use crate::native::Made;

/// How far two pictures are apart.
#[derive(Clone, Copy, Debug)]
pub struct Distance {
    pub most: u8,
    pub mean: f64,
    /// Samples that are apart by more than rounding explains.
    pub far: usize,
}

/// What rounding in the transform and in the conversion of colours adds up to.
const ROUNDING: u8 = 3;

/// How far samples are apart.
pub fn distance<'a>(pairs: impl Iterator<Item = (&'a u8, &'a u8)>) -> Distance {
    let (mut most, mut far, mut sum, mut count) = (0, 0, 0_u64, 0_u64);
    for (a, b) in pairs {
        let apart = a.abs_diff(*b);
        most = most.max(apart);
        far += usize::from(apart > ROUNDING);
        sum += u64::from(apart);
        count += 1;
    }
    Distance { most, far, mean: sum as f64 / count.max(1) as f64 }
}

impl Made {
    /// How far pixels are from those of a reference.
    pub fn distance(&self, reference: &Netpbm) -> Result<Distance> {
        let size = (reference.width, reference.height);
        ensure!((self.width, self.height) == size, "expected {size:?}: {self:?}");
        let reference = reference.rgba.iter().flat_map(|pixel| pixel.iter().take(self.channels));
        Ok(distance(self.bytes.iter().zip(reference)))
    }
}
