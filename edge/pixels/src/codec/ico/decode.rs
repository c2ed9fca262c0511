//! Decoding the picture of the size that was chosen.

use super::super::png;
use super::{bitmap, directory};
use crate::budget::Job;
use crate::channels::widen;
use crate::codec::{Header, packed};
use crate::failure::Failure;
use crate::raster::Channels;
use crate::reduce::{Reduce, Way};

/// Decodes to RGBA.
pub fn decode(
    file: &[u8],
    header: &Header,
    ways: &mut [Reduce],
    job: &Job<'_>,
) -> Result<(), Failure> {
    let (way, channels) = packed(header, ways)?;
    let size = way.source();
    let stored = directory::find(file, size)?.payload(file);
    if !(png::CODEC.sniff)(stored) {
        return bitmap::decode(stored, size, way, job);
    }
    let inner = (png::CODEC.probe)(stored)?;
    if inner.size != size {
        return Err(Failure::malformed("a PNG of another size than the directory says"));
    }
    let mut whole = [Reduce::new(Way::whole(size), &[])];
    (png::CODEC.decode)(stored, &inner, &mut whole, job)?;
    let [whole] = whole;
    way.whole(widen(whole.finish()?, channels, job)?, job)
}

/// What a PNG of the largest size takes, and its pixels as they are and as RGBA. A bitmap takes less.
pub fn memory(header: &Header, _denominators: &[u32]) -> u64 {
    let size =
        selvedge_plan::geometry::Size { width: directory::LARGEST, height: directory::LARGEST };
    let inner = Header { size, progressive: true, ..header.clone() };
    let whole = size.pixels() * Channels::Rgba.count() as u64;
    (png::CODEC.decode_memory)(&inner, &[1]) + 2 * whole
}
