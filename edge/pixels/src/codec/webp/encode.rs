//! Writing files: lossy ones, from planes, and lossless ones.

use selvedge_plan::geometry::Size;
use selvedge_plan::plan::Effort;

use super::riff::{Writer, flag};
use super::{alpha, vp8, vp8l};
use crate::codec::Style;
use crate::codec::transparent::is_seen_through;
use crate::failure::Failure;
use crate::raster::{Channels, Planar, Raster};

/// Encodes planes with losses, and alpha without.
///
/// # Errors
/// As [`vp8::encode::encode`].
pub fn encode(
    planar: Planar,
    transparency: Option<Raster>,
    style: Style,
) -> Result<Vec<u8>, Failure> {
    let transparency = transparency.filter(is_seen_through);
    let mut file = Writer::new()?;
    if let Some(plane) = &transparency {
        file.canvas(plane.size, flag::ALPHA)?;
    }
    let coded = transparency.as_ref().map(alpha::encode).transpose()?;
    picture(planar, transparency.as_ref().zip(coded), style, &mut file)?;
    file.finish()
}

/// Adds the chunks of a picture, with its alpha, and that as it is coded, if it matters.
///
/// # Errors
/// As [`vp8::encode::encode`].
pub fn picture(
    planar: Planar,
    transparency: Option<(&Raster, Vec<u8>)>,
    style: Style,
    file: &mut Writer,
) -> Result<(), Failure> {
    let plane = transparency.as_ref().map(|(plane, _)| *plane);
    if let Some((_, coded)) = transparency {
        file.chunk(*b"ALPH", &coded)?;
    }
    file.chunk_by(*b"VP8 ", |file| {
        let effort = style.effort.into();
        vp8::encode::encode(planar, plane, style.quality, effort, file)
    })
}

/// Upper bound of what [`encode`] allocates, the file included.
pub fn memory(size: Size, channels: Channels, style: Style) -> u64 {
    let frame = vp8::encode::memory(size, style.quality);
    if !channels.has_alpha() {
        return frame;
    }
    // The coded plane is in the file, which may be moved to where there is room for the frame.
    (alpha::encode_memory(size) + size.pixels()).max(frame + 2 * size.pixels())
}

/// Work units that [`encode`] takes for each pixel.
pub fn work(style: Style) -> u64 {
    match style.effort {
        Effort::Best => 160,
        Effort::Fast | Effort::Full => 40,
    }
}

/// Encodes pixels without loss; [`vp8l::encode::memory`] says what that takes, the file included.
///
/// # Errors
/// [`Failure::OverBudget`].
pub fn encode_exact(raster: &Raster) -> Result<Vec<u8>, Failure> {
    let mut file = Writer::new()?;
    file.chunk(*b"VP8L", &vp8l::encode::encode(raster)?)?;
    file.finish()
}
