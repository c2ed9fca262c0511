//! What colour profiles make of pixels, against littlecms (`tests/golden/colours.py` tells how).

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests are no tests to clippy; what is wrong in a table must stop them"
)]

use std::fs;
use std::path::{Path, PathBuf};

use selvedge_pixels::{Budget, Channels, Job, Picture, Raster, Source, Tag, transform};
use selvedge_plan::geometry::Size;
use selvedge_plan::{Client, Options, Plan};

/// Side of the squares that inks come in.
const SQUARE: usize = 8;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/colours")
}

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

/// Pixels of a file, and what is amiss with it.
fn pixels(file: Vec<u8>) -> (Raster, Vec<String>) {
    pixels_of(Source::Encoded(file))
}

fn pixels_of(source: Source) -> (Raster, Vec<String>) {
    let options = Options::parse("format=pixels").unwrap();
    let plan = Plan::new(&options, &Client::default()).unwrap();
    let mut trace = |_: &'static str| {};
    let mut job = Job::new(Budget::UNLIMITED, 0, &mut trace);
    let made = transform(source, Vec::new(), &plan, &mut job).unwrap();
    match made.picture {
        Picture::Pixels(raster) => (raster, job.warnings()),
        Picture::Encoded(_) => panic!("a file instead of pixels"),
    }
}

/// The middle of each square.
fn squares(raster: &Raster) -> Raster {
    let count = raster.channels.count();
    let size = Size {
        width: raster.size.width / SQUARE as u32,
        height: raster.size.height / SQUARE as u32,
    };
    let rows = raster.rows().skip(SQUARE / 2).step_by(SQUARE);
    let middles = rows.flat_map(|row| row.chunks(count).skip(SQUARE / 2).step_by(SQUARE));
    let samples = middles.flatten().copied().collect();
    Raster::new(size, raster.channels, samples).unwrap()
}

/// L*, a*, b* of sRGB (CIE 15, IEC 61966-2-1).
fn lab(pixel: &[u8]) -> [f64; 3] {
    let [r, g, b] = match *pixel {
        [grey] | [grey, _] => [grey; 3],
        [r, g, b, ..] => [r, g, b],
        [] => panic!("a pixel without samples"),
    };
    let [r, g, b] = [r, g, b].map(|code| {
        let code = f64::from(code) / 255.0;
        if code <= 0.04045 { code / 12.92 } else { ((code + 0.055) / 1.055).powf(2.4) }
    });
    let [x, y, z] = [
        (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505,
        0.2126 * r + 0.7152 * g + 0.0722 * b,
        (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089,
    ]
    .map(|t| if t > 216.0 / 24389.0 { t.cbrt() } else { (24389.0 / 27.0 * t + 16.0) / 116.0 });
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

/// ΔE2000 (CIE 142, in the steps of Sharma, Wu and Dalal 2005).
fn difference([l1, a1, b1]: [f64; 3], [l2, a2, b2]: [f64; 3]) -> f64 {
    let seventh = |c: f64| (c.powi(7) / (c.powi(7) + 25_f64.powi(7))).sqrt();
    let mean = (a1.hypot(b1) + a2.hypot(b2)) / 2.0;
    let (a1, a2) = [a1, a2].map(|a| a * (1.5 - 0.5 * seventh(mean))).into();
    let (c1, c2): (f64, f64) = (a1.hypot(b1), a2.hypot(b2));
    let (h1, h2) = [b1.atan2(a1), b2.atan2(a2)].map(f64::to_degrees).into();
    let (h1, h2): (f64, f64) = (h1.rem_euclid(360.0), h2.rem_euclid(360.0));
    let grey = c1 * c2 == 0.0;
    let turn = if grey { 0.0 } else { (h2 - h1 + 180.0).rem_euclid(360.0) - 180.0 };
    let dh = 2.0 * (c1 * c2).sqrt() * (turn / 2.0).to_radians().sin();
    let (l, c) = ((l1 + l2) / 2.0, (c1 + c2) / 2.0);
    let h = if grey { h1 + h2 } else { h1 + turn / 2.0 };
    let cos = |degrees: f64| degrees.to_radians().cos();
    let t = 1.0 - 0.17 * cos(h - 30.0) + 0.24 * cos(2.0 * h) + 0.32 * cos(3.0 * h + 6.0)
        - 0.2 * cos(4.0 * h - 63.0);
    let sl = 1.0 + 0.015 * (l - 50.0).powi(2) / (20.0 + (l - 50.0).powi(2)).sqrt();
    let (sc, sh) = (1.0 + 0.045 * c, 1.0 + 0.015 * c * t);
    let hue = (h.rem_euclid(360.0) - 275.0) / 25.0;
    let rt = -2.0 * seventh(c) * (60.0 * (-hue * hue).exp()).to_radians().sin();
    let (l, c, h) = ((l2 - l1) / sl, (c2 - c1) / sc, dh / sh);
    (l * l + c * c + h * h + rt * c * h).max(0.0).sqrt()
}

/// The mean and the largest difference of two pictures.
fn differences(a: &Raster, b: &Raster) -> (f64, f64) {
    let count = a.channels.count();
    let pairs = a.samples.chunks_exact(count).zip(b.samples.chunks_exact(count));
    let all: Vec<f64> = pairs.map(|(a, b)| difference(lab(a), lab(b))).collect();
    (all.iter().sum::<f64>() / all.len() as f64, all.iter().copied().fold(0.0, f64::max))
}

#[test]
fn differences_are_those_of_the_published_pairs() {
    for (a, b, expected) in [
        ([50.0, 2.6772, -79.7751], [50.0, 0.0, -82.7485], 2.0425),
        ([50.0, -1.3802, -84.2814], [50.0, 0.0, -82.7485], 1.0),
        ([50.0, 2.49, -0.001], [50.0, -2.49, 0.0009], 7.1792),
        ([50.0, 2.5, 0.0], [73.0, 25.0, -18.0], 27.1492),
        ([60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387], 1.2644),
        ([2.0776, 0.0795, -1.135], [0.9033, -0.0636, -0.5514], 0.9082),
    ] {
        assert!((difference(a, b) - expected).abs() < 1e-4, "{a:?} {b:?}: {}", difference(a, b));
    }
}

#[test]
fn colours_are_those_of_littlecms() {
    let lines = fs::read_to_string(folder().join("expected.tsv")).unwrap();
    let mut count = 0;
    for line in lines.lines() {
        let [name, stored, expected] = line.split('\t').collect::<Vec<_>>().try_into().unwrap();
        let (made, warnings) = pixels(fs::read(folder().join(name)).unwrap());
        let made = if stored == "-" { squares(&made) } else { made };
        let expected = raster(expected);
        assert!(warnings.is_empty(), "{name}: {warnings:?}");
        assert_eq!((made.size, made.channels), (expected.size, expected.channels), "{name}");
        let (mean, most) = differences(&made, &expected);
        // Inks come by JPEG, whose decoders differ, and by curves as steep as printers have them.
        let bounds = if stored == "-" { (1.0, 3.0) } else { (0.05, 0.6) };
        let near = mean <= bounds.0 && most <= bounds.1;
        assert!(near, "{name}: ΔE2000 is {mean:.3} on average, {most:.3} most");
        if stored != "-" {
            let (unchanged, _) = differences(&raster(stored), &expected);
            let is_srgb = ["places-alone.png", "srgb-before-gamma.png"].contains(&name);
            assert!(is_srgb || unchanged > 1.0, "{name}: {unchanged:.3} without conversion");
        }
        count += 1;
    }
    assert_eq!(count, fs::read_dir(folder()).unwrap().count() - 1);
}

#[test]
fn tags_say_what_files_say() {
    let lines = fs::read_to_string(folder().join("expected.tsv")).unwrap();
    let file = fs::read(folder().join("p3.webp")).unwrap();
    let profile = file.get(profile_at(&file)..).unwrap();
    let length = u32::from_be_bytes(profile[..4].try_into().unwrap()) as usize;
    let p3 = Tag::Profile(profile[..length].to_vec());
    let coded = |primaries, transfer| Tag::CodePoints { primaries, transfer };
    for (name, tag) in [("p3.png", p3), ("cicp-before-all.png", coded(12, 13))] {
        let line = lines.lines().find(|line| line.starts_with(name)).unwrap();
        let stored = raster(line.split('\t').nth(1).unwrap());
        let (expected, _) = pixels(fs::read(folder().join(name)).unwrap());
        assert_eq!(pixels_of(Source::Pixels(stored.clone(), tag)), (expected, vec![]), "{name}");
        // Video's curve is taken for sRGB's, and what is unknown for sRGB.
        for tag in [Tag::Srgb, coded(1, 13), coded(1, 1), coded(2, 2), coded(12, 99)] {
            let made = pixels_of(Source::Pixels(stored.clone(), tag.clone()));
            assert_eq!(made, (stored.clone(), vec![]), "{tag:?}");
        }
        let (made, warnings) =
            pixels_of(Source::Pixels(stored.clone(), Tag::Profile(vec![7; 200])));
        assert_eq!((made, warnings.len()), (stored, 1));
    }
}

#[test]
fn alpha_is_no_colour() {
    let (made, _) = pixels(fs::read(folder().join("adobe-alpha.png")).unwrap());
    assert!((0..=215).eq(made.samples.chunks_exact(4).map(|pixel| pixel[3])));
}

/// Positions of a profile in a file whose profile is stored as it is.
fn profile_at(file: &[u8]) -> usize {
    file.windows(4).position(|window| window == b"acsp").unwrap() - 36
}

#[test]
fn a_broken_profile_is_told_of_and_ignored() {
    for name in ["inks-8.jpg", "inks-16.jpg", "p3.webp"] {
        let mut file = fs::read(folder().join(name)).unwrap();
        let (good, _) = pixels(file.clone());
        let at = profile_at(&file);
        // The device's space, then the count of tags.
        for (place, bytes) in [(at + 16, b"Lab "), (at + 128, b"\0\0\0\0"), (at + 36, b"nope")] {
            let before: [u8; 4] = file[place..place + 4].try_into().unwrap();
            file[place..place + 4].copy_from_slice(bytes);
            let (made, warnings) = pixels(file.clone());
            assert!(warnings.len() == 1 && warnings[0].contains("colour profile"), "{warnings:?}");
            assert_ne!(made, good, "{name}");
            file[place..place + 4].copy_from_slice(&before);
        }
    }
}

#[test]
fn whatever_a_profile_says_there_is_a_picture() {
    let mut state = 1_u32;
    let mut random = |below: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as usize % below
    };
    for name in ["inks-8.jpg", "inks-16.jpg", "p3.webp"] {
        let whole = fs::read(folder().join(name)).unwrap();
        let start = profile_at(&whole);
        let length = u32::from_be_bytes(whole[start..start + 4].try_into().unwrap()) as usize;
        let (good, _) = pixels(whole.clone());
        for turn in 0..300 {
            let mut file = whole.clone();
            for _ in 0..=random(4) {
                // Half of the time where lengths and offsets are.
                let near = if turn % 2 == 0 { 400.min(length) } else { length };
                let wild = [0, 1, 0x7f, 0x80, 0xff][random(5)];
                file[start + random(near)] = if turn % 3 == 0 { random(256) as u8 } else { wild };
            }
            let (made, _) = pixels(file);
            assert_eq!((made.size, made.channels), (good.size, good.channels));
        }
    }
}
