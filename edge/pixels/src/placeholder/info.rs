//! What there is to know of a picture, as JSON: sizes with the names that Cloudflare Images gives
//! them, and colours.

use selvedge_plan::geometry::Size;

use super::palette::{average, palette};
use crate::failure::Failure;
use crate::raster::Raster;

/// What is known without its pixels.
#[derive(Clone, Copy, Debug)]
pub struct About {
    /// The size that the output would have as a picture.
    pub size: Size,
    /// The size of the upright source.
    pub source: Size,
    /// The source as a file.
    pub file: Option<File>,
}

/// A source as a file.
#[derive(Clone, Copy, Debug)]
pub struct File {
    /// Its media type.
    pub media_type: &'static str,
    /// Its bytes.
    pub bytes: u64,
}

/// Writes it, with the colours of a small RGBA picture.
///
/// # Errors
/// [`Failure::OverBudget`].
pub fn write(about: &About, raster: &Raster) -> Result<String, Failure> {
    let (pixels, _) = raster.samples.as_chunks::<4>();
    let text = |[r, g, b]: [u8; 3]| format!("\"#{r:02x}{g:02x}{b:02x}\"");
    let average = average(pixels).map_or("null".to_owned(), text);
    let palette: Vec<String> = palette(pixels)?.into_iter().map(text).collect();
    let transparent = pixels.iter().any(|pixel| pixel[3] != 255);
    let About { size, source, file } = about;
    let file = file.map_or(String::new(), |File { media_type, bytes }| {
        format!(",\"format\":\"{media_type}\",\"file_size\":{bytes}")
    });
    Ok(format!(
        "{{\"width\":{},\"height\":{},\"original\":{{\"width\":{},\"height\":{}{file}}},\
         \"transparent\":{transparent},\"average\":{average},\"palette\":[{}]}}\n",
        size.width,
        size.height,
        source.width,
        source.height,
        palette.join(",")
    ))
}
