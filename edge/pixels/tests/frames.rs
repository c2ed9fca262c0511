//! Frames of animations against what Pillow shows of them (`tests/golden/frames.py` tells how).

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests are no tests to clippy; what is wrong in a table must stop them"
)]

use selvedge_pixels::{Budget, Failure, Job, Picture, Raster, Source, estimate, transform};
use selvedge_plan::{Client, Options, Plan};

const FRAMES: &str = include_str!("../../../tests/golden/frames.tsv");

/// A file, and what is known of it.
struct Animation {
    name: &'static str,
    file: Vec<u8>,
    /// RGBA.
    frames: Vec<Vec<u8>>,
}

fn bytes(hex: &str) -> Vec<u8> {
    let byte = |i: usize| u8::from_str_radix(&hex[i..i + 2], 16).unwrap();
    (0..hex.len()).step_by(2).map(byte).collect()
}

fn animations() -> impl Iterator<Item = Animation> {
    FRAMES.lines().map(|line| {
        let [name, file, _plays, _milliseconds, frames] =
            line.split('\t').collect::<Vec<_>>().try_into().unwrap();
        Animation { name, file: bytes(file), frames: frames.split(';').map(bytes).collect() }
    })
}

fn plan(options: &str) -> Plan {
    Plan::new(&Options::parse(options).unwrap(), &Client::default()).unwrap()
}

fn run(file: &[u8], options: &str) -> Result<(Picture, Vec<String>), Failure> {
    let mut trace = |_: &'static str| {};
    let mut job = Job::new(Budget::UNLIMITED, 0, &mut trace);
    let source = Source::Encoded(file.to_vec());
    let rendition = transform(source, Vec::new(), &plan(options), &mut job)?;
    Ok((rendition.picture, job.warnings()))
}

/// Red, green, blue and alpha, black where nothing is seen.
fn pixels(raster: &Raster) -> Vec<[u8; 4]> {
    let pixels = raster.samples.chunks_exact(raster.channels.count());
    pixels
        .map(|pixel| match *pixel {
            [r, g, b] => [r, g, b, 255],
            [_, _, _, 0] => [0; 4],
            [r, g, b, a] => [r, g, b, a],
            _ => panic!("grey"),
        })
        .collect()
}

fn page(file: &[u8], page: usize) -> Vec<[u8; 4]> {
    match run(file, &format!("page={page},anim=false,format=pixels")).unwrap() {
        (Picture::Pixels(raster), _) => pixels(&raster),
        (Picture::Encoded(_), _) => panic!("a file instead of pixels"),
    }
}

fn seen(rgba: &[u8]) -> Vec<[u8; 4]> {
    let pixels = rgba.as_chunks().0.iter();
    pixels.map(|pixel: &[u8; 4]| if pixel[3] == 0 { [0; 4] } else { *pixel }).collect()
}

#[test]
fn every_frame_is_what_pillow_shows() {
    for Animation { name, file, frames } in animations() {
        for (number, frame) in frames.iter().enumerate() {
            assert!(page(&file, number) == seen(frame), "frame {number} of {name}");
        }
    }
}

#[test]
fn a_page_beyond_the_last_is_refused() {
    for Animation { name, file, frames } in animations() {
        let options = format!("page={},format=png", frames.len());
        let failure = run(&file, &options).err();
        assert!(matches!(failure, Some(Failure::BadOption(_))), "{name}");
        let failure = estimate(&file, &plan(&options)).err();
        assert!(matches!(failure, Some(Failure::BadOption(_))), "{name}");
    }
}

#[test]
fn a_format_without_animations_gives_the_first_frame_and_says_so() {
    for Animation { file, .. } in animations() {
        let (_, warnings) = run(&file, "format=png").unwrap();
        assert_eq!(warnings.len(), 1);
        let (_, warnings) = run(&file, "format=png,anim=false").unwrap();
        assert!(warnings.is_empty());
    }
}

#[test]
fn wherever_a_file_ends_frames_before_that_are_there() {
    for Animation { name, file, frames } in animations() {
        let mut known = 0;
        for end in 6..file.len() {
            let last = frames.len() - 1;
            match run(&file[..end], &format!("page={last},format=pixels")) {
                Ok(_) => known += 1,
                // Between two blocks nothing tells that there are more.
                Err(Failure::Truncated(_) | Failure::BadOption(_)) => {}
                Err(other) => panic!("{name} up to {end}: {other:?}"),
            }
        }
        assert_eq!(known, 1, "{name} without its trailer alone");
    }
}
