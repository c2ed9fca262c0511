//! Tests against libwebp's own programs, where there are such.

mod damage;
mod decode;
mod encode;
mod judge;
mod metadata;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use selvedge_plan::Plan;
use selvedge_plan::client::Client;
use selvedge_plan::geometry::Size;
use selvedge_plan::options::Options;

use crate::budget::{Budget, Job};
use crate::failure::Failure;
use crate::pipeline::{Picture, Source, transform};
use crate::raster::{Channels, Raster};
use crate::tag::Tag;

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

/// The file that a plan makes of pixels.
fn encoded(raster: Raster, options: &str) -> Vec<u8> {
    let plan = Plan::new(&Options::parse(options).unwrap(), &Client::default()).unwrap();
    let mut trace = |_: &'static str| {};
    let mut job = Job::new(Budget::UNLIMITED, 0, &mut trace);
    match transform(Source::Pixels(raster, Tag::Srgb), Vec::new(), &plan, &mut job).unwrap().picture
    {
        Picture::Encoded(file) => file,
        Picture::Pixels(_) => unreachable!("a file was asked for"),
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
