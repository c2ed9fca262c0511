//! Comparisons with what dwebp makes of a file.

use std::fs;
use std::path::Path;

use super::super::header::{Coded, Picture};
use super::super::vp8::decode::{self, Sink};
use super::{decoded, run};
use crate::raster::Channels;

/// Compares a file with what dwebp makes of it: planes where we decode to planes, else pixels.
pub fn same(file: &Path, out: &Path) {
    let bytes = fs::read(file).unwrap();
    match Picture::find(&bytes).unwrap().coded {
        Coded::Lossy { alpha: None, .. } => assert!(same_planes(file, out), "{}", file.display()),
        _ => same_pixels(file, out),
    }
}

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

/// Compares the planes of a lossy file with what dwebp makes of it; whether it makes anything of it.
pub fn same_planes(file: &Path, out: &Path) -> bool {
    let bytes = fs::read(file).unwrap();
    let Ok(picture) = Picture::find(&bytes) else { return false };
    let Coded::Lossy { colour: Some(chunk), .. } = picture.coded else { return false };
    // An animation is no picture for dwebp.
    let arguments = ["-quiet", "-nodither", "-yuv", file.to_str().unwrap(), "-o"];
    if !run("dwebp", &[&arguments[..], &[out.to_str().unwrap()]].concat()) {
        return false;
    }
    let (wide, high) = (picture.size.width as usize, picture.size.height as usize);
    if cfg!(debug_assertions) && picture.size.pixels() > 2_000_000 {
        eprintln!("skipped without optimisation: {}", file.display());
        return true;
    }
    let mut planes = Planes { wide, left: high, planes: Default::default() };
    decode::decode(chunk.payload, (wide, high), true, &mut planes).unwrap();
    let expected = fs::read(out).unwrap();
    // Behind the planes there may be alpha.
    let found = planes.planes.concat();
    let differs = found.iter().zip(&expected).position(|(a, b)| a != b);
    assert_eq!(differs, None, "{}: {}x{}", file.display(), wide, high);
    assert!(expected.len() >= found.len());
    true
}

/// Compares the pixels of a file that is decoded to pixels with what dwebp makes of it.
pub fn same_pixels(file: &Path, out: &Path) {
    let bytes = fs::read(file).unwrap();
    let decoded = decoded(bytes).unwrap();
    let arguments = ["-quiet", "-nodither", "-pam", file.to_str().unwrap(), "-o"];
    assert!(run("dwebp", &[&arguments[..], &[out.to_str().unwrap()]].concat()));
    let mut expected = fs::read(out).unwrap();
    let end = b"ENDHDR\n";
    let head = expected.windows(end.len()).position(|window| window == end).unwrap();
    expected.drain(..head + end.len());
    let found: Vec<u8> = match decoded.samples.as_chunks::<3>().0 {
        pixels if decoded.channels == Channels::Rgb => {
            pixels.iter().flat_map(|[r, g, b]| [*r, *g, *b, 255]).collect()
        }
        _ => decoded.samples,
    };
    let differs = found.iter().zip(&expected).position(|(a, b)| a != b);
    assert_eq!((differs, found.len()), (None, expected.len()), "{}", file.display());
}
