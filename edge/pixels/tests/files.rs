//! Files of PNG, and of formats that are only read, against the pixels that other decoders make of them
//! (`tests/golden/files.py` tells how).

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests are no tests to clippy; what is wrong in a table must stop them"
)]

use std::collections::HashMap;

use selvedge_pixels::{
    Budget, Channels, Failure, Job, Picture, Raster, Source, estimate, probe, transform,
};
use selvedge_plan::{Client, Options, Plan};

const FILES: &str = include_str!("../../../tests/golden/files.tsv");

/// A file, and the pixels that are expected of it.
struct Golden {
    name: &'static str,
    file: Vec<u8>,
    /// How far samples may be apart.
    tolerance: u8,
    width: u32,
    height: u32,
    channels: usize,
    samples: Vec<u8>,
}

fn bytes(hex: &str) -> Vec<u8> {
    let byte = |i: usize| u8::from_str_radix(&hex[i..i + 2], 16).unwrap();
    (0..hex.len()).step_by(2).map(byte).collect()
}

fn files() -> impl Iterator<Item = Golden> {
    let mut known = HashMap::new();
    FILES.lines().map(move |line| {
        let [name, file, tolerance, pixels] =
            line.split('\t').collect::<Vec<_>>().try_into().unwrap();
        // The pixels of a line before.
        let pixels = pixels.strip_prefix('=').map_or(pixels, |name| known[name]);
        known.insert(name, pixels);
        let (sides, samples) = pixels.split_once(':').unwrap();
        let [width, height, channels] =
            sides.split('x').map(|n| n.parse().unwrap()).collect::<Vec<u32>>().try_into().unwrap();
        let (file, samples) = (bytes(file), bytes(samples));
        let (tolerance, channels) = (tolerance.parse().unwrap(), channels as usize);
        Golden { name, file, tolerance, width, height, channels, samples }
    })
}

fn plan(options: &str) -> Plan {
    Plan::new(&Options::parse(options).unwrap(), &Client::default()).unwrap()
}

fn run(file: &[u8], options: &str) -> Result<(Raster, Vec<String>), Failure> {
    let mut trace = |_: &'static str| {};
    let mut job = Job::new(Budget::UNLIMITED, 0, &mut trace);
    let plan = plan(&format!("{options}format=pixels"));
    let made = transform(Source::Encoded(file.to_vec()), Vec::new(), &plan, &mut job)?.picture;
    match made {
        Picture::Pixels(raster) => Ok((raster, job.warnings())),
        Picture::Encoded(_) => panic!("a file instead of pixels"),
    }
}

/// The samples with as many channels as are expected.
fn in_channels(raster: &Raster, channels: usize) -> Vec<u8> {
    let wide = |pixel: &[u8]| match *pixel {
        [grey] => [grey, grey, grey, 255],
        [grey, alpha] => [grey, grey, grey, alpha],
        [r, g, b] => [r, g, b, 255],
        [r, g, b, alpha] => [r, g, b, alpha],
        _ => panic!("channels"),
    };
    let pixels = raster.samples.chunks_exact(raster.channels.count()).map(wide);
    pixels.flat_map(|pixel| pixel.into_iter().take(channels)).collect()
}

#[test]
fn pixels_are_those_of_other_decoders() {
    for Golden { name, file, tolerance, width, height, channels, samples } in files() {
        let (raster, warnings) = run(&file, "").unwrap_or_else(|why| panic!("{name}: {why:?}"));
        assert_eq!((raster.size.width, raster.size.height), (width, height), "{name}");
        assert_eq!(raster.channels.has_alpha(), channels == 4, "{name}");
        assert!(warnings.is_empty(), "{name}: {warnings:?}");
        let found = in_channels(&raster, channels);
        let most = found.iter().zip(&samples).map(|(a, b)| a.abs_diff(*b)).max().unwrap();
        assert!(most <= tolerance && found.len() == samples.len(), "{name}: {most} apart");
        let grey = samples.chunks_exact(channels).all(|p| p[0] == p[1] && p[1] == p[2]);
        assert!(!grey || raster.channels != Channels::Rgb, "{name}: grey with colours");
    }
}

#[test]
fn what_is_cut_off_is_told_and_kept_if_asked_for() {
    for Golden { name, file, width, height, .. } in files() {
        for end in (0..file.len()).step_by(7) {
            let cut = &file[..end];
            let strict = run(cut, "");
            // Only what fills up the end may be missing.
            if let Ok((raster, _)) = &strict {
                assert!(raster == &run(&file, "").unwrap().0, "{name} of {end} bytes");
                continue;
            }
            let kept = run(cut, "damaged=keep,");
            let Ok((raster, warnings)) = kept else { continue };
            assert_eq!((raster.size.width, raster.size.height), (width, height), "{name}");
            assert!(!warnings.is_empty(), "{name} of {end} bytes");
        }
    }
}

#[test]
fn headers_say_what_comes() {
    for Golden { name, file, width, height, .. } in files() {
        let header = probe(&file).unwrap();
        let size = header.turn().size(header.size);
        assert_eq!((size.width, size.height), (width, height), "{name}");
        for options in ["format=png", "width=5,format=webp", "width=40,height=40,fit=cover"] {
            let forecast = estimate(&file, &plan(options)).unwrap();
            let mut trace = |_: &'static str| {};
            let budget = Budget { memory: forecast.memory, work: forecast.work };
            let mut job = Job::new(budget, 0, &mut trace);
            let source = Source::Encoded(file.clone());
            let made = transform(source, Vec::new(), &plan(options), &mut job).unwrap();
            assert_eq!(
                (made.size, made.media_type),
                (forecast.size, forecast.media_type),
                "{name}"
            );
        }
    }
}
