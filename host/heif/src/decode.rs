//! From a file to pixels.

use libheif_rs::{
    ColorSpace, HeifContext, HeifError, HeifErrorCode, HeifErrorSubCode, Image, ImageHandle,
    LibHeif, RgbChroma,
};
use selvedge_heif::{CodePoints, Refusal, Shape};

/// A profile of more bytes is dropped: printers' largest have some two million.
const PROFILE_LIMIT: usize = 4 << 20;

/// A picture.
pub struct Decoded {
    pub shape: Shape,
    pub coded: Option<CodePoints>,
    pub samples: Vec<u8>,
    /// An ICC profile, which goes before the code points; empty if there is none.
    pub profile: Vec<u8>,
}

/// The primary picture, turned and cut as the file says (HEIF's own `irot`, `imir` and `clap`; what
/// its EXIF says of orientation does not count, ISO/IEC 23008-12 §6.5.10). Colours are as the file has
/// them.
///
/// # Errors
/// What is wrong with the file, or that it has more pixels than `limit`.
pub fn decode(heif: &LibHeif, file: &[u8], limit: u64) -> Result<Decoded, Refusal> {
    let mut context = HeifContext::read_from_bytes(file).map_err(refusal)?;
    // None beside this one: the host counts on one core for each process.
    context.set_max_decoding_threads(0);
    let handle = context.primary_image_handle().map_err(refusal)?;
    let pixels = pixels(&handle);
    if pixels > limit {
        return Err(Refusal::TooManyPixels(pixels));
    }
    let (chroma, channels) = match handle.has_alpha_channel() {
        true => (RgbChroma::Rgba, 4),
        false => (RgbChroma::Rgb, 3),
    };
    // No options: libheif-rs 0.20 frees them before libheif looks at them.
    let image = heif.decode(&handle, ColorSpace::Rgb(chroma), None).map_err(refusal)?;
    let planes = image.planes();
    let plane = planes.interleaved.ok_or_else(|| malformed("no pixels came of it"))?;
    if plane.storage_bits_per_pixel != 8 * channels {
        return Err(malformed("samples that do not have 8 bits"));
    }
    let mut shape = Shape { width: plane.width, height: plane.height, channels, profile: 0 };
    if shape.samples() > limit.saturating_mul(4) {
        return Err(Refusal::TooManyPixels(u64::from(plane.width) * u64::from(plane.height)));
    }

    let mut samples = crate::room(shape.samples())?;
    let row = plane.width as usize * usize::from(channels);
    let rows = plane.data.chunks(plane.stride.max(1)).take(plane.height as usize);
    for line in rows {
        samples.extend_from_slice(line.get(..row).ok_or_else(|| malformed("a short row"))?);
    }
    if samples.len() as u64 != shape.samples() {
        return Err(malformed("rows are missing"));
    }
    if handle.is_premultiplied_alpha() {
        straighten(&mut samples);
    }
    let profile = handle.color_profile_raw().map(|profile| profile.data).unwrap_or_default();
    let profile = if profile.len() <= PROFILE_LIMIT { profile } else { Vec::new() };
    shape.profile = u32::try_from(profile.len()).unwrap_or(0);
    Ok(Decoded { shape, coded: code_points(&handle, &image), samples, profile })
}

/// The most pixels that are stored or come of it.
fn pixels(handle: &ImageHandle) -> u64 {
    let stored = |side: i32| u64::try_from(side).unwrap_or(0);
    let shown = u64::from(handle.width()) * u64::from(handle.height());
    shown.max(stored(handle.ispe_width()).saturating_mul(stored(handle.ispe_height())))
}

/// What the file says of primaries and curve, or else the coded picture in it.
fn code_points(handle: &ImageHandle, image: &Image) -> Option<CodePoints> {
    let nclx = handle.color_profile_nclx().or_else(|| image.color_profile_nclx())?;
    // Numbers that libheif-rs does not know become one that nobody has.
    let (primaries, transfer) =
        (nclx.color_primaries() as u8, nclx.transfer_characteristics() as u8);
    Some(CodePoints { primaries, transfer })
}

/// Divides colours by alpha, rounded half up.
fn straighten(pixels: &mut [u8]) {
    for pixel in pixels.chunks_exact_mut(4) {
        let [colour @ .., alpha] = pixel else { continue };
        let alpha = u32::from(*alpha);
        for sample in colour {
            let whole = (u32::from(*sample) * 255 + alpha / 2).checked_div(alpha).unwrap_or(0);
            *sample = u8::try_from(whole).unwrap_or(u8::MAX);
        }
    }
}

fn malformed(what: &str) -> Refusal {
    Refusal::Malformed(what.to_owned())
}

/// What an error of libheif means to us.
pub fn refusal(error: HeifError) -> Refusal {
    let text = error.message;
    match (error.code, error.sub_code) {
        (_, HeifErrorSubCode::EndOfData) => Refusal::Truncated(text),
        (HeifErrorCode::UnsupportedFileType | HeifErrorCode::UnsupportedFeature, _) => {
            Refusal::Unsupported(text)
        }
        _ => Refusal::Malformed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_divided_by_alpha() {
        let mut pixels = [10, 128, 0, 128, 9, 9, 9, 0, 200, 255, 1, 255];
        straighten(&mut pixels);
        assert_eq!(pixels, [20, 255, 0, 128, 0, 0, 0, 0, 200, 255, 1, 255]);
    }
}
