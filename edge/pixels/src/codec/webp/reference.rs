//! Tests against libwebp's own programs, where there are such.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use selvedge_plan::Plan;
use selvedge_plan::client::Client;
use selvedge_plan::geometry::Size;
use selvedge_plan::options::Options;

use super::encode;
use super::header::{self, Coded};
use super::vp8::decode::{self, Sink};
use crate::budget::{Budget, Job};
use crate::failure::Failure;
use crate::pipeline::{Picture, Source, transform};
use crate::raster::{Channels, Raster};

/// The planes of a frame, one behind the other, without what fills them up.
struct Planes {
    wide: usize,
    left: usize,
    planes: [Vec<u8>; 3],
}

impl Sink for Planes {
    fn rows(&mut self, luma: [&[u8]; 2], chroma: [&[u8]; 2]) {
        for row in luma.into_iter().take(self.left) {
            self.planes[0].extend_from_slice(&row[..self.wide]);
        }
        for (plane, row) in self.planes[1..].iter_mut().zip(chroma) {
            plane.extend_from_slice(&row[..self.wide.div_ceil(2)]);
        }
        self.left = self.left.saturating_sub(2);
    }
}

/// A folder of this test's own.
fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("selvedge-webp-{name}-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Whether a program runs; if not, the test says that it is skipped.
fn has(program: &str) -> bool {
    let found = Command::new(program).arg("-version").output().is_ok();
    if !found {
        eprintln!("skipped: `{program}` is missing (Debian package webp)");
    }
    found
}

fn run(program: &str, arguments: &[&str]) -> bool {
    Command::new(program).args(arguments).output().unwrap().status.success()
}

/// The files of the corpus beside the workspace; none if there is no corpus.
fn corpus(part: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus").join(part);
    let Ok(entries) = fs::read_dir(folder) else {
        eprintln!("skipped: no corpus here");
        return Vec::new();
    };
    entries.map(|entry| entry.unwrap().path()).collect()
}

/// Compares the planes of a lossy file with what dwebp makes of it.
fn same_planes(file: &Path, out: &Path) {
    let bytes = fs::read(file).unwrap();
    let Ok(picture) = header::Picture::find(&bytes) else { return };
    let Coded::Lossy { colour: Some(chunk), .. } = picture.coded else { return };
    // An animation is no picture for dwebp.
    let arguments = ["-quiet", "-nodither", "-yuv", file.to_str().unwrap(), "-o"];
    if !run("dwebp", &[&arguments[..], &[out.to_str().unwrap()]].concat()) {
        return;
    }
    let (wide, high) = (picture.size.width as usize, picture.size.height as usize);
    if cfg!(debug_assertions) && picture.size.pixels() > 2_000_000 {
        eprintln!("skipped without optimisation: {}", file.display());
        return;
    }
    let mut planes = Planes { wide, left: high, planes: Default::default() };
    decode::decode(chunk.payload, (wide, high), true, &mut planes).unwrap();
    let expected = fs::read(out).unwrap();
    // Behind the planes there may be alpha.
    let found = planes.planes.concat();
    let differs = found.iter().zip(&expected).position(|(a, b)| a != b);
    assert_eq!(differs, None, "{}: {}x{}", file.display(), wide, high);
    assert!(expected.len() >= found.len());
}

/// Compares the pixels of a file that is decoded to pixels with what dwebp makes of it.
fn same_pixels(file: &Path, out: &Path) {
    let bytes = fs::read(file).unwrap();
    let decoded = decoded(bytes).unwrap();
    let arguments = ["-quiet", "-nodither", "-pam", file.to_str().unwrap(), "-o"];
    assert!(run("dwebp", &[&arguments[..], &[out.to_str().unwrap()]].concat()));
    let mut expected = fs::read(out).unwrap();
    let end = b"ENDHDR\n";
    let head = expected.windows(end.len()).position(|window| window == end).unwrap();
    expected.drain(..head + end.len());
    let opaque = decoded.channels == Channels::Rgb;
    let found: Vec<u8> = match opaque {
        true => decoded
            .samples
            .as_chunks::<3>()
            .0
            .iter()
            .flat_map(|[r, g, b]| [*r, *g, *b, 255])
            .collect(),
        false => decoded.samples,
    };
    let differs = found.iter().zip(&expected).position(|(a, b)| a != b);
    assert_eq!((differs, found.len()), (None, expected.len()), "{}", file.display());
}

/// The pixels of a file at its own size.
fn decoded(file: Vec<u8>) -> Result<Raster, Failure> {
    let plan = Plan::new(&Options::parse("format=pixels").unwrap(), &Client::default()).unwrap();
    let mut trace = |_: &'static str| {};
    let mut job = Job::new(Budget { memory: 240 << 20, work: u64::MAX }, 0, &mut trace);
    match transform(Source::Encoded(file), Vec::new(), &plan, &mut job)?.picture {
        Picture::Pixels(raster) => Ok(raster),
        Picture::Encoded(_) => unreachable!("pixels were asked for"),
    }
}

struct Random(u32);

impl Random {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) as usize % below
    }
}

/// A picture with smooth parts, edges, noise, and both clear and half transparent pixels.
fn picture(width: u32, height: u32, channels: Channels, random: &mut Random) -> Raster {
    let style = random.next(4);
    let (a, b) = (random.next(9) + 1, random.next(9) + 1);
    let mut samples = Vec::new();
    for y in 0..height as usize {
        for x in 0..width as usize {
            let colour = match style {
                0 => [x * a, y * b, x * y],
                1 => [(x / 4 + y / 4) % 2 * 200, x / 8 * 40, 90],
                2 => [random.next(256), random.next(256), random.next(256)],
                _ => [128 + random.next(9), x * 2 + random.next(3), y + random.next(2)],
            };
            let alpha = match (x / 5 + y / 7) % 4 {
                0 => 0,
                1 => x * 9,
                _ => 255,
            };
            samples.extend(colour.map(|sample| sample as u8));
            if channels.has_alpha() {
                samples.push(alpha as u8);
            }
        }
    }
    Raster::new(Size { width, height }, channels, samples).unwrap()
}

/// Writes a picture as cwebp reads it.
fn write_pam(raster: &Raster, path: &Path) {
    let (Size { width, height }, depth) = (raster.size, raster.channels.count());
    let kind = if depth == 4 { "RGB_ALPHA" } else { "RGB" };
    let head = format!(
        "P7\nWIDTH {width}\nHEIGHT {height}\nDEPTH {depth}\nMAXVAL 255\nTUPLTYPE {kind}\nENDHDR\n"
    );
    fs::write(path, [head.as_bytes(), &raster.samples].concat()).unwrap();
}

/// Encodes pictures of several sizes by cwebp with each of some settings, and checks each file.
fn each_setting(name: &str, settings: &[&str], channels: Channels, check: fn(&Path, &Path)) {
    if !has("cwebp") || !has("dwebp") {
        return;
    }
    let folder = folder(name);
    let [source, file, out] = ["source.pam", "file.webp", "out"].map(|name| folder.join(name));
    let mut random = Random(11);
    for (i, setting) in settings.iter().enumerate() {
        let sizes = [(1, 1), (2, 1), (17, 5), (33, 47), (64, 16), (150, 101)];
        for (width, height) in [sizes[i % sizes.len()], sizes[(i + 3) % sizes.len()], (70, 90)] {
            write_pam(&picture(width, height, channels, &mut random), &source);
            let mut arguments = vec!["-quiet", "-exact"];
            arguments.extend(setting.split(' '));
            arguments.extend([source.to_str().unwrap(), "-o", file.to_str().unwrap()]);
            assert!(run("cwebp", &arguments), "{setting}");
            check(&file, &out);
        }
    }
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn lossy_files_of_any_setting_are_decoded_as_dwebp_does() {
    let settings = [
        "-q 1 -m 0",
        "-q 20 -m 2",
        "-q 50 -m 4",
        "-q 75 -m 6",
        "-q 95",
        "-q 100",
        "-q 30 -f 0",
        "-q 30 -f 100 -strong",
        "-q 30 -f 60 -nostrong",
        "-q 20 -f 80 -sharpness 3",
        "-q 20 -f 80 -sharpness 7",
        "-q 40 -segments 1",
        "-q 40 -segments 4 -sns 100",
        "-q 60 -partition_limit 100",
        "-q 60 -pass 5",
        "-preset text",
        "-preset drawing -q 5",
        "-q 10 -sns 0 -f 20 -nostrong -sharpness 5",
    ];
    each_setting("lossy", &settings, Channels::Rgb, same_planes);
}

#[test]
fn alpha_of_any_setting_is_decoded_as_dwebp_does() {
    let settings = [
        "-q 50 -alpha_filter none -alpha_method 0",
        "-q 50 -alpha_filter fast",
        "-q 50 -alpha_filter best",
        "-q 80 -alpha_filter none",
        "-q 80 -alpha_q 30",
        "-q 30 -alpha_q 70 -alpha_filter best",
    ];
    each_setting("alpha", &settings, Channels::Rgba, same_pixels);
}

#[test]
fn lossless_files_of_any_setting_are_decoded_as_dwebp_does() {
    let settings = [
        "-z 0",
        "-z 1",
        "-z 3",
        "-z 5",
        "-z 6",
        "-z 8",
        "-z 9",
        "-lossless -m 0 -q 0",
        "-lossless -m 6 -q 100",
        "-near_lossless 40",
        "-lossless -hint graph",
    ];
    each_setting("lossless", &settings, Channels::Rgb, same_pixels);
    each_setting("lossless-alpha", &settings, Channels::Rgba, same_pixels);
}

#[test]
fn lossless_pictures_of_any_size_survive() {
    let mut random = Random(5);
    let sizes =
        (1..=64).flat_map(|width| (0..4).map(move |i| (width, (width * 23 + i * 16) % 64 + 1)));
    for (width, height) in sizes.chain([(16_383, 1), (1, 16_383)]) {
        let channels = if random.next(2) == 0 { Channels::Rgb } else { Channels::Rgba };
        let source = picture(width, height, channels, &mut random);
        let file = encode::encode_lossless(&source).unwrap();
        let decoded = decoded(file).unwrap();
        assert!(decoded == source, "{width} x {height}");
    }
}

#[test]
fn damaged_files_are_refused_or_survived() {
    let mut random = Random(17);
    let mut files = Vec::new();
    for (width, height) in [(40, 30), (9, 50), (70, 20)] {
        let lossless = picture(width, height, Channels::Rgba, &mut random);
        files.push(encode::encode_lossless(&lossless).unwrap());
        let plan = Options::parse("format=webp,quality=60").unwrap();
        let plan = Plan::new(&plan, &Client::default()).unwrap();
        let mut trace = |_: &'static str| {};
        let mut job = Job::new(Budget::UNLIMITED, 0, &mut trace);
        for channels in [Channels::Rgb, Channels::Rgba] {
            let source = Source::Pixels(picture(width, height, channels, &mut random));
            match transform(source, Vec::new(), &plan, &mut job).unwrap().picture {
                Picture::Encoded(file) => files.push(file),
                Picture::Pixels(_) => unreachable!("a file was asked for"),
            }
        }
    }
    for file in &files {
        assert!(decoded(file.clone()).is_ok());
        for cut in [3, 13, 21, file.len() / 2, file.len() - 3] {
            let Err(failure) = decoded(file[..cut].to_vec()) else { panic!("cut at {cut}") };
            assert!(
                matches!(failure, Failure::Truncated(_) | Failure::Unsupported(_)),
                "{failure:?}"
            );
        }
        for _ in 0..150 {
            let mut damaged = file.clone();
            for _ in 0..random.next(4) + 1 {
                let place = random.next(damaged.len());
                damaged[place] = random.next(256) as u8;
            }
            // Whatever comes out: it comes out.
            decoded(damaged).ok();
        }
    }
}

#[test]
fn the_corpus_is_decoded_as_dwebp_does() {
    if has("dwebp") {
        let folder = folder("corpus");
        for file in corpus("webp") {
            same_planes(&file, &folder.join("out"));
        }
        fs::remove_dir_all(folder).unwrap();
    }
}
