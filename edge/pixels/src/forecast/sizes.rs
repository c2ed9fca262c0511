//! Pictures that a file has in several sizes, or in any: the one that suits the plan is decoded.

use selvedge_plan::geometry::{FRACTION_BITS, Region, Size};

use super::{Blueprint, Step};
use crate::codec::{Chosen, Header};
use crate::failure::Failure;

impl Blueprint {
    /// The same with the size that suits best, where there are several.
    ///
    /// # Errors
    /// What the format says.
    pub fn in_best_size(mut self, file: &[u8], header: &Header) -> Result<Self, Failure> {
        let codec = header.format.codec();
        let Some(choose) = codec.choose else { return Ok(self) };
        let Chosen { size, memory, work } = choose(file, header, self.wanted())?;
        let stored = Header { size, ..header.clone() };
        self.stored = size;
        self.decode = Step {
            memory: (codec.decode_memory)(&stored, &[1]).saturating_add(memory),
            work: size.pixels().saturating_mul(codec.decode_work).saturating_add(work),
        };
        Ok(self)
    }

    /// The size of all of the picture in which nothing that the output shows is missing.
    fn wanted(&self) -> Size {
        let region = self.turn.source_region(self.layout.region, self.source);
        let scaled = self.scaled_as_stored();
        let side = |all: u32, region: u64, scaled: u32| {
            let exact = (u64::from(all) * u64::from(scaled)) << FRACTION_BITS;
            u32::try_from(exact.div_ceil(region.max(1))).unwrap_or(u32::MAX)
        };
        Size {
            width: side(self.source.width, region.width, scaled.width),
            height: side(self.source.height, region.height, scaled.height),
        }
    }

    /// A region of the picture in the size that is decoded.
    pub(super) fn in_stored(&self, region: Region) -> Region {
        if self.stored == self.source {
            return region;
        }
        let part = |value: u64, all: u32, stored: u32| {
            // Regions lie inside the picture, whose sides have 17 bits.
            value * u64::from(stored) / u64::from(all.max(1))
        };
        let (all, stored) = (self.source, self.stored);
        Region {
            x: part(region.x, all.width, stored.width),
            y: part(region.y, all.height, stored.height),
            width: part(region.width, all.width, stored.width).max(1),
            height: part(region.height, all.height, stored.height).max(1),
        }
    }
}
