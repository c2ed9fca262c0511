//! What holds of WebP: of damaged files what holds of all, and that pictures survive being written.

use selvedge_pixels::{Channels, Failure, Job, Picture, Raster, Source, Tag, transform};
use selvedge_plan::geometry::Size;
use selvedge_plan::{Client, Options, Plan};

use crate::BUDGET;

/// Ways of writing, the ones without loss first.
const PLANS: [&str; 7] = [
    "format=webp,quality=100",
    "format=webp,quality=100,compression=fast",
    "format=webp",
    "format=webp,quality=1",
    "format=webp,quality=60,compression=fast",
    "format=webp,quality=99",
    "format=webp,quality=80,compression=best",
];
const LOSSLESS: usize = 2;

/// Largest side.
const SIDE: u8 = 64;

/// Property: a WebP, however damaged, is decoded as any file is ([`crate::decode`]); and a picture that
/// is written comes back as large as it was: all of it from a file without loss, alpha from any.
/// Input: a WebP; or a way of writing, width, height, whether there is alpha, and samples, which are
/// repeated.
///
/// # Panics
/// If it does not hold.
pub fn webp(input: &[u8]) {
    if input.starts_with(b"RIFF") {
        return crate::decode(input);
    }
    let Some((&[plan, width, height, alpha], samples)) = input.split_first_chunk() else { return };
    let size = Size { width: (width % SIDE + 1).into(), height: (height % SIDE + 1).into() };
    let channels = if alpha % 2 == 0 { Channels::Rgb } else { Channels::Rgba };
    let count = (size.pixels() as usize) * channels.count();
    let samples: Vec<u8> = samples.iter().copied().cycle().take(count).collect();
    let Ok(source) = Raster::new(size, channels, samples) else { return };
    let before = rgba(&source);
    let number = usize::from(plan) % PLANS.len();
    let file = match made(Source::Pixels(source, Tag::Srgb), PLANS[number]) {
        Ok(Picture::Encoded(file)) => file,
        other => unreachable!("{}: {:?}", PLANS[number], other.err()),
    };
    let after = match made(Source::Encoded(file), "format=pixels") {
        Ok(Picture::Pixels(raster)) if raster.size == size => rgba(&raster),
        other => unreachable!("{}: not read: {:?}", PLANS[number], other.err()),
    };
    let seen = |pixels: Vec<[u8; 4]>| -> Vec<[u8; 4]> {
        if number < LOSSLESS { pixels } else { pixels.iter().map(|p| [0, 0, 0, p[3]]).collect() }
    };
    assert!(seen(before) == seen(after), "{}: {size:?} {channels:?}", PLANS[number]);
}

fn made(source: Source, options: &str) -> Result<Picture, Failure> {
    let plan = Options::parse(options).and_then(|options| Plan::new(&options, &Client::default()));
    let plan = plan.unwrap_or_else(|problem| unreachable!("{options}: {problem}"));
    let mut trace = |_: &'static str| {};
    let mut job = Job::new(BUDGET, 0, &mut trace);
    Ok(transform(source, Vec::new(), &plan, &mut job)?.picture)
}

fn rgba(raster: &Raster) -> Vec<[u8; 4]> {
    let pixels = raster.samples.chunks_exact(raster.channels.count());
    let pixel = |samples: &[u8]| match *samples {
        [grey] => [grey, grey, grey, 255],
        [grey, alpha] => [grey, grey, grey, alpha],
        [red, green, blue] => [red, green, blue, 255],
        [red, green, blue, alpha] => [red, green, blue, alpha],
        _ => [0; 4],
    };
    pixels.map(pixel).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_survive() {
        for plan in 0..PLANS.len() as u8 {
            for (width, height) in [(0, 0), (16, 0), (3, 63), (40, 31)] {
                for alpha in [0, 1] {
                    webp(
                        &[&[plan, width, height, alpha], b"some samples, repeated".as_slice()]
                            .concat(),
                    );
                }
            }
        }
    }
}
