//! Stills of every shape that is read, against libheif (`tests/golden/heic.py` tells how).
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::{Path, PathBuf};

use selvedge_heic::{Decoded, decode, read};
use selvedge_pixels::{Budget, Excess, Failure, Job, Planar, Space, Tag};
use selvedge_plan::geometry::Size;
use sha2::{Digest, Sha256};

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/heic").join(name)
}

fn file(name: &str) -> Vec<u8> {
    fs::read(golden(&format!("{name}.heic"))).unwrap()
}

fn decoded_within(file: &[u8], budget: Budget) -> Result<Decoded, Failure> {
    let mut trace = |_: &'static str| {};
    decode(file, &mut Job::new(budget, 0, &mut trace))
}

fn decoded(file: &[u8]) -> Result<Decoded, Failure> {
    decoded_within(file, Budget::UNLIMITED)
}

/// As libheif makes RGB: each sample of chroma for four pixels, rounded half away from zero.
fn rgb(planar: &Planar) -> Vec<u8> {
    let plane = |index: usize, x: u32, y: u32| {
        let plane = planar.planes.get(index)?;
        Some(f64::from(plane.samples[(y * plane.size.width + x) as usize]))
    };
    let Size { width, height } = planar.size;
    let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    let pixel = |(x, y)| {
        let luma = plane(0, x, y).unwrap();
        let chroma = |index| plane(index, x / 2, y / 2).map_or(0.0, |sample| sample - 128.0);
        let (blue, red) = (chroma(1), chroma(2));
        let mixed = [1.402 * red, -0.344_136 * blue - 0.714_136 * red, 1.772 * blue];
        mixed.map(|part| (luma + part).round().clamp(0.0, 255.0) as u8)
    };
    pixels.flat_map(pixel).collect()
}

#[test]
fn pictures_are_those_of_libheif() {
    let table = fs::read_to_string(golden("expected.tsv")).unwrap();
    let mut seen = 0;
    for line in table.lines().skip(1) {
        let [name, size, expected] = line.split('\t').collect::<Vec<_>>().try_into().unwrap();
        let outcome = decoded(&file(name));
        seen += 1;
        match (expected, outcome) {
            ("unsupported", Err(Failure::Unsupported(_))) => {}
            ("converted", Ok(made)) => assert_eq!(made.planar.space, Space::YCbCr, "{name}"),
            (digest, Ok(made)) if digest.len() == 64 => {
                let Size { width, height } = made.planar.size;
                assert_eq!(format!("{width}x{height}"), size, "{name}");
                let hash = Sha256::digest(rgb(&made.planar));
                let hash: String = hash.iter().map(|b| format!("{b:02x}")).collect();
                assert_eq!(hash, digest, "{name}");
            }
            (_, outcome) => panic!("{name}: {:?}", outcome.err()),
        }
    }
    assert_eq!(seen, 18);
}

#[test]
fn turns_become_those_of_exif() {
    for (name, orientation) in
        [("plain", 1), ("grid-rotated", 8), ("grid-mirrored-rotated", 7), ("cut-turned", 2)]
    {
        assert_eq!(decoded(&file(name)).unwrap().orientation, orientation, "{name}");
    }
}

#[test]
fn all_pictures_of_a_grid_are_wanted() {
    let grid = file("grid");
    let references = grid.windows(4).position(|kind| kind == b"dimg").unwrap();
    // Three columns become two.
    let mut narrow = grid.clone();
    let idat = grid.windows(4).position(|kind| kind == b"idat").unwrap();
    narrow[idat + 4 + 3] = 1;
    // The last picture is one that is not there.
    let mut missing = grid.clone();
    missing[references + 4 + 4 + 11] = 99;
    for file in [narrow, missing] {
        assert!(matches!(decoded(&file), Err(Failure::Malformed(_))));
    }
}

#[test]
fn what_colours_mean_is_told() {
    let Decoded { tag, .. } = decoded(&file("bt2020")).unwrap();
    assert_eq!(tag, Tag::CodePoints { primaries: 1, transfer: 13 });
}

#[test]
fn the_table_of_items_is_enough_to_tell_what_it_takes() {
    let file = file("grid-rotated");
    let mdat = file.windows(4).position(|kind| kind == b"mdat").unwrap();
    let still = read(&file[..mdat + 4]).unwrap();
    assert_eq!((still.size().width, still.size().height, still.orientation()), (150, 101, 8));
    let (memory, work) = (still.memory(), still.work());
    for (budget, expected) in [
        (Budget { memory, work }, None),
        (Budget { memory: memory - 1, work }, Some("memory")),
        (Budget { memory, work: work - 1 }, Some("work")),
    ] {
        let refused = match decoded_within(&file, budget) {
            Ok(_) => None,
            Err(Failure::OverBudget(Excess { what, .. })) => Some(what.into_owned()),
            Err(other) => panic!("{other:?}"),
        };
        assert_eq!(refused.as_deref(), expected);
    }
}

#[test]
fn a_file_that_ends_early_is_truncated() {
    for name in ["plain", "grid"] {
        let file = file(name);
        for length in (0..file.len()).step_by(7) {
            let failure = decoded(&file[..length]).err();
            let empty = length < 8 || failure == Some(Failure::truncated("boxes"));
            let cut = failure == Some(Failure::truncated("pictures"));
            assert!(empty || cut || length == 24, "{name} {length}: {failure:?}");
        }
    }
}
