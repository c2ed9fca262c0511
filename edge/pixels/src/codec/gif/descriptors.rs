//! What stands around the data of frames, written (GIF89a §18 to §27).

use selvedge_plan::geometry::Size;

use crate::anim::{After, Rectangle};
use crate::quantise::MOST as COLOURS;

/// Most bytes of what this writes before frames, or before the data of one.
pub const MOST: usize = 64 + 3 * (COLOURS + 1);

/// What ends a file.
pub const TRAILER: u8 = 0x3b;

/// Where the delay stands in a frame's blocks.
const DELAY: core::ops::Range<usize> = 4..6;

/// Writes what is before all frames: the size of the screen, the palette of frames that have none, and
/// how often all is played; 0 is for ever.
pub fn head(size: Size, colours: &[[u8; 4]], plays: u32, file: &mut Vec<u8>) {
    file.extend_from_slice(b"GIF89a");
    side(size.width, file);
    side(size.height, file);
    // Eight bits a sample, and no colour behind the frames.
    file.extend_from_slice(&[0xf0 | depth(colours), 0, 0]);
    palette(colours, file);
    if plays != 1 {
        file.extend_from_slice(b"\x21\xff\x0bNETSCAPE2.0\x03\x01");
        // Repetitions after the first time.
        side(plays.saturating_sub(1).min(u16::MAX.into()), file);
        file.push(0);
    }
}

/// Writes what is before the data of a frame, with colours of its own if it has some. Number 0 may stand
/// for what is transparent.
pub fn frame(
    place: Rectangle,
    after: After,
    transparent: bool,
    own: Option<&[[u8; 4]]>,
    file: &mut Vec<u8>,
) {
    let disposal = match after {
        After::Keep => 1,
        After::Clear => 2,
        After::Restore => 3,
    };
    let flags = disposal << 2 | u8::from(transparent);
    file.extend_from_slice(&[0x21, 0xf9, 4, flags, 0, 0, 0, 0, 0x2c]);
    let Rectangle { left, top, size: Size { width, height } } = place;
    [left, top, width, height].into_iter().for_each(|number| side(number, file));
    file.push(own.map_or(0, |colours| 0x80 | depth(colours)));
    own.into_iter().for_each(|colours| palette(colours, file));
}

/// Says in a frame's blocks how long it is shown, in hundredths of a second.
pub fn set_delay(frame: &mut [u8], hundredths: u16) {
    if let Some(place) = frame.get_mut(DELAY) {
        place.copy_from_slice(&hundredths.to_le_bytes());
    }
}

/// Bits of the numbers of colours, and of the one for what is transparent, less one.
fn depth(colours: &[[u8; 4]]) -> u8 {
    (usize::BITS - colours.len().leading_zeros()).max(1) as u8 - 1
}

/// The colours behind black, which stands for what is transparent, and as many as have numbers.
fn palette(colours: &[[u8; 4]], file: &mut Vec<u8>) {
    let count = 2 << depth(colours);
    let all = core::iter::once(&[0; 4]).chain(colours).chain(core::iter::repeat(&[0; 4]));
    all.take(count).for_each(|[r, g, b, _]| file.extend_from_slice(&[*r, *g, *b]));
}

/// A number of 16 bits. What a canvas has is smaller: an output's sides have 14.
fn side(number: u32, file: &mut Vec<u8>) {
    file.extend_from_slice(&(number as u16).to_le_bytes());
}
