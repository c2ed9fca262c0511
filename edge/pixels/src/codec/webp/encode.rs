//! Encoding: lossless, whatever the quality.

use selvedge_plan::geometry::Size;
use selvedge_plan::options::quality::Quality;

use super::riff::Writer;
use super::vp8l;
use crate::failure::Failure;
use crate::raster::{Channels, Raster};

/// Encodes without loss.
pub fn encode(raster: &Raster, _quality: Quality) -> Result<Vec<u8>, Failure> {
    let mut file = Writer::new()?;
    file.chunk(*b"VP8L", &vp8l::encode::encode(raster)?)?;
    file.finish()
}

/// Upper bound of what [`encode`] allocates, the file included.
pub fn memory(size: Size, _channels: Channels, _quality: Quality) -> u64 {
    vp8l::encode::memory(size)
}
