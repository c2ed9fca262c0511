//! Colours of HEIC and AVIF, against littlecms (`tests/golden/colours.py` tells how).

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use selvedge_heif::{Codec, Reply, Request, Shape};

use crate::heif::{program, transform};
use crate::picture::png_of;
use crate::setup::Folder;

/// Side of the square that each colour has, so that its neighbours do not touch its middle.
const SQUARE: u32 = 16;

/// Squares across and down.
const ACROSS: u32 = 18;
const DOWN: u32 = 12;

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/golden/colours").join(name)
}

/// A table of colours: 18x12x3:HEX.
pub fn table(text: &str) -> Vec<[u8; 3]> {
    let digits = text.strip_prefix("18x12x3:").unwrap().as_bytes().as_chunks::<2>().0;
    let byte = |pair: &[u8; 2]| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap();
    let bytes: Vec<u8> = digits.iter().map(byte).collect();
    bytes.as_chunks::<3>().0.to_vec()
}

/// Colours in Display P3, and what they are in sRGB.
fn colours() -> (Vec<[u8; 3]>, Vec<[u8; 3]>) {
    let text = fs::read_to_string(golden("expected.tsv")).unwrap();
    let line = text.lines().find(|line| line.starts_with("p3.png\t")).unwrap();
    let mut columns = line.split('\t').skip(1).map(table);
    (columns.next().unwrap(), columns.next().unwrap())
}

/// A profile of Display P3, which a WebP stores as it is (RFC 9649 §2.7.1.4).
fn profile() -> Vec<u8> {
    let file = fs::read(golden("p3.webp")).unwrap();
    let start = file.windows(4).position(|name| name == b"ICCP").unwrap();
    let length = u32::from_le_bytes(file[start + 4..start + 8].try_into().unwrap()) as usize;
    file[start + 8..start + 8 + length].to_vec()
}

/// The colour of a pixel of the squares.
fn at(colours: &[[u8; 3]], x: u32, y: u32) -> [u8; 3] {
    colours[(y / SQUARE * ACROSS + x / SQUARE) as usize]
}

/// How far the middles of a file's squares are from these colours: on average, and at most.
pub fn distance(file: &Path, folder: &Folder, colours: &[[u8; 3]]) -> (f64, u8) {
    let pixels = transform(file, &folder.path().join("pixels"), "format=pixels");
    let pixels = pixels.as_chunks::<3>().0;
    assert_eq!(pixels.len() as u32, ACROSS * DOWN * SQUARE * SQUARE);
    let middle = |index: u32| {
        let (x, y) = (index % ACROSS * SQUARE + SQUARE / 2, index / ACROSS * SQUARE + SQUARE / 2);
        pixels[(y * ACROSS * SQUARE + x) as usize]
    };
    let apart = (0..ACROSS * DOWN).zip(colours).flat_map(|(index, colour)| {
        let middle = middle(index);
        (0..3).map(move |i| middle[i].abs_diff(colour[i]))
    });
    let apart: Vec<u8> = apart.collect();
    let sum: f64 = apart.iter().copied().map(f64::from).sum();
    (sum / apart.len() as f64, apart.into_iter().max().unwrap())
}

/// Whether these are the colours but for what coding loses: primaries that are taken for others are
/// five times as far away.
fn assert_near(file: &Path, folder: &Folder) {
    let (stored, shown) = colours();
    let (mean, most) = distance(file, folder, &shown);
    assert!(mean < 1.5 && most < 16, "{mean} on average, {most} most");
    let (unchanged, _) = distance(file, folder, &stored);
    assert!(unchanged > 3.0 * mean, "{unchanged} without conversion");
}

#[test]
fn the_profile_of_a_heic_is_followed() {
    let folder = Folder::new();
    let Some(program) = program() else { return };
    let (stored, _) = colours();
    let (width, height, profile) = (ACROSS * SQUARE, DOWN * SQUARE, profile());
    let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    let samples: Vec<u8> = pixels.flat_map(|(x, y)| at(&stored, x, y)).collect();
    let shape = Shape { width, height, channels: 3, profile: profile.len() as u32 };
    let request = Request::Encode { codec: Codec::Hevc, quality: 100, shape };

    let mut command = Command::new(program);
    command.args([(2_u64 << 30).to_string(), "60".to_owned()]);
    // It may write no file, which its standard error can be.
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut process = command.spawn().unwrap();
    let (input, output) = (process.stdin.take().unwrap(), process.stdout.take().unwrap());
    selvedge_heif::write(input, &request, &[&samples, &profile]).unwrap();
    let (reply, file) = selvedge_heif::read::<Reply>(output, 1 << 20).unwrap().unwrap();
    process.wait().unwrap();
    assert_eq!(reply, Reply::File);
    assert_near(&folder.write("p3.heic", file), &folder);
}

#[test]
fn the_code_points_of_an_avif_are_followed() {
    let folder = Folder::new();
    if program().is_none() {
        return;
    }
    let (stored, _) = colours();
    let squares = png_of(ACROSS * SQUARE, DOWN * SQUARE, |x, y| at(&stored, x, y));
    let squares = folder.write("squares.png", squares);
    let path = folder.path().join("made.avif");
    let mut avif = transform(&squares, &path, "quality=100");
    // BT.709's primaries become those of Display P3 (ITU-T H.273 §8.1).
    let start = avif.windows(8).position(|bytes| bytes == b"nclx\0\x01\0\x0d").unwrap();
    avif[start + 5] = 12;
    assert_near(&folder.write("p3.avif", avif), &folder);
}
