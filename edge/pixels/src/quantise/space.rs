//! Where colours lie, so that distances are about those that are seen.
//!
//! A translucent colour is taken as it looks on middle grey, and its alpha counts beside that: the sum
//! of both squared distances is the mean of those on black and on white, of which a page may be either.
//! So with premultiplied samples P and alpha A, luma is L(P) − A / 2 and the fourth axis A / 2.

/// A place: luma, how far red and blue are from it, and alpha, each so stretched that the sum of the
/// squared differences is what a difference counts.
pub type Place = [i16; 4];

/// Coordinates of luma for each of its 255 levels; chroma has fewer, as much less is seen of it.
pub const LEVEL: i32 = 4;

/// Parts of luma that red, green and blue are (ITU-R BT.601), of 256.
const LUMA: [i32; 3] = [77, 150, 29];

/// Coordinates for each level that red and blue differ from luma, in 64ths of luma's.
const STRETCH: [i32; 2] = [40, 24];

/// The place of premultiplied red, green and blue, and alpha, all from 0 to 255 and a little beyond.
#[inline(always)]
pub fn place([r, g, b, alpha]: [i32; 4]) -> Place {
    let luma = LUMA[0] * r + LUMA[1] * g + LUMA[2] * b;
    let chroma = |sample: i32, stretch: i32| (((sample << 8) - luma) * stretch) >> 12;
    let luma = (luma >> 6) - 2 * alpha;
    [luma, chroma(r, STRETCH[0]), chroma(b, STRETCH[1]), 2 * alpha].map(|value| value as i16)
}

/// What a difference counts.
#[inline(always)]
pub fn distance(one: &Place, other: &Place) -> i32 {
    let square = |axis: usize| {
        let difference = i32::from(one[axis]) - i32::from(other[axis]);
        difference * difference
    };
    square(0) + square(1) + square(2) + square(3)
}

/// Red, green and blue weighted by alpha, and alpha.
#[inline(always)]
pub fn premultiplied([r, g, b, alpha]: [u8; 4]) -> [u8; 4] {
    if alpha == 255 {
        return [r, g, b, alpha];
    }
    let by = |sample: u8| ((u32::from(sample) * u32::from(alpha) + 127) / 255) as u8;
    [by(r), by(g), by(b), alpha]
}
