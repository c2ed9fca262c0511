//! Encoding: lossless, whatever the quality.

use selvedge_plan::geometry::Size;

use super::riff::Writer;
use super::vp8l;
use crate::codec::Style;
use crate::failure::Failure;
use crate::raster::{Channels, Raster};

/// Encodes without loss.
pub fn encode(raster: &Raster, _style: Style) -> Result<Vec<u8>, Failure> {
    let mut file = Writer::new()?;
    file.chunk(*b"VP8L", &vp8l::encode::encode(raster)?)?;
    file.finish()
}

/// Upper bound of what [`encode`] allocates, the file included.
pub fn memory(size: Size, _channels: Channels, _style: Style) -> u64 {
    vp8l::encode::memory(size)
}
