//! Formats besides JPEG as they are met: against other people's decoders, against what the corpus says of
//! them, and against files that are made to take all there is.

mod animations;
mod bombs;
mod large;
mod manifest;
#[path = "../native/mod.rs"]
mod native;
mod places;
mod suite;

use native::Made;

/// Pixels with all four channels.
fn rgba(made: &Made) -> Vec<[u8; 4]> {
    let pixels = made.bytes.chunks_exact(made.channels);
    let wide = |pixel: &[u8]| match *pixel {
        [grey] => [grey, grey, grey, 255],
        [grey, alpha] => [grey, grey, grey, alpha],
        [red, green, blue] => [red, green, blue, 255],
        [red, green, blue, alpha] => [red, green, blue, alpha],
        _ => [0; 4],
    };
    pixels.map(wide).collect()
}
