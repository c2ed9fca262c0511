//! Files that are not what they say: what an attacker or a bad disk makes of good ones.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::samples;

/// Where files are cut, in thousandths of their length.
const CUTS: [usize; 7] = [0, 2, 20, 200, 500, 900, 999];

/// How often a bit is flipped in one file.
const FLIPS: usize = 6;

/// Writes broken versions of the small samples into `dir`, and tells their files.
///
/// # Errors
/// If a file cannot be read or written.
pub fn write(dir: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for good in samples::small_set(&dir.join("good"))? {
        let bytes = fs::read(&good)?;
        let name = good.file_name().unwrap_or_default().to_string_lossy();
        // One card stands for all eight.
        if name.starts_with("card") && name != "card-6.jpg" {
            continue;
        }
        for thousandths in CUTS {
            let cut = bytes.get(..bytes.len() * thousandths / 1_000);
            files.push((format!("cut-{thousandths}-{name}"), cut.unwrap_or(&bytes).to_vec()));
        }
        for flip in 0..FLIPS {
            files.push((format!("flip-{flip}-{name}"), flipped(&bytes, flip)));
        }
    }
    files.extend(lies());
    files.into_iter().map(|(name, bytes)| samples::put(&dir.join(name), &bytes)).collect()
}

/// Flips one bit in each of eight places, spread over the file behind its signature.
fn flipped(bytes: &[u8], flip: usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let length = bytes.len().max(1);
    for i in 0..8 {
        // Any odd steps would do; these are far from multiples of block and row lengths.
        let at = (12 + flip * 7_919 + i * 104_729) % length;
        if let Some(byte) = bytes.get_mut(at) {
            *byte ^= 1 << ((flip + i) % 8);
        }
    }
    bytes
}

/// Files that lie about what or how large they are.
fn lies() -> Vec<(String, Vec<u8>)> {
    let html = b"<!doctype html><script>alert(1)</script>".to_vec();
    let noise: Vec<u8> =
        (0..4_096_u32).map(|i| (i.wrapping_mul(0x9e37_79b1) >> 24) as u8).collect();
    let mut lies = vec![
        ("empty.jpg".to_owned(), Vec::new()),
        ("html-as.jpg".to_owned(), html),
        ("noise.png".to_owned(), noise),
    ];
    for (name, width, height) in [
        ("no-width.png", 0, 9),
        ("no-height.png", 9, 0),
        ("vast.png", 2_147_483_647, 2_147_483_647),
        ("bomb.png", 16_000, 6_000),
    ] {
        lies.push((name.to_owned(), png_header(width, height)));
    }
    for (name, width, height) in [("no-height.jpg", 9, 0), ("vast.jpg", 65_535, 65_535)] {
        lies.push((name.to_owned(), jpeg_header(width, height)));
    }
    lies
}

/// A PNG that ends where its picture would begin.
fn png_header(width: u32, height: u32) -> Vec<u8> {
    let mut ihdr = b"IHDR".to_vec();
    ihdr.extend([width.to_be_bytes(), height.to_be_bytes()].concat());
    ihdr.extend([8, 6, 0, 0, 0]);
    let mut file = b"\x89PNG\r\n\x1a\n\0\0\0\x0d".to_vec();
    file.extend(&ihdr);
    file.extend(crc32fast::hash(&ihdr).to_be_bytes());
    file.extend(b"\0\0\0\0IDAT\x35\xaf\x06\x1e");
    file
}

/// A JPEG that ends where its picture would begin (ITU-T T.81 §B.2.2).
fn jpeg_header(width: u16, height: u16) -> Vec<u8> {
    let mut file = b"\xff\xd8\xff\xc0\0\x11\x08".to_vec();
    file.extend([height.to_be_bytes(), width.to_be_bytes()].concat());
    file.extend(b"\x03\x01\x11\0\x02\x11\0\x03\x11\0\xff\xda");
    file
}
