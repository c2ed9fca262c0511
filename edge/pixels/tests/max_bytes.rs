//! `max-bytes`, against files that were written at each quality by itself.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests are no tests to clippy; what is wrong here must stop them"
)]

use std::fs;
use std::path::Path;

use selvedge_pixels::{Budget, Channels, Job, Picture, Raster, Source, Tag, transform};
use selvedge_plan::geometry::Size;
use selvedge_plan::{Client, Options, Plan};

/// A picture with slopes, edges and noise.
fn raster(channels: Channels) -> Raster {
    let size = Size { width: 97, height: 61 };
    let mut state = 1_u32;
    let mut samples = Vec::new();
    for y in 0..size.height {
        for x in 0..size.width {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let noise = if x / 16 % 3 == 0 { state >> 27 } else { 0 };
            let edge = if (x + y) % 40 < 20 { 90 } else { 0 };
            let pixel = [x + edge + noise, 2 * y + edge, 200 - x - noise, 255 - y];
            samples.extend(pixel.iter().take(channels.count()).map(|sample| *sample as u8));
        }
    }
    Raster::new(size, channels, samples).unwrap()
}

fn written(source: Source, options: &str) -> (Vec<u8>, Vec<String>) {
    let options = Options::parse(options).unwrap();
    let plan = Plan::new(&options, &Client::default()).unwrap();
    let mut trace = |_: &'static str| {};
    let mut job = Job::new(Budget::UNLIMITED, 0, &mut trace);
    match transform(source, Vec::new(), &plan, &mut job).unwrap().picture {
        Picture::Encoded(file) => (file, job.warnings()),
        Picture::Pixels(_) => panic!("pixels instead of a file"),
    }
}

/// The file is that of a quality which is small enough, and of the next one it is not.
fn check(source: impl Fn() -> Source, options: &str) {
    let of = |quality: u8| written(source(), &format!("{options},quality={quality}")).0;
    let (best, worst) = (of(85).len(), of(1).len());
    for most in [worst, (best + worst) / 2, best - 1] {
        let (file, warnings) = written(source(), &format!("{options},quality=85,max-bytes={most}"));
        assert!(file.len() <= most && warnings.is_empty(), "{options} {most}: {warnings:?}");
        let quality = (1..85).find(|quality| of(*quality) == file).unwrap();
        assert!(of(quality + 1).len() > most, "{options} {most}: {quality}");
    }
    let ample = written(source(), &format!("{options},quality=85,max-bytes={best}"));
    assert_eq!(ample, (of(85), Vec::new()), "{options}");
    let (file, warnings) = written(source(), &format!("{options},max-bytes={}", worst - 1));
    assert_eq!(file, of(1), "{options}");
    assert!(matches!(warnings.as_slice(), [one] if one.starts_with("max-bytes: ")), "{warnings:?}");
}

#[test]
fn the_highest_quality_that_fits_is_written() {
    for (channels, format) in [
        (Channels::Rgb, "jpeg"),
        (Channels::Rgb, "baseline-jpeg"),
        (Channels::Grey, "jpeg"),
        (Channels::Rgba, "webp"),
        (Channels::Rgb, "data-uri,width=64"),
    ] {
        let source = || Source::Pixels(raster(channels), Tag::Srgb);
        check(source, &format!("format={format}"));
    }
}

#[test]
fn what_the_file_carries_counts() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/metadata/full.jpg");
    let file = fs::read(path).unwrap();
    check(|| Source::Encoded(file.clone()), "format=jpeg,metadata=keep");
}

#[test]
fn what_knows_no_quality_is_told() {
    let (file, warnings) =
        written(Source::Pixels(raster(Channels::Rgb), Tag::Srgb), "format=png,max-bytes=9");
    assert!(file.starts_with(b"\x89PNG") && warnings.len() == 1, "{warnings:?}");
}

#[test]
fn png_has_fewer_colours_where_it_may_lose() {
    let of = |options: &str| {
        written(Source::Pixels(raster(Channels::Rgb), Tag::Srgb), &format!("format=png,{options}"))
    };
    let (best, worst) = (of("quality=90").0.len(), of("quality=1").0.len());
    for most in [worst, (best + worst) / 2, best] {
        let (file, warnings) = of(&format!("quality=90,max-bytes={most}"));
        assert!(file.len() <= most && warnings.is_empty(), "{most}: {} {warnings:?}", file.len());
    }
}
