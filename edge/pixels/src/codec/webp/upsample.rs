//! From luma and half as much chroma to pixels, as libwebp shows them: chroma is interpolated, and
//! then converted from the range of video (ITU-R BT.601) with 14 bits.

/// Rows of chroma, Cb and Cr.
pub type Chroma<'a> = [&'a [u8]; 2];

/// Makes a row of opaque pixels, of alpha, red, green and blue from the top bits down. `near` is the
/// row of chroma that the row of luma belongs to, `far` the other one beside it.
pub fn row(luma: &[u8], near: Chroma<'_>, far: Chroma<'_>, out: &mut [u32]) {
    let count = out.len().div_ceil(2);
    let last = count - 1;
    // Three parts of the near row and one of the far one; then the same across.
    let mixed = |plane: usize, i: usize| {
        let at = |rows: Chroma<'_>| rows[plane].get(i).copied().map_or(0, u16::from);
        3 * at(near) + at(far)
    };
    let both = |i: usize| (mixed(0, i), mixed(1, i));
    let mut before = both(0);
    let mut here = before;
    let pairs = out.chunks_mut(2).zip(luma.chunks(2));
    for (i, (pixels, lumas)) in pairs.enumerate() {
        let after = both((i + 1).min(last));
        for ((pixel, luma), side) in pixels.iter_mut().zip(lumas).zip([before, after]) {
            let cross = |here: u16, side: u16| i32::from((3 * here + side + 8) >> 4);
            *pixel = argb((*luma).into(), cross(here.0, side.0), cross(here.1, side.1));
        }
        (before, here) = (here, after);
    }
}

/// A pixel of luma and chroma. The constants are 255/219, and that and 255/224 times those of
/// BT.601, in 16 384ths, and what moves zero to where it belongs.
#[inline(always)]
fn argb(y: i32, cb: i32, cr: i32) -> u32 {
    let part = |value: i32, factor: i32| (value * factor) >> 8;
    let y = part(y, 19_077);
    let red = y + part(cr, 26_149) - 14_234;
    let green = y - part(cb, 6_419) - part(cr, 13_320) + 8_708;
    let blue = y + part(cb, 33_050) - 17_685;
    let [red, green, blue] = [red, green, blue].map(|value| (value >> 6).clamp(0, 255) as u8);
    u32::from_le_bytes([blue, green, red, 255])
}
