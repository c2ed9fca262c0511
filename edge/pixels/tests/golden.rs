//! What options do to pixels, against results that NumPy and SciPy computed
//! (`tests/golden/effects.py` tells how).

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests are no tests to clippy; what is wrong in a table must stop them"
)]

use std::collections::HashMap;

use selvedge_pixels::{Budget, Channels, Job, Picture, Raster, Source, Tag, transform};
use selvedge_plan::geometry::Size;
use selvedge_plan::{Client, Options, Plan};

const RESULTS: &str = include_str!("../../../tests/golden/effects.tsv");
/// What the reference implementations gave (`tests/golden/placeholders.mjs`).
const HASHES: &str = include_str!("../../../tests/golden/placeholders.tsv");

/// WIDTHxHEIGHTxCHANNELS:HEX.
fn raster(text: &str) -> Raster {
    let (sides, hex) = text.split_once(':').unwrap();
    let [width, height, channels] =
        sides.split('x').map(|n| n.parse().unwrap()).collect::<Vec<u32>>().try_into().unwrap();
    let byte = |i: usize| u8::from_str_radix(&hex[i..i + 2], 16).unwrap();
    let samples = (0..hex.len()).step_by(2).map(byte).collect();
    let channels = Channels::from_count(u8::try_from(channels).unwrap()).unwrap();
    Raster::new(Size { width, height }, channels, samples).unwrap()
}

fn transformed(source: Raster, options: &str) -> Picture {
    let options = Options::parse(options).unwrap();
    let plan = Plan::new(&options, &Client::default()).unwrap();
    let mut trace = |_: &'static str| {};
    let mut job = Job::new(Budget::UNLIMITED, 0, &mut trace);
    transform(Source::Pixels(source, Tag::Srgb), Vec::new(), &plan, &mut job).unwrap().picture
}

fn pixels(source: Raster, options: &str) -> Raster {
    match transformed(source, &format!("{options},format=pixels")) {
        Picture::Pixels(raster) => raster,
        Picture::Encoded(_) => panic!("a file instead of pixels"),
    }
}

fn text(source: Raster, options: &str) -> String {
    match transformed(source, options) {
        Picture::Pixels(_) => panic!("pixels instead of text"),
        Picture::Encoded(text) => String::from_utf8(text).unwrap(),
    }
}

/// The pictures that all results are of.
fn sources() -> HashMap<&'static str, Raster> {
    let lines = RESULTS.lines().filter_map(|line| line.strip_prefix("source\t"));
    lines
        .map(|line| line.split_once('\t').unwrap())
        .map(|(name, text)| (name, raster(text)))
        .collect()
}

/// The largest and the mean difference of all samples, those of colours as far as they are seen.
fn difference(a: &Raster, b: &Raster) -> (f64, f64) {
    let (count, has_alpha) = (a.channels.count(), a.channels.has_alpha());
    let (mut most, mut sum) = (0.0_f64, 0.0);
    for (a, b) in a.samples.chunks_exact(count).zip(b.samples.chunks_exact(count)) {
        for (index, (x, y)) in a.iter().zip(b).enumerate() {
            let is_colour = has_alpha && index + 1 < count;
            let seen =
                if is_colour { f64::from(a[count - 1].min(b[count - 1])) / 255.0 } else { 1.0 };
            let apart = f64::from(x.abs_diff(*y)) * seen;
            most = most.max(apart);
            sum += apart;
        }
    }
    (most, sum / a.samples.len() as f64)
}

#[test]
fn pixels_are_those_of_an_independent_computation() {
    let sources = sources();
    let mut wrong = Vec::new();
    let mut compared = 0;
    for line in RESULTS.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let [options, source, most, mean, result] = *fields.as_slice() else { continue };
        let (expected, got) = (raster(result), pixels(sources[source].clone(), options));
        let what = format!("{options} on {source}");
        assert_eq!((got.size, got.channels), (expected.size, expected.channels), "{what}");
        let (got_most, got_mean) = difference(&got, &expected);
        let allowed: (f64, f64) = (most.parse().unwrap(), mean.parse().unwrap());
        if got_most > allowed.0 || got_mean > allowed.1 {
            wrong.push(format!("{what}: {got_most:.1} and {got_mean:.3} on average"));
        }
        compared += 1;
    }
    assert!(wrong.is_empty(), "too far from what was computed:\n{}", wrong.join("\n"));
    assert!(compared > 30);
}

#[test]
fn hashes_are_those_of_the_reference_implementations() {
    let sources = sources();
    for line in HASHES.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let [format, source, hash] = *fields.as_slice() else { panic!("{line}") };
        let got = text(sources[source].clone(), &format!("format={format}"));
        assert_eq!(got, hash, "{format} of {source}");
    }
}

#[test]
fn a_note_tells_sizes_and_colours() {
    let size = Size { width: 400, height: 300 };
    let teal = Raster::new(size, Channels::Rgb, [0, 128, 128].repeat(120_000)).unwrap();
    assert_eq!(
        text(teal, "format=json,width=200,height=200,fit=cover,border=0"),
        "{\"width\":200,\"height\":200,\"original\":{\"width\":400,\"height\":300},\
         \"transparent\":false,\"average\":\"#008080\",\"palette\":[\"#008080\"]}\n"
    );
}

#[test]
fn a_note_tells_the_mean_and_the_most_frequent_colours() {
    let size = Size { width: 60, height: 30 };
    let column = |x: u32| match x {
        0..20 => [10, 120, 220],
        20..30 => [205, 35, 45],
        _ => [200, 30, 40],
    };
    let samples = (0..1_800).flat_map(|i| column(i % 60)).collect();
    let stripes = Raster::new(size, Channels::Rgb, samples).unwrap();
    // (20 * 10 + 10 * 205 + 30 * 200) / 60 and so on; the second red is too near to the first.
    let note = text(stripes, "format=json");
    assert!(
        note.contains("\"average\":\"#8a3d65\",\"palette\":[\"#c81e28\",\"#0a78dc\"]"),
        "{note}"
    );
}

#[test]
fn a_data_url_is_a_small_file() {
    let size = Size { width: 400, height: 300 };
    let teal = Raster::new(size, Channels::Rgb, [0, 128, 128].repeat(120_000)).unwrap();
    let url = text(teal, "format=data-uri");
    assert!(url.starts_with("data:image/webp;base64,UklGR"), "{url}");
    assert!(url.len() < 200, "{}", url.len());
}
