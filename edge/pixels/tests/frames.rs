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
    /// How often it is played; 0 is for ever.
    plays: u32,
    /// Of each frame.
    milliseconds: Vec<u32>,
    /// RGBA.
    frames: Vec<Vec<u8>>,
}

fn bytes(hex: &str) -> Vec<u8> {
    let byte = |i: usize| u8::from_str_radix(&hex[i..i + 2], 16).unwrap();
    (0..hex.len()).step_by(2).map(byte).collect()
}

fn animations() -> impl Iterator<Item = Animation> {
    FRAMES.lines().map(|line| {
        let [name, file, plays, times, frames] =
            line.split('\t').collect::<Vec<_>>().try_into().unwrap();
        Animation {
            name,
            file: bytes(file),
            plays: plays.parse().unwrap(),
            milliseconds: times.split(';').map(|time| time.parse().unwrap()).collect(),
            frames: frames.split(';').map(bytes).collect(),
        }
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
    for Animation { name, file, frames, .. } in animations() {
        for (number, frame) in frames.iter().enumerate() {
            // Half transparent pixels over such are rounded in different ways.
            let most = if name.starts_with("webp") { 2 } else { 0 };
            let (ours, theirs) = (page(&file, number), seen(frame));
            let samples = ours.as_flattened().iter().zip(theirs.as_flattened());
            let difference = samples.map(|(a, b)| a.abs_diff(*b)).max();
            assert!(difference <= Some(most), "frame {number} of {name}: {difference:?}");
        }
    }
}

#[test]
fn a_page_beyond_the_last_is_refused() {
    for Animation { name, file, frames, .. } in animations() {
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
    for Animation { name, file, frames, .. } in animations() {
        let mut known = 0;
        for end in 12..file.len() {
            let last = frames.len() - 1;
            match run(&file[..end], &format!("page={last},format=pixels")) {
                Ok(_) => known += 1,
                // Between two blocks nothing tells that there are more.
                Err(Failure::Truncated(_) | Failure::BadOption(_)) => {}
                Err(other) => panic!("{name} up to {end}: {other:?}"),
            }
        }
        let trailer = usize::from(name.starts_with("gif"));
        assert_eq!(known, trailer, "{name} without its trailer alone");
    }
}

/// Times of the frames of an animated WebP, as its chunks tell.
fn times(webp: &[u8]) -> Vec<u32> {
    let (mut at, mut times) = (12, Vec::new());
    while let Some(head) = webp.get(at..at + 8) {
        let length = u32::from_le_bytes(head[4..].try_into().unwrap()) as usize;
        if head.starts_with(b"ANMF") {
            let time = &webp[at + 20..at + 24];
            times.push(u32::from_le_bytes([time[0], time[1], time[2], 0]));
        }
        at += 8 + length + length % 2;
    }
    times
}

/// The mean difference, as far as it is seen.
fn difference(one: &[[u8; 4]], other: &[[u8; 4]]) -> f64 {
    let of = |a: &[u8; 4], b: &[u8; 4]| {
        let alpha = u32::from(a[3].max(b[3]));
        let colours = a.iter().zip(b).map(|(a, b)| u32::from(a.abs_diff(*b)) * alpha);
        f64::from(colours.sum::<u32>()) / 255.0 / 4.0
    };
    one.iter().zip(other).map(|(a, b)| of(a, b)).sum::<f64>() / one.len() as f64
}

#[test]
fn an_animation_stays_what_it_is_as_webp() {
    for Animation { name, file, frames, milliseconds, plays } in animations() {
        let Ok((Picture::Encoded(webp), _)) = run(&file, "format=webp,quality=100") else {
            panic!("{name}")
        };
        assert_eq!(u32::from(u16::from_le_bytes([webp[42], webp[43]])), plays, "{name}");
        let mut written = times(&webp).into_iter().enumerate();
        let mut left = 0;
        let mut shown = Vec::new();
        for (number, (frame, time)) in frames.iter().zip(&milliseconds).enumerate() {
            // Frames that are the same may have become one; one of no time at all is by itself.
            if left == 0 {
                let (page_number, time) = written.next().unwrap();
                (left, shown) = (time, page(&webp, page_number));
            }
            left = left.checked_sub(*time).unwrap();
            let difference = difference(&shown, &seen(frame));
            assert!(difference < 12.0, "frame {number} of {name}: {difference}");
        }
        assert!(left == 0 && written.next().is_none(), "{name}");
    }
}
