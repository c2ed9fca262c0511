//! What is known of a file before it is decoded.

use super::blocks::Blocks;
use crate::anim::{After, Timeline};
use crate::codec::{Form, Format, Header};
use crate::colours::Colours;
use crate::failure::Failure;
use crate::raster::Channels;

/// Reads the screen size, and whether the first frame leaves anything transparent.
pub fn probe(file: &[u8]) -> Result<Header, Failure> {
    let mut blocks = Blocks::new(file)?;
    let frame = match blocks.next_frame()? {
        Some(frame) => frame,
        None if blocks.is_at_end() => return Err(Failure::truncated("header")),
        None => return Err(Failure::malformed("there is no frame")),
    };
    let channels = if frame.hides(blocks.size) { Channels::Rgb } else { Channels::Rgba };
    let header = Header {
        format: Format::Gif,
        size: blocks.size,
        orientation: 1,
        form: Form::Packed(channels),
        depth: 8,
        progressive: frame.interlaced,
        colours: Colours::SRGB,
    };
    header.checked()
}

/// Counts the frames, and looks at what they do to those before.
pub fn survey(file: &[u8]) -> Result<Timeline, Failure> {
    let mut blocks = Blocks::new(file)?;
    let mut timeline = Timeline::default();
    loop {
        let frame = match blocks.next_frame() {
            Ok(Some(frame)) => frame,
            Ok(None) => break,
            Err(failure) => {
                timeline.damage = Some(failure);
                break;
            }
        };
        if timeline.frames == 0 {
            timeline.opaque = frame.hides(blocks.size) && frame.after == After::Keep;
        }
        timeline.opaque &= frame.after != After::Clear;
        timeline.restores |= frame.after == After::Restore;
        if let Err(failure) = blocks.pass(&frame) {
            // Of the first frame there may be something to be seen; any other one is left out.
            timeline.frames = timeline.frames.max(1);
            timeline.damage = Some(failure);
            break;
        }
        timeline.frames = timeline.frames.saturating_add(1);
    }
    timeline.plays = blocks.plays;
    Ok(timeline)
}
