//! What options do to pixels, against results that NumPy and SciPy computed
//! (`tests/golden/effects.py` tells how).

use std::collections::HashMap;

use selvedge_pixels::{Budget, Channels, Job, Picture, Raster, Source, transform};
use selvedge_plan::geometry::Size;
use selvedge_plan::{Client, Options, Plan};

const RESULTS: &str = include_str!("../../../tests/golden/effects.tsv");

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

fn transformed(source: Raster, options: &str) -> Raster {
    let options = Options::parse(&format!("{options},format=pixels")).unwrap();
    let plan = Plan::new(&options, &Client::default()).unwrap();
    let mut trace = |_: &'static str| {};
    let mut job = Job::new(Budget::UNLIMITED, 0, &mut trace);
    match transform(Source::Pixels(source), &plan, &mut job).unwrap().picture {
        Picture::Pixels(raster) => raster,
        Picture::Encoded(_) => panic!("a file instead of pixels"),
    }
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
    let mut sources = HashMap::new();
    let mut wrong = Vec::new();
    let mut compared = 0;
    for line in RESULTS.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        match *fields.as_slice() {
            ["source", name, pixels] => _ = sources.insert(name, raster(pixels)),
            [options, source, most, mean, result] => {
                let (expected, got) =
                    (raster(result), transformed(sources[source].clone(), options));
                let what = format!("{options} on {source}");
                assert_eq!((got.size, got.channels), (expected.size, expected.channels), "{what}");
                let (got_most, got_mean) = difference(&got, &expected);
                let allowed: (f64, f64) = (most.parse().unwrap(), mean.parse().unwrap());
                if got_most > allowed.0 || got_mean > allowed.1 {
                    wrong.push(format!("{what}: {got_most:.1} and {got_mean:.3} on average"));
                }
                compared += 1;
            }
            _ => panic!("{line}"),
        }
    }
    assert!(wrong.is_empty(), "too far from what was computed:\n{}", wrong.join("\n"));
    assert!(compared > 30);
}
