//! Tests against libwebp's own programs, where there are such.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::header::{Coded, Picture};
use super::vp8::decode::{self, Sink};

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
    let Ok(picture) = Picture::find(&bytes) else { return };
    let Coded::Lossy { colour: Some(chunk), .. } = picture.coded else { return };
    // An animation is no picture for dwebp.
    let arguments = ["-quiet", "-nodither", "-yuv", file.to_str().unwrap(), "-o"];
    if !run("dwebp", &[&arguments[..], &[out.to_str().unwrap()]].concat()) {
        return;
    }
    let (wide, high) = (picture.size.width as usize, picture.size.height as usize);
    let mut planes = Planes { wide, left: high, planes: Default::default() };
    decode::decode(chunk.payload, (wide, high), true, &mut planes).unwrap();
    let expected = fs::read(out).unwrap();
    // Behind the planes there may be alpha.
    let found = planes.planes.concat();
    let differs = found.iter().zip(&expected).position(|(a, b)| a != b);
    assert_eq!(differs, None, "{}: {}x{}", file.display(), wide, high);
    assert!(expected.len() >= found.len());
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
