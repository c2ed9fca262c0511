//! Overlays, against the formulas of Porter and Duff in floats (W3C Compositing 1 §9.1).

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests are no tests to clippy; what is wrong here must stop them"
)]

use selvedge_pixels::{Budget, Channels, Failure, Job, Picture, Raster, Source, Tag, transform};
use selvedge_plan::geometry::Size;
use selvedge_plan::{Client, Options, Plan};

/// The canvas.
const UNDER: Size = Size { width: 12, height: 9 };
/// What is drawn over it.
const OVER: Size = Size { width: 5, height: 4 };

fn raster(size: Size, channels: Channels, seed: u32) -> Raster {
    let count = size.pixels() as u32 * channels.count() as u32;
    let sample = |i: u32| (i.wrapping_mul(2_654_435_761).wrapping_add(seed) >> 21) as u8;
    Raster::new(size, channels, (0..count).map(sample).collect()).unwrap()
}

fn run(source: Source, overlays: Vec<Vec<u8>>, options: &str) -> Result<Picture, Failure> {
    let plan = Plan::new(&Options::parse(options).unwrap(), &Client::default()).unwrap();
    let mut trace = |_: &'static str| {};
    let mut job = Job::new(Budget::UNLIMITED, 0, &mut trace);
    transform(source, overlays, &plan, &mut job).map(|rendition| rendition.picture)
}

fn file(raster: Raster) -> Vec<u8> {
    match run(Source::Pixels(raster, Tag::Srgb), Vec::new(), "format=png").unwrap() {
        Picture::Encoded(file) => file,
        Picture::Pixels(_) => panic!("pixels instead of a file"),
    }
}

fn drawn(under: Raster, overlays: Vec<Vec<u8>>, options: &str) -> Raster {
    let options = format!("{options},format=pixels");
    match run(Source::Pixels(under, Tag::Srgb), overlays, &options).unwrap() {
        Picture::Pixels(raster) => raster,
        Picture::Encoded(_) => panic!("a file instead of pixels"),
    }
}

/// A pixel as red, green, blue and alpha, all of them up to 1; clear outside.
fn at(raster: &Raster, x: i64, y: i64) -> [f64; 4] {
    let Size { width, height } = raster.size;
    if x < 0 || y < 0 || x >= width.into() || y >= height.into() {
        return [0.0; 4];
    }
    let count = raster.channels.count();
    let from = (y * i64::from(width) + x) as usize * count;
    let part = |i: usize| f64::from(raster.samples[from + i]) / 255.0;
    match count {
        1 => [part(0), part(0), part(0), 1.0],
        2 => [part(0), part(0), part(0), part(1)],
        3 => [part(0), part(1), part(2), 1.0],
        _ => [part(0), part(1), part(2), part(3)],
    }
}

/// What the operator makes of both, in floats.
fn composite(mode: &str, under: [f64; 4], over: [f64; 4]) -> [f64; 4] {
    let (a, b) = (over[3], under[3]);
    let (of_over, of_under) = match mode {
        "over" => (1.0, 1.0 - a),
        "in" => (b, 0.0),
        "out" => (1.0 - b, 0.0),
        "atop" => (b, 1.0 - a),
        "xor" => (1.0 - b, 1.0 - a),
        "lighter" => (1.0, 1.0),
        other => panic!("{other}"),
    };
    let alpha = (a * of_over + b * of_under).min(1.0);
    let mut pixel = [0.0, 0.0, 0.0, alpha];
    if alpha > 0.0 {
        for i in 0..3 {
            let sum = over[i] * a * of_over + under[i] * b * of_under;
            pixel[i] = (sum / alpha).min(1.0);
        }
    }
    pixel
}

/// Each pixel is what the formula says, but for rounding.
fn check(
    under: &Raster,
    over: &Raster,
    place: (i64, i64),
    mode: &str,
    opacity: f64,
    options: &str,
) {
    let got = drawn(under.clone(), vec![file(over.clone())], options);
    assert_eq!(got.size, under.size, "{options}");
    for y in 0..i64::from(under.size.height) {
        for x in 0..i64::from(under.size.width) {
            let mut above = at(over, x - place.0, y - place.1);
            above[3] *= opacity;
            let expected = composite(mode, at(under, x, y), above);
            let found = at(&got, x, y);
            for i in [3, 0, 1, 2] {
                // What is clear has no colour.
                if i < 3 && expected[3] * 255.0 < 0.5 {
                    continue;
                }
                let apart = (found[i] - expected[i]).abs() * 255.0;
                assert!(apart < 0.5 + 1e-6, "{options} ({x}, {y}): {found:?}, not {expected:?}");
            }
        }
    }
}

#[test]
fn each_operator_and_each_layout() {
    const ALL: [Channels; 4] = [Channels::Grey, Channels::GreyAlpha, Channels::Rgb, Channels::Rgba];
    for (n, below) in ALL.into_iter().enumerate() {
        for (m, above) in ALL.into_iter().enumerate() {
            let (under, over) =
                (raster(UNDER, below, n as u32), raster(OVER, above, 77 + m as u32));
            for mode in ["over", "in", "out", "atop", "xor", "lighter"] {
                let options = format!(
                    "draw.0.url=a,draw.0.left=3,draw.0.top=2,draw.0.opacity=0.6,draw.0.composite={mode}"
                );
                check(&under, &over, (3, 2), mode, 0.6, &options);
            }
        }
    }
}

#[test]
fn places() {
    let (under, over) = (raster(UNDER, Channels::Rgb, 1), raster(OVER, Channels::Rgba, 2));
    for (place, options) in [
        ((3, 2), ""),
        ((0, 0), ",draw.0.left=0,draw.0.top=0"),
        ((7, 5), ",draw.0.right=0,draw.0.bottom=0"),
        ((9, -3), ",draw.0.left=9,draw.0.bottom=8"),
        ((-4, 7), ",draw.0.right=11,draw.0.top=7"),
    ] {
        check(&under, &over, place, "over", 1.0, &format!("draw.0.url=a{options}"));
    }
}

#[test]
fn what_is_repeated_goes_from_edge_to_edge() {
    let (under, over) = (raster(UNDER, Channels::Rgb, 1), raster(OVER, Channels::Rgb, 2));
    let options = "draw.0.url=a,draw.0.left=1,draw.0.top=2,draw.0.repeat";
    for (repeat, across, down) in [("true", true, true), ("x", true, false), ("y", false, true)] {
        let options = format!("{options}={repeat}");
        let got = drawn(under.clone(), vec![file(over.clone())], &options);
        for y in 0..9 {
            for x in 0..12 {
                let from = |place: i64, start: i64, length: i64, repeats: bool| {
                    if repeats { (place - start).rem_euclid(length) } else { place - start }
                };
                let above = at(&over, from(x, 1, 5, across), from(y, 2, 4, down));
                let expected = if above[3] > 0.0 { above } else { at(&under, x, y) };
                assert_eq!(at(&got, x, y), expected, "{repeat} ({x}, {y})");
            }
        }
    }
}

#[test]
fn the_last_one_is_on_top_and_each_is_scaled_to_its_box() {
    let under = raster(UNDER, Channels::Rgb, 1);
    let flat = |colour: [u8; 3]| {
        let size = Size { width: 40, height: 20 };
        Raster::new(size, Channels::Rgb, colour.repeat(800)).unwrap()
    };
    let overlays = vec![file(flat([255, 0, 0])), file(flat([0, 0, 255]))];
    let options = "draw.0.url=a,draw.0.width=0.5,draw.0.left=0,draw.0.top=0,\
                   draw.1.url=b,draw.1.width=4,draw.1.left=4,draw.1.top=0";
    let got = drawn(under.clone(), overlays, options);
    let (red, blue) = ([1.0, 0.0, 0.0, 1.0], [0.0, 0.0, 1.0, 1.0]);
    for y in 0..9 {
        for x in 0..12 {
            let expected = match (x, y) {
                (4..8, 0..2) => blue,
                (0..6, 0..3) => red,
                _ => at(&under, x, y),
            };
            assert_eq!(at(&got, x, y), expected, "({x}, {y})");
        }
    }
}

#[test]
fn a_hole_is_white_where_there_is_no_transparency() {
    let (under, over) = (raster(UNDER, Channels::Rgb, 1), raster(OVER, Channels::Rgb, 2));
    let options = "draw.0.url=a,draw.0.composite=out,format=jpeg,quality=100";
    let Picture::Encoded(jpeg) =
        run(Source::Pixels(under, Tag::Srgb), vec![file(over)], options).unwrap()
    else {
        panic!("pixels instead of a file")
    };
    let Picture::Pixels(pixels) = run(Source::Encoded(jpeg), Vec::new(), "format=pixels").unwrap()
    else {
        panic!("a file instead of pixels")
    };
    assert!(pixels.samples.iter().all(|sample| *sample > 250));
}

#[test]
fn what_is_wrong_with_an_overlay_names_it() {
    let under = || Source::Pixels(raster(UNDER, Channels::Rgb, 1), Tag::Srgb);
    let good = file(raster(OVER, Channels::Rgb, 2));
    let two = "draw.0.url=a,draw.1.url=b,format=png";
    let refused = run(under(), vec![good.clone(), b"no picture".to_vec()], two).err().unwrap();
    assert!(matches!(&refused, Failure::Unsupported(why) if why.starts_with("draw.1: ")));
    let refused = run(under(), vec![good], two).err().unwrap();
    assert!(matches!(&refused, Failure::BadOption(why) if why.contains("expected 2")));
}
