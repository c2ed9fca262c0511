//! Files of every format that is read: still and moving, with transparency and without.

use std::fs;

use anyhow::{Context, Result};

use crate::samples::{self, Canvas, Jpeg, landscape};
use crate::workspace;

const SHAPES: &[u8] =
    b"<svg xmlns='http://www.w3.org/2000/svg' width='20' height='9'><circle r='9'/></svg>";

/// A kind of file.
#[derive(Clone, Debug)]
pub struct Kind {
    /// The name of its format.
    pub format: &'static str,
    /// Whether something shows through it.
    pub clear: bool,
    /// Whether it is an animation.
    pub moves: bool,
    /// Whether the origin alone reads it, by libheif.
    pub by_libheif: bool,
    /// The file.
    pub file: Vec<u8>,
}

impl Kind {
    /// The name of its row.
    pub fn name(&self) -> String {
        super::told(self.format, self.clear, self.moves)
    }
}

/// All of them, in the order of the table. None is written by a codec of ours, whose bytes may change.
///
/// # Errors
/// If a file of `tests/golden` cannot be read.
pub fn kinds() -> Result<Vec<Kind>> {
    let plain = landscape(31, 23);
    // Behind a column of posts.
    let clear = Canvas::draw(31, 23, |x, y| if x % 8 < 3 { [0; 4] } else { plain.at(x, y) });
    let [plain_frames, clear_frames] = [&plain, &clear].map(|picture| {
        let later = Canvas::draw(31, 23, |x, y| picture.at(x, if y < 9 { 8 - y } else { y }));
        [picture.clone(), later]
    });
    let mut kinds = Vec::new();
    let mut add = |format, clear, moves, file| {
        kinds.push(Kind { format, clear, moves, by_libheif: false, file });
    };
    add("BMP", false, false, samples::bmp(&plain)?);
    add("BMP", true, false, of_table("files", "bmp-32-argb")?);
    add("GIF", false, false, samples::gif(&plain_frames[..1])?);
    add("GIF", true, false, samples::gif(&clear_frames[..1])?);
    add("GIF", false, true, samples::gif(&plain_frames)?);
    add("GIF", true, true, samples::gif(&clear_frames)?);
    add("ICO", true, false, samples::ico(&clear)?);
    add("JPEG", false, false, Jpeg::default().encode(&plain)?);
    add("PNG", false, false, samples::png_16(&plain)?);
    add("PNG", true, false, samples::png(&clear)?);
    add("PNG", true, true, of_table("frames", "apng-after-11")?);
    add("SVG", true, false, SHAPES.to_vec());
    add("TIFF", false, false, of_table("files", "tiff-RGB-lzw")?);
    add("TIFF", true, false, samples::tiff(&clear)?);
    add("WebP", false, false, samples::webp(&plain, false)?);
    add("WebP", true, false, samples::webp(&clear, true)?);
    add("WebP", false, true, samples::moving_webp(&plain_frames, false)?);
    add("WebP", true, true, samples::moving_webp(&clear_frames, true)?);
    add("HEIC", false, false, golden("heic/grid-rotated.heic")?);
    for (format, clear, name) in [
        ("HEIC", true, "heic/alpha.heic"),
        ("AVIF", false, "avif/base.avif"),
        ("AVIF", true, "avif/clear.avif"),
    ] {
        kinds.push(Kind { format, clear, moves: false, by_libheif: true, file: golden(name)? });
    }
    Ok(kinds)
}

/// A file of `tests/golden`.
fn golden(name: &str) -> Result<Vec<u8>> {
    let path = workspace::root().join("tests/golden").join(name);
    fs::read(&path).with_context(|| path.display().to_string())
}

/// A file of a table there, which has it in hexadecimal.
fn of_table(table: &str, name: &str) -> Result<Vec<u8>> {
    let text = String::from_utf8(golden(&format!("{table}.tsv"))?)?;
    let mut lines = text.lines().map(|line| line.split('\t'));
    let found = lines.find_map(|mut line| (line.next() == Some(name)).then(|| line.next()));
    let hex = found.flatten().with_context(|| format!("{name} is not in {table}.tsv"))?;
    let byte = |pair: &[u8]| Ok(u8::from_str_radix(str::from_utf8(pair)?, 16)?);
    hex.as_bytes().chunks(2).map(byte).collect()
}
