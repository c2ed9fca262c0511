//! Canvases as files of formats that are only read, as simply as these can be written.

use std::io;

use super::canvas::Canvas;
use super::files::png;

/// RGB in 24 bits, the bottom row first (wingdi.h, `BITMAPINFOHEADER`).
///
/// # Errors
/// If a side is too large.
pub fn bmp(picture: &Canvas) -> io::Result<Vec<u8>> {
    const HEADERS: u32 = 14 + 40;
    let stride = (picture.width as usize * 3).next_multiple_of(4);
    let mut file = b"BM".to_vec();
    let length = HEADERS + long(stride)? * picture.height;
    file.extend(
        [length, 0, HEADERS, 40, picture.width, picture.height].map(u32::to_le_bytes).concat(),
    );
    file.extend([1_u16, 24].map(u16::to_le_bytes).concat());
    file.extend([0; 24]);
    for row in picture.rgb().chunks_exact(picture.width as usize * 3).rev() {
        let start = file.len();
        file.extend(row.as_chunks::<3>().0.iter().flat_map(|[r, g, b]| [*b, *g, *r]));
        file.resize(start + stride, 0);
    }
    Ok(file)
}

/// One picture, as PNG.
///
/// # Errors
/// If it is empty, or larger than 256 pixels a side.
pub fn ico(picture: &Canvas) -> io::Result<Vec<u8>> {
    let png = png(picture)?;
    let side = |side: u32| u8::try_from(side).map_err(io::Error::other);
    let mut file = vec![0, 0, 1, 0, 1, 0, side(picture.width)?, side(picture.height)?];
    file.extend([0, 0, 1, 0, 32, 0]);
    file.extend([long(png.len())?, 22].map(u32::to_le_bytes).concat());
    file.extend(png);
    Ok(file)
}

/// RGBA in strips of eight rows, as they are (TIFF 6.0 §6).
///
/// # Errors
/// If a side is too large.
pub fn tiff(picture: &Canvas) -> io::Result<Vec<u8>> {
    const SHORT: u16 = 3;
    const LONG: u16 = 4;
    const ROWS: u32 = 8;
    let strips = picture.height.div_ceil(ROWS);
    let strip = picture.width * 4 * ROWS;
    let samples = picture.rgba();
    // Eleven fields, and behind them what is longer than four bytes.
    let bits = 8 + 2 + 11 * 12 + 4;
    let (offsets, lengths) = (bits + 8, bits + 8 + strips * 4);
    let data = lengths + strips * 4;
    let mut file = b"II*\0\x08\0\0\0\x0b\0".to_vec();
    for (tag, kind, count, value) in [
        (256_u16, LONG, 1, picture.width),
        (257, LONG, 1, picture.height),
        (258, SHORT, 4, bits),
        (259, SHORT, 1, 1),
        (262, SHORT, 1, 2),
        (273, LONG, strips, offsets),
        (277, SHORT, 1, 4),
        (278, LONG, 1, ROWS),
        (279, LONG, strips, lengths),
        (284, SHORT, 1, 1),
        (338, SHORT, 1, 2),
    ] {
        file.extend([tag, kind].map(u16::to_le_bytes).concat());
        file.extend([count, value].map(u32::to_le_bytes).concat());
    }
    file.extend([0; 4]);
    file.extend([8_u16; 4].map(u16::to_le_bytes).concat());
    file.extend((0..strips).flat_map(|i| (data + i * strip).to_le_bytes()));
    let all = long(samples.len())?;
    file.extend((0..strips).flat_map(|i| strip.min(all - i * strip).to_le_bytes()));
    file.extend(samples);
    Ok(file)
}

fn long(length: usize) -> io::Result<u32> {
    u32::try_from(length).map_err(io::Error::other)
}
