//! Scaling in linear light, by what half of the light is.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests are no tests to clippy; what is wrong must stop them"
)]

use selvedge_pixels::{Budget, Channels, Job, Picture, Raster, Source, Tag, estimate, transform};
use selvedge_plan::geometry::Size;
use selvedge_plan::{Client, Options, Plan};

fn plan(options: &str) -> Plan {
    Plan::new(&Options::parse(options).unwrap(), &Client::default()).unwrap()
}

fn made(source: Source, options: &str) -> Picture {
    let mut trace = |_: &'static str| {};
    let mut job = Job::new(Budget::UNLIMITED, 0, &mut trace);
    transform(source, Vec::new(), &plan(options), &mut job).unwrap().picture
}

fn pixels(source: Source, options: &str) -> Raster {
    match made(source, &format!("{options},format=pixels")) {
        Picture::Pixels(raster) => raster,
        Picture::Encoded(_) => panic!("a file instead of pixels"),
    }
}

fn file(raster: Raster, options: &str) -> Source {
    match made(Source::Pixels(raster, Tag::Srgb), options) {
        Picture::Encoded(file) => Source::Encoded(file),
        Picture::Pixels(_) => panic!("pixels instead of a file"),
    }
}

/// A picture whose pixels are a function of their place.
fn drawn(
    width: u32,
    height: u32,
    channels: Channels,
    pixel: impl Fn(u32, u32) -> Vec<u8>,
) -> Raster {
    let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    let samples = places.flat_map(|(x, y)| pixel(x, y)).collect();
    Raster::new(Size { width, height }, channels, samples).unwrap()
}

/// The sample in the middle of a row in the middle.
fn middle(raster: &Raster) -> Vec<u8> {
    let row = raster.rows().nth(raster.size.height as usize / 2).unwrap();
    row.chunks(raster.channels.count()).nth(raster.size.width as usize / 2).unwrap().to_vec()
}

fn near(pixel: &[u8], expected: &[u8], by: u8) -> bool {
    pixel.len() == expected.len() && pixel.iter().zip(expected).all(|(a, b)| a.abs_diff(*b) <= by)
}

#[test]
fn half_of_the_light_is_188() {
    let stripes = |channels| {
        let count = Channels::count(channels);
        drawn(128, 64, channels, move |x, _| {
            let mut pixel = vec![if x % 2 == 0 { 255 } else { 0 }; count];
            if channels.has_alpha() {
                pixel[count - 1] = 255;
            }
            pixel
        })
    };
    for channels in [Channels::Grey, Channels::GreyAlpha, Channels::Rgb, Channels::Rgba] {
        for (options, expected) in [("linear=true", 188), ("linear=false", 128)] {
            let scaled = pixels(
                Source::Pixels(stripes(channels), Tag::Srgb),
                &format!("width=16,{options}"),
            );
            let colour = middle(&scaled)[..1].to_vec();
            assert!(near(&colour, &[expected], 2), "{channels:?} {options}: {colour:?}");
        }
    }
    for channels in [Channels::Grey, Channels::Rgb] {
        let jpeg = |options| file(stripes(channels), &format!("format=jpeg,quality={options}"));
        let scaled = pixels(jpeg(100), "width=16,linear=true");
        assert!(near(&middle(&scaled)[..1], &[188], 3), "{:?}", middle(&scaled));
    }
}

#[test]
fn one_colour_stays_that_colour() {
    for (width, height, to) in [(101, 67, 40), (40, 30, 90), (301, 3, 7), (64, 64, 64)] {
        for quality in [80, 95] {
            let flat = drawn(width, height, Channels::Rgb, |_, _| vec![200, 90, 30]);
            let plain = pixels(
                file(flat.clone(), &format!("format=jpeg,quality={quality}")),
                "fit=contain",
            );
            let jpeg = file(flat, &format!("format=jpeg,quality={quality}"));
            let scaled = pixels(jpeg, &format!("width={to},linear=true"));
            for pixel in scaled.samples.chunks(3) {
                assert!(near(pixel, &middle(&plain), 2), "{width} {quality}: {pixel:?}");
            }
        }
    }
}

#[test]
fn what_cannot_be_seen_gives_no_light() {
    let source = drawn(64, 64, Channels::Rgba, |x, _| {
        if x % 2 == 0 { vec![255, 0, 0, 0] } else { vec![0, 0, 200, 255] }
    });
    let scaled = pixels(Source::Pixels(source, Tag::Srgb), "width=8,linear=true");
    assert!(near(&middle(&scaled), &[0, 0, 200, 128], 2), "{:?}", middle(&scaled));
}

#[test]
fn the_forecast_holds_what_it_takes() {
    let source = drawn(600, 400, Channels::Rgb, |x, y| vec![x as u8, y as u8, (x * y) as u8]);
    let Source::Encoded(jpeg) = file(source, "format=jpeg,quality=80") else {
        panic!("a file was asked for")
    };
    let memory = |options| estimate(&jpeg, &plan(options)).unwrap().memory;
    // A whole luma plane and two of a quarter.
    let planes = 600 * 400 * 3 / 2;
    assert!(memory("width=50,linear=true") > memory("width=50") + planes / 2);
    assert!(memory("width=50,linear=true") > planes);
}
